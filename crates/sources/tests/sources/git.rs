//! Branches as trees, and a repository whose configuration would like to run something.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use publish::{EntryKind, SourceTree, Unusable};
use sources::git::{Branch, GitError, Repository, Upstream};
use tempfile::TempDir;

/// A repository with a work tree.
struct Work(TempDir);

impl Work {
    fn new() -> Self {
        let work = Self(TempDir::new().unwrap());
        work.git(&["init", "--quiet", "--initial-branch=1.1"]);
        work
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(self.path())
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
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn commit(&self) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "Change"]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn open(&self) -> Repository {
        Repository::open(self.path()).unwrap()
    }
}

const COMMITTED_MS: i64 = 1_709_294_400_000;

fn names(branches: &[Branch]) -> Vec<(&str, Option<&str>)> {
    branches
        .iter()
        .map(|branch| (branch.name.as_str(), branch.remote.as_deref()))
        .collect()
}

#[test]
fn each_branch_is_found_once() {
    let work = Work::new();
    let first = work.commit();
    work.git(&["branch", "feature/a"]);
    for reference in [
        "refs/remotes/origin/1.0",
        "refs/remotes/origin/1.1",
        "refs/remotes/backup/1.0",
    ] {
        work.git(&["update-ref", reference, &first]);
    }
    work.git(&[
        "symbolic-ref",
        "refs/remotes/origin/HEAD",
        "refs/remotes/origin/1.0",
    ]);
    work.git(&["tag", "1.2"]);
    let repository = work.open();
    let branches = repository.branches().unwrap();
    assert_eq!(
        names(&branches),
        [("1.0", Some("origin")), ("1.1", None), ("feature/a", None)]
    );
    assert!(branches.iter().all(|branch| branch.commit == first));
    assert_eq!(
        repository.default_branch().unwrap().as_deref(),
        Some("1.0"),
        "the remote says so"
    );
}

#[test]
fn the_default_branch_is_guessed_where_nobody_says_it() {
    let work = Work::new();
    work.commit();
    assert_eq!(
        work.open().default_branch().unwrap().as_deref(),
        Some("1.1")
    );
    work.git(&["branch", "main"]);
    assert_eq!(
        work.open().default_branch().unwrap().as_deref(),
        Some("main")
    );
    work.git(&["config", "core.bare", "true"]);
    let bare = Repository::open(&work.path().join(".git")).unwrap();
    assert_eq!(bare.default_branch().unwrap().as_deref(), Some("1.1"));
}

#[test]
fn a_commit_is_a_tree() {
    let work = Work::new();
    work.write("workspaces/a b/workspace.json", "{}");
    let large = "x".repeat(9 * 1024 * 1024);
    work.write("large", &large);
    work.write(".hidden/x", "1");
    let commit = work.commit();
    work.write("workspaces/a b/workspace.json", "changed since");
    let tree = work.open().tree(&commit, "").unwrap();
    let entries = tree.entries("workspaces/a b").unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].kind, EntryKind::File { size: 2 });
    assert!(entries[0].stamp.is_some());
    for _ in 0..2 {
        assert_eq!(
            tree.read("workspaces/a b/workspace.json", 2).unwrap(),
            b"{}"
        );
    }
    assert_eq!(tree.read("large", 1 << 30).unwrap(), large.as_bytes());
    assert!(tree.read("large", 10).is_err());
    for path in ["nothing", "workspaces", "workspaces/../large", "/large", ""] {
        assert!(tree.open(path).is_err(), "{path}");
    }
    let below = work.open().tree(&commit, "workspaces").unwrap();
    assert_eq!(below.read("a b/workspace.json", 2).unwrap(), b"{}");
    assert!(work.open().tree(&commit, "nowhere").is_err());
}

#[test]
fn links_are_what_they_lead_to_if_that_is_inside() {
    let work = Work::new();
    work.write("workspaces/a/file", "1");
    let link = |target: &str, name: &str| symlink(target, work.path().join(name)).unwrap();
    link("workspaces/a", "folder");
    link("folder/file", "file");
    link("../secret", "out");
    link("/etc/passwd", "far");
    link("missing", "dangling");
    link("itself", "itself");
    link("..", "workspaces/up");
    fs::create_dir_all(work.path().join("x")).unwrap();
    link("../workspaces", "x/across");
    fs::write(
        work.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9")),
        "x",
    )
    .unwrap();
    work.git(&["add", "--all"]);
    let object = "1234567890123456789012345678901234567890";
    work.git(&[
        "update-index",
        "--add",
        "--cacheinfo",
        &format!("160000,{object},module"),
    ]);
    work.git(&["commit", "--quiet", "--message", "Change"]);
    let commit = work.git(&["rev-parse", "HEAD"]);
    let tree = work.open().tree(&commit, "").unwrap();
    let kind = |folder: &str, name: &str| {
        let entries = tree.entries(folder).unwrap();
        entries
            .into_iter()
            .find(|entry| entry.name == name)
            .map(|entry| entry.kind)
    };
    let unusable = |reason| Some(EntryKind::Unusable(reason));
    assert_eq!(kind("", "folder"), Some(EntryKind::Folder));
    assert_eq!(kind("", "file"), Some(EntryKind::File { size: 1 }));
    assert_eq!(kind("", "out"), unusable(Unusable::LeavesTree));
    assert_eq!(kind("", "far"), unusable(Unusable::LeavesTree));
    assert_eq!(kind("", "dangling"), unusable(Unusable::Dangling));
    assert_eq!(kind("", "itself"), unusable(Unusable::Loop));
    assert_eq!(kind("workspaces", "up"), unusable(Unusable::Loop));
    assert_eq!(kind("x/across", "up"), unusable(Unusable::Loop));
    assert_eq!(kind("", "caf\u{fffd}"), unusable(Unusable::NameNotUtf8));
    assert_eq!(kind("", "module"), unusable(Unusable::Submodule));
    assert_eq!(tree.read("file", 9).unwrap(), b"1");
    assert_eq!(tree.read("x/across/a/file", 9).unwrap(), b"1");
    for path in ["out", "far", "module", "itself", "workspaces/up/file"] {
        let read = tree.read(path, 9);
        assert!(read.is_err() || path == "workspaces/up/file", "{path}");
    }
}

#[test]
fn a_folder_is_as_old_as_the_newest_commit_that_changed_it() {
    let work = Work::new();
    assert_eq!(modified(&work, None), None, "no commit yet");
    work.write("registry.toml", "");
    work.commit();
    assert_eq!(modified(&work, None), Some(COMMITTED_MS));
    work.write("public/index.html", "");
    assert_eq!(modified(&work, None), None, "not committed");
    assert_eq!(modified(&work, Some("public")), Some(COMMITTED_MS));
    work.write("registry.toml", "changed");
    assert_eq!(modified(&work, Some("public")), None);
    let commit = work.git(&["rev-parse", "HEAD"]);
    let repository = work.open();
    assert_eq!(
        repository.modified_ms(&commit, "registry.toml").unwrap(),
        Some(COMMITTED_MS)
    );
    assert_eq!(repository.modified_ms(&commit, "elsewhere").unwrap(), None);
    assert!(Upstream::of(TempDir::new().unwrap().path()).is_none());
}

fn modified(work: &Work, except: Option<&str>) -> Option<i64> {
    let upstream = Upstream::of(work.path()).unwrap();
    upstream.modified_ms(except).unwrap()
}

/// A program that leaves a trace when it is run.
fn trap(folder: &Path) -> (PathBuf, PathBuf) {
    let (program, trace) = (folder.join("trap"), folder.join("trace"));
    let script = format!("#!/bin/sh\ntouch '{}'\ncat\n", trace.display());
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    (program, trace)
}

#[test]
fn a_repository_runs_no_programs() {
    let work = Work::new();
    let outside = TempDir::new().unwrap();
    let (program, trace) = trap(outside.path());
    let program = program.to_str().unwrap();
    work.write("file", "1");
    work.write(".gitattributes", "* filter=trap diff=trap\n");
    let commit = work.commit();
    for hook in ["post-index-change", "reference-transaction", "pre-auto-gc"] {
        let hook = work.path().join(".git/hooks").join(hook);
        fs::copy(program, hook).unwrap();
    }
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.gitProxy",
        "core.askPass",
        "core.alternateRefsCommand",
        "credential.helper",
        "filter.trap.clean",
        "filter.trap.smudge",
        "filter.trap.process",
        "diff.trap.command",
        "diff.trap.textconv",
        "diff.external",
        "gpg.program",
        "remote.origin.uploadpack",
    ] {
        work.git(&["config", key, program]);
    }
    for (key, value) in [
        ("core.untrackedCache", "true"),
        ("core.hooksPath", ".git/hooks"),
        ("filter.trap.required", "true"),
        ("log.showSignature", "true"),
        ("protocol.ext.allow", "always"),
        ("protocol.file.allow", "always"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.partialCloneFilter", "blob:none"),
    ] {
        work.git(&["config", key, value]);
    }
    let address = format!("ext::{program}");
    for url in [address.as_str(), "file:///nowhere"] {
        work.git(&["config", "remote.origin.url", url]);
        // An object that is not there would be fetched.
        let object = work.git(&["rev-parse", &format!("{commit}:file")]);
        let kept = work
            .path()
            .join(".git/objects")
            .join(&object[..2])
            .join(&object[2..]);
        let moved = outside.path().join("object");
        fs::rename(&kept, &moved).unwrap();
        let repository = work.open();
        // Its size is not known either then.
        let tree = repository.tree(&commit, "");
        assert!(!tree.is_ok_and(|tree| tree.read("file", 9).is_ok()));
        fs::rename(&moved, &kept).unwrap();
        repository.branches().unwrap();
        repository.default_branch().unwrap();
        let tree = repository.tree(&commit, "").unwrap();
        assert_eq!(tree.read("file", 9).unwrap(), b"1");
        // The same length, so that only the content tells that it changed.
        work.write("file", "2");
        assert_eq!(modified(&work, None), None);
        work.write("file", "1");
        assert_eq!(modified(&work, None), Some(COMMITTED_MS));
    }
    assert!(!trace.exists(), "a program was run");
    // The trap is one: somebody less careful walks into it.
    let careless = Command::new("git")
        .arg("status")
        .current_dir(work.path())
        .output();
    assert!(careless.is_ok() && trace.exists());
}

#[test]
fn what_is_no_repository_is_refused() {
    let folder = TempDir::new().unwrap();
    let error = Repository::open(folder.path()).unwrap_err();
    assert!(matches!(error, GitError::NoRepository), "{error}");
    let error = Repository::open(&folder.path().join("nowhere")).unwrap_err();
    assert!(matches!(error, GitError::NoFolder), "{error}");
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    for path in [&file, &file.join("below")] {
        let error = Repository::open(path).unwrap_err();
        assert!(matches!(error, GitError::NotAFolder), "{error}");
    }
    let work = Work::new();
    work.commit();
    let damaged = work.open();
    assert!(damaged.tree(&"1".repeat(40), "").is_err());
}

/// The changes in lines: what, where, under which name, and what the commit says.
fn told(work: &Work, folder: &str) -> String {
    let head = work.git(&["rev-parse", "HEAD"]);
    let changes = work.open().changes(&head, folder).unwrap();
    let lines = changes.iter().map(|change| {
        assert_eq!(change.at_ms, 1_709_294_400_000);
        format!(
            "{} {} ({}): {}",
            change.kind.word(),
            change.folder,
            change.name,
            change.subject
        )
    });
    lines.collect::<Vec<String>>().join("\n")
}

#[test]
fn history_tells_what_became_of_workspaces() {
    let work = Work::new();
    let commit = |subject: &str| {
        work.git(&["add", "--all"]);
        work.git(&["commit", "--quiet", "--message", subject]);
    };
    let workspace = |folder: &str, text: &str| {
        work.write(&format!("r/workspaces/{folder}/workspace.json"), text);
    };
    work.write("r/registry.toml", "");
    workspace("fox", r#"{"friendly_name": "Fox"}"#);
    workspace(
        "hen",
        r#"{"friendly_name": "Hen", "description": "A hen of some length."}"#,
    );
    commit("Begin");
    workspace("fox", r#"{"friendly_name": "Red \u0001Fox"}"#);
    commit("Call it red \u{1} :");
    work.write("r/workspaces/hen/icons/hen.svg", "<svg/>");
    work.write("r/workspaces/.git-like/workspace.json", "{}");
    work.write("elsewhere/workspace.json", "{}");
    commit("Draw a hen");
    work.git(&["mv", "r/workspaces/hen", "r/workspaces/poultry"]);
    commit("Move it");
    fs::remove_dir_all(work.path().join("r/workspaces/fox")).unwrap();
    workspace("odd\nname", "{");
    commit("No fox");
    assert_eq!(
        told(&work, "r"),
        "Removed workspaces/fox (Red \u{1}Fox): No fox\n\
         Added workspaces/odd\nname (odd\nname): No fox\n\
         Changed workspaces/poultry (Hen): Move it\n\
         Changed workspaces/hen (Hen): Draw a hen\n\
         Changed workspaces/fox (Red \u{1}Fox): Call it red \u{1} :\n\
         Added workspaces/fox (Fox): Begin\n\
         Added workspaces/hen (Hen): Begin"
    );
    assert!(told(&work, "").contains("Added elsewhere (elsewhere): Draw a hen"));
    assert_eq!(told(&work, "nowhere"), "");
}
