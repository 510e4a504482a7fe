use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use uuid::Uuid;

use crate::wait::wait_until;

/// Marks every process that a program under test starts, directly or not.
const MARK: &str = "QUAYSIDE_TEST_FOOTPRINT";

/// Tells what a program leaves behind: processes, and files in the folder for temporary ones.
pub struct Footprint {
    mark: String,
    temporary: TempDir,
}

impl Footprint {
    /// A fresh mark and a fresh folder for temporary files.
    #[expect(clippy::new_without_default, reason = "it makes a folder")]
    pub fn new() -> Self {
        Self {
            mark: Uuid::now_v7().simple().to_string(),
            temporary: tempfile::tempdir().expect("a folder for temporary files"),
        }
    }

    /// Makes a command leave its traces where they are looked for.
    pub fn follow(&self, command: &mut Command) {
        command
            .env(MARK, &self.mark)
            .env("TMPDIR", self.temporary());
    }

    /// The folder for the program's temporary files.
    pub fn temporary(&self) -> &Path {
        self.temporary.path()
    }

    /// Marked processes that are still there, by command line.
    pub fn processes(&self) -> Vec<String> {
        processes_with(&format!("{MARK}={}", self.mark))
    }

    /// What is in the folder for temporary files, with paths below it.
    pub fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        list(self.temporary(), &mut files);
        files.sort();
        files
    }

    /// Fails if anything is left; processes that were just ended get the time to disappear.
    pub async fn assert_clean(&self) {
        let left = || format!("the end of {:?}", self.processes());
        wait_until(&left(), async || self.processes().is_empty()).await;
        assert_eq!(self.files(), Vec::<String>::new(), "files are left behind");
    }
}

/// The command lines of all processes that have this entry in their environment.
pub(crate) fn processes_with(entry: &str) -> Vec<String> {
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    processes
        .filter_map(Result::ok)
        .filter(|process| {
            let environment = fs::read(process.path().join("environ")).unwrap_or_default();
            environment
                .split(|byte| *byte == 0)
                .any(|each| each == entry.as_bytes())
        })
        .map(|process| {
            let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line)
                .replace('\0', " ")
                .trim_end()
                .to_owned()
        })
        // One that has ended and waits for its parent has no command line.
        .filter(|line| !line.is_empty())
        .collect()
}

fn list(folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
    {
        files.push(entry.path().display().to_string());
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            list(&entry.path(), files);
        }
    }
}
