//! Registries to work on, and the program run over them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::PROGRAM;

/// A folder to work in: sources and sites.
pub(crate) struct Desk(pub(crate) TempDir);

impl Desk {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// With a registry of two workspaces at its root.
    pub(crate) fn with_registry() -> Self {
        let desk = Self::new();
        desk.write(
            "registry.toml",
            "name = \"Harbour\"\nlist_url = \"https://registry.example/\"\ncontact_url = \"\"\n",
        );
        desk.workspace("workspaces/anchor", "Anchor");
        desk.workspace("workspaces/buoy", "Buoy");
        desk
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let file = self.path(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub(crate) fn workspace(&self, folder: &str, name: &str) {
        let compatibility = format!(
            r#"[{{"version": "1.17.x", "image": "harbour/{}:1", "uncompressed_size_mb": 100}}]"#,
            name.to_lowercase()
        );
        let text = format!(
            r#"{{"friendly_name": "{name}", "description": "A thing.", "image_src": "icon.svg", "architecture": ["amd64"], "compatibility": {compatibility}, "categories": ["Harbour"]}}"#
        );
        self.write(&format!("{folder}/workspace.json"), &text);
        let icon = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>NAME</title><rect width="1" height="1"/></svg>"#;
        self.write(
            &format!("{folder}/icon.svg"),
            &icon.replace("NAME", "the same for all"),
        );
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// Runs the program here.
    pub(crate) fn run(&self, arguments: &[&str]) -> Told {
        self.run_with(&[], arguments)
    }

    pub(crate) fn run_with(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Told {
        let mut command = Command::new(PROGRAM);
        command
            .args(["publish"])
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("SOURCE_DATE_EPOCH")
            .env("NO_COLOR", "1")
            .envs(environment.iter().copied());
        Told::of(&command.output().unwrap())
    }

    pub(crate) fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(self.0.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_AUTHOR_NAME", "Ann")
            .env("GIT_AUTHOR_EMAIL", "ann@harbour.example")
            .env("GIT_AUTHOR_DATE", "2024-03-01T12:00:00Z")
            .env("GIT_COMMITTER_NAME", "Ann")
            .env("GIT_COMMITTER_EMAIL", "ann@harbour.example")
            .env("GIT_COMMITTER_DATE", "2024-03-01T12:00:00Z")
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    }

    /// All files below a folder with their contents.
    pub(crate) fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let root = self.path(folder);
        let mut found = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(&next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&root).unwrap().display().to_string();
                    found.push((name, fs::read(&path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }
}

/// What the program said.
pub(crate) struct Told {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Told {
    pub(crate) fn of(output: &std::process::Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    pub(crate) fn assert(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        self
    }

    /// Everything, for a snapshot; how many files a storefront has is not the matter here.
    pub(crate) fn all(&self) -> String {
        let counted = |line: &str| match line.rsplit_once(": ") {
            Some((site, told)) if told.ends_with(" files changed") => {
                format!("{site}: some files changed\n")
            }
            _ => format!("{line}\n"),
        };
        let out: String = self.out.lines().map(counted).collect();
        format!(
            "exit code: {}\n----- stdout -----\n{}----- stderr -----\n{}",
            self.code.map_or("none".to_owned(), |code| code.to_string()),
            out,
            self.err
        )
    }
}

/// A repository with two versions, a main branch and some that are nobody's business.
pub(crate) fn repository() -> Desk {
    let desk = Desk::with_registry();
    desk.git(&["init", "--quiet", "--initial-branch=main"]);
    desk.git(&["add", "--all"]);
    desk.git(&["commit", "--quiet", "--message", "Begin"]);
    desk.git(&["checkout", "--quiet", "-b", "1.0"]);
    fs::remove_dir_all(desk.path("workspaces/buoy")).unwrap();
    desk.write(
        "workspaces/anchor/workspace.json",
        r#"{"friendly_name": "Anchor", "name": "harbour/anchor:1", "description": "A thing.", "image_src": "icon.svg", "architecture": ["amd64"], "compatibility": ["1.14.x"], "uncompressed_size_mb": 100}"#,
    );
    desk.git(&["add", "--all"]);
    desk.git(&["commit", "--quiet", "--message", "Publish 1.0"]);
    for branch in ["develop", "gh-pages", "feature/a"] {
        desk.git(&["branch", branch]);
    }
    desk.git(&["checkout", "--quiet", "main"]);
    desk
}

pub(crate) fn published(
    desk: &Desk,
    folder: &str,
) -> std::collections::BTreeMap<String, bytes::Bytes> {
    desk.files(folder)
        .into_iter()
        .map(|(path, content)| (path, content.into()))
        .collect()
}
