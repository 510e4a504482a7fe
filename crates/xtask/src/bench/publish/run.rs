use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::super::Options;
use super::time;

/// Between two looks at the memory of a build.
const PAUSE: Duration = Duration::from_millis(1);

/// Builds of one registry.
pub(super) struct Builds {
    program: PathBuf,
    source: PathBuf,
    /// Where the sites lie, each with its cache.
    places: PathBuf,
    /// How many clean builds there were.
    count: Cell<usize>,
}

impl Builds {
    pub(super) fn new(options: &Options, source: &Path) -> Self {
        Self {
            program: options.program.clone(),
            source: source.to_owned(),
            places: source.with_file_name("published"),
            count: Cell::new(0),
        }
    }

    /// Where the last one lies.
    pub(super) fn site(&self) -> PathBuf {
        self.places
            .join(self.count.get().to_string())
            .join("public")
    }

    /// Builds where nothing is of earlier builds.
    pub(super) fn clean(&self) -> Duration {
        self.clear();
        self.again()
    }

    /// Builds over what is there.
    pub(super) fn again(&self) -> Duration {
        time(|| {
            let status = self.command().status();
            assert!(
                status.is_ok_and(|status| status.success()),
                "a build failed"
            );
        })
    }

    /// Goes on in a folder of its own. Earlier ones stay: file systems are slow to make files where as many were
    /// removed a moment ago.
    fn clear(&self) {
        self.count.set(self.count.get() + 1);
        fs::create_dir_all(self.places.join(self.count.get().to_string()))
            .expect("the folder is ours");
        write_out();
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(["publish", "build", "--modified", "1764000000000"])
            .arg(&self.source)
            .arg("--out")
            .arg(self.site())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}

/// Waits until all that was written is on the disk, so that nobody pays for what another one left behind.
pub(super) fn write_out() {
    rustix::fs::sync();
}

/// The most memory of a clean build; in a run of its own, because looking takes time.
pub(super) async fn peak_memory(builds: &Builds) -> u64 {
    builds.clear();
    let mut child = builds.command().spawn().expect("a build starts");
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while matches!(child.try_wait(), Ok(None)) {
        let status = fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or_default() * 1_024);
        tokio::time::sleep(PAUSE).await;
    }
    peak
}
