use std::os::unix::fs::symlink;

use tempfile::TempDir;

use super::*;

fn open(folder: &TempDir) -> SiteFolder {
    SiteFolder::open(folder.path(), Records::default()).unwrap()
}

/// A build that writes these files, each with its own path as content.
fn build(folder: &TempDir, paths: &[&str]) -> Written {
    let mut site = open(folder);
    for path in paths {
        site.write(path, path.as_bytes()).unwrap();
    }
    site.finish().unwrap().0
}

/// All files below a folder but the marker.
fn files(folder: &TempDir) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.path().to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let path = entry.path();
            let path = path.strip_prefix(folder.path()).unwrap();
            found.push(path.to_str().unwrap().to_owned());
        }
    }
    found.retain(|path| path != MARKER);
    found.sort();
    found
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn unchanged_files_are_left_alone_and_stale_ones_go() {
    let folder = folder();
    let paths = ["1.1/icons/a/b.svg", "1.1/icons/c.svg", "1.1/list.json"];
    assert_eq!(build(&folder, &paths).changed, 3);
    assert_eq!(build(&folder, &paths).changed, 0);
    let written = build(&folder, &paths[1..]);
    assert_eq!((written.changed, written.bytes), (1, 15 + 13));
    assert_eq!(files(&folder), paths[1..]);
    assert!(!folder.path().join("1.1/icons/a").exists());
    assert_eq!(open(&folder).folders(), BTreeSet::from(["1.1".to_owned()]));
}

#[test]
fn what_was_not_written_by_us_stays() {
    let folder = folder();
    build(&folder, &["1.1/icons/a.svg"]);
    fs::write(folder.path().join("1.1/icons/mine.svg"), "").unwrap();
    fs::write(folder.path().join("README"), "").unwrap();
    build(&folder, &["1.0/list.json"]);
    assert_eq!(
        files(&folder),
        ["1.0/list.json", "1.1/icons/mine.svg", "README"]
    );
}

#[test]
fn other_folders_are_kept_on_demand() {
    let folder = folder();
    build(&folder, &["1.0/list.json", "1.1/list.json"]);
    let mut site = open(&folder);
    site.keep_folder("1.0");
    site.finish().unwrap();
    assert_eq!(files(&folder), ["1.0/list.json"]);
    // It is still known to be ours.
    build(&folder, &[]);
    assert_eq!(files(&folder), Vec::<String>::new());
}

#[test]
fn a_folder_of_others_is_refused() {
    let folder = folder();
    fs::write(folder.path().join("thesis.txt"), "").unwrap();
    let error = SiteFolder::open(folder.path(), Records::default()).unwrap_err();
    assert!(error.to_string().contains("did not write"), "{error}");
    fs::write(folder.path().join(MARKER), "something else").unwrap();
    assert!(SiteFolder::open(folder.path(), Records::default()).is_err());
    assert_eq!(files(&folder), ["thesis.txt"]);
}

#[test]
fn two_builds_do_not_write_at_once() {
    let folder = folder();
    let first = open(&folder);
    let error = SiteFolder::open(folder.path(), Records::default()).unwrap_err();
    assert!(error.to_string().contains("another build"), "{error}");
    first.finish().unwrap();
    open(&folder);
}

#[test]
fn an_interrupted_build_is_completed_by_the_next() {
    let paths = ["1.1/icons/a.svg", "1.1/icons/b.svg", "1.1/list.json"];
    for interrupted_after in 0..=paths.len() {
        let folder = folder();
        {
            let mut site = open(&folder);
            for path in &paths[..interrupted_after] {
                site.write(path, path.as_bytes()).unwrap();
            }
            // Nothing is finished: nothing removed, the marker not written anew.
            drop(site.writer.finish());
        }
        fs::write(folder.path().join(".quayside-new-1"), "half").unwrap();
        let marker = folder.path().join(MARKER);
        let mut listed = fs::read(&marker).unwrap();
        listed.extend_from_slice(b"1.1/icons/cut o");
        fs::write(&marker, listed).unwrap();

        build(&folder, &["1.1/icons/b.svg", "1.1/icons/z.svg"]);

        assert_eq!(files(&folder), ["1.1/icons/b.svg", "1.1/icons/z.svg"]);
        let text = fs::read_to_string(&marker).unwrap();
        assert_eq!(text.lines().count(), 3, "{text}");
    }
}

#[test]
fn a_marker_of_strangers_removes_nothing_outside() {
    let folder = folder();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("x"), "").unwrap();
    build(&folder, &["a"]);
    symlink(outside.path(), folder.path().join("link")).unwrap();
    let marker = folder.path().join(MARKER);
    let mut text = fs::read_to_string(&marker).unwrap();
    text.push_str("link/x\n../x\n");
    text.push_str(outside.path().join("x").to_str().unwrap());
    text.push('\n');
    fs::write(&marker, text).unwrap();
    build(&folder, &[]);
    assert!(outside.path().join("x").exists());
}

#[test]
fn a_link_in_the_site_leads_nowhere() {
    let folder = folder();
    let outside = tempfile::tempdir().unwrap();
    build(&folder, &[]);
    symlink(outside.path(), folder.path().join("1.1")).unwrap();
    let mut site = open(&folder);
    site.write("1.1/list.json", b"{}").unwrap();
    assert!(site.finish().is_err());
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn files_become_folders_and_folders_files() {
    let folder = folder();
    build(&folder, &["1.1/a", "1.1/b/c/d"]);
    build(&folder, &["1.1/a/x/y", "1.1/b"]);
    assert_eq!(files(&folder), ["1.1/a/x/y", "1.1/b"]);
    fs::write(folder.path().join("1.1/a/mine"), "").unwrap();
    let mut site = open(&folder);
    site.write("1.1/a", b"").unwrap();
    assert!(site.finish().is_err(), "it holds a file of others");
}

#[test]
fn a_file_that_is_held_is_not_made_again() {
    let folder = folder();
    let made_from = Fingerprint([1; 20]);
    let mut site = open(&folder);
    site.write_made("a", made_from, b"a".to_vec()).unwrap();
    site.write_made("b", made_from, b"b".to_vec()).unwrap();
    let (_, records) = site.finish().unwrap();
    assert!(
        Records::from_bytes(&records.to_bytes(std::time::SystemTime::UNIX_EPOCH))
            .unwrap()
            .holds("a", made_from)
            .is_none(),
        "a young file could change unnoticed"
    );
    let later = std::time::SystemTime::now() + std::time::Duration::from_mins(1);
    let records = Records::from_bytes(&records.to_bytes(later)).unwrap();
    fs::write(folder.path().join("b"), "B").unwrap();
    let mut site = SiteFolder::open(folder.path(), records).unwrap();
    assert!(site.holds("a", made_from));
    assert!(!site.holds("a", Fingerprint([2; 20])));
    assert!(!site.holds("b", made_from), "somebody changed it");
    assert!(!site.holds("c", made_from));
    assert_eq!(site.finish().unwrap().0.bytes, 1);
    assert_eq!(files(&folder), ["a"]);
    assert!(Records::from_bytes(b"\x05\0\0\0abc").is_none());
}

#[test]
fn a_disk_that_is_full_is_told() {
    let folder = folder();
    let mut site = open(&folder);
    site.write("1.1/icons/a", b"a").unwrap();
    // A name too long for any file system fails in the same place.
    let long = format!("1.1/icons/{}", "x".repeat(300));
    site.write(&long, b"b").unwrap();
    let error = site.finish().unwrap_err();
    assert!(format!("{error:#}").contains("1.1/icons/xxx"), "{error:#}");
    assert_eq!(files(&folder), ["1.1/icons/a"]);
}
