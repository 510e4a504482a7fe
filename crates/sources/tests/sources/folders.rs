//! A folder of sources: links that stay inside, and everything that is no file.

use std::{
    fs,
    io::{self, Read as _},
    os::unix::{ffi::OsStrExt as _, fs::symlink},
    path::Path,
};

use camino::Utf8Path;
use publish::{Entry, EntryKind, SourceTree, Unusable};
use sources::FolderTree;
use tempfile::TempDir;

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("tree/workspaces/a b")).unwrap();
    fs::write(folder.path().join("secret"), "outside").unwrap();
    fs::write(
        folder.path().join("tree/workspaces/a b/workspace.json"),
        "{}",
    )
    .unwrap();
    folder
}

fn tree(folder: &TempDir) -> FolderTree {
    let path = folder.path().join("tree");
    FolderTree::open(Utf8Path::from_path(&path).unwrap()).unwrap()
}

fn kind(tree: &FolderTree, folder: &str, name: &str) -> Option<EntryKind> {
    let entries = tree.entries(folder).unwrap();
    let Entry { kind, .. } = entries.into_iter().find(|entry| entry.name == name)?;
    Some(kind)
}

fn link(folder: &TempDir, target: impl AsRef<Path>, name: &str) {
    symlink(target, folder.path().join("tree").join(name)).unwrap();
}

#[test]
fn files_and_folders_are_listed_and_read() {
    let folder = folder();
    let tree = tree(&folder);
    assert_eq!(kind(&tree, "", "workspaces"), Some(EntryKind::Folder));
    assert_eq!(
        kind(&tree, "workspaces/a b", "workspace.json"),
        Some(EntryKind::File { size: 2 })
    );
    let path = "workspaces/a b/workspace.json";
    assert_eq!(tree.read(path, 2).unwrap(), b"{}");
    let error = tree.read(path, 1).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
}

#[test]
fn links_are_what_they_lead_to_if_that_is_inside() {
    let folder = folder();
    link(&folder, "workspaces/a b", "folder");
    link(&folder, "folder/workspace.json", "file");
    link(&folder, "../secret", "out");
    link(&folder, "/etc", "far");
    link(&folder, "missing", "dangling");
    link(&folder, "itself", "itself");
    link(&folder, "..", "workspaces/up");
    link(&folder, "../../..", "workspaces/way-up");
    let tree = tree(&folder);
    let unusable = |reason| Some(EntryKind::Unusable(reason));
    assert_eq!(kind(&tree, "", "folder"), Some(EntryKind::Folder));
    assert_eq!(kind(&tree, "", "file"), Some(EntryKind::File { size: 2 }));
    assert_eq!(kind(&tree, "", "out"), unusable(Unusable::LeavesTree));
    assert_eq!(kind(&tree, "", "far"), unusable(Unusable::LeavesTree));
    assert_eq!(kind(&tree, "", "dangling"), unusable(Unusable::Dangling));
    assert_eq!(kind(&tree, "", "itself"), unusable(Unusable::Loop));
    assert_eq!(kind(&tree, "workspaces", "up"), unusable(Unusable::Loop));
    assert_eq!(
        kind(&tree, "workspaces", "way-up"),
        unusable(Unusable::LeavesTree)
    );
    let mut text = String::new();
    tree.open("folder/workspace.json")
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "{}");
    for path in ["out", "far/passwd", "workspaces/way-up/secret"] {
        assert!(tree.open(path).is_err(), "{path}");
    }
}

#[test]
fn links_across_each_other_come_to_an_end() {
    let folder = folder();
    for name in ["x", "y"] {
        fs::create_dir(folder.path().join("tree").join(name)).unwrap();
    }
    link(&folder, "../y", "x/to-y");
    link(&folder, "../x", "y/to-x");
    let tree = tree(&folder);
    assert_eq!(kind(&tree, "x", "to-y"), Some(EntryKind::Folder));
    assert_eq!(
        kind(&tree, "x/to-y", "to-x"),
        Some(EntryKind::Unusable(Unusable::Loop))
    );
}

#[test]
fn paths_stay_inside() {
    let folder = folder();
    let tree = tree(&folder);
    for path in [
        "../secret",
        "workspaces/../../secret",
        "/etc/passwd",
        "workspaces//a b",
        "./workspaces",
        "..",
    ] {
        assert!(tree.open(path).is_err(), "{path}");
        assert!(tree.entries(path).is_err(), "{path}");
    }
}

#[test]
fn what_is_no_file_is_not_opened() {
    let folder = folder();
    let pipe = folder.path().join("tree/pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let socket = folder.path().join("tree/socket");
    let _listener = std::os::unix::net::UnixListener::bind(socket).unwrap();
    fs::write(
        folder
            .path()
            .join("tree")
            .join(std::ffi::OsStr::from_bytes(b"caf\xe9")),
        "x",
    )
    .unwrap();
    let tree = tree(&folder);
    for name in ["pipe", "socket"] {
        assert_eq!(
            kind(&tree, "", name),
            Some(EntryKind::Unusable(Unusable::Special)),
            "{name}"
        );
        // This returns at once although nobody writes to the pipe.
        assert!(tree.open(name).is_err(), "{name}");
    }
    assert!(tree.open("workspaces").is_err());
    assert_eq!(
        kind(&tree, "", "caf\u{fffd}"),
        Some(EntryKind::Unusable(Unusable::NameNotUtf8))
    );
}

#[test]
fn only_a_folder_is_a_tree() {
    let folder = folder();
    let file = folder.path().join("secret");
    let error = FolderTree::open(Utf8Path::from_path(&file).unwrap()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotADirectory);
    assert!(FolderTree::open(Utf8Path::new("/no/such/folder")).is_err());
}
