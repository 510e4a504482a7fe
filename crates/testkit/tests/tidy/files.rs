//! What the files of this repository look like.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use testkit::{Metadata, repository};

/// A file longer than this holds more than one idea.
const LONGEST: usize = 800;

/// Every file of our own with this ending.
fn files(ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![repository()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            if path.is_dir() {
                if !name.starts_with('.') && name != "target" {
                    folders.push(path);
                }
            } else if name.ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn told(path: &Path) -> String {
    path.strip_prefix(repository())
        .unwrap()
        .display()
        .to_string()
}

#[test]
fn no_file_is_too_long_to_be_read() {
    for path in files(".rs") {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(
            lines < LONGEST,
            "{} has {lines} lines: split it",
            told(&path)
        );
    }
}

#[test]
fn nothing_is_left_to_be_done_or_passed_over() {
    // Written apart, so that this file does not find itself.
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("#[", "ignore"),
        concat!("thread::", "sleep"),
    ];
    for path in files(".rs") {
        let text = fs::read_to_string(&path).unwrap();
        for word in words {
            assert!(!text.contains(word), "{} has `{word}`", told(&path));
        }
    }
}

#[test]
fn no_path_of_one_machine_is_written_down() {
    let words = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
    for ending in [".rs", ".toml", ".md", ".html", ".js", ".css", ".snap"] {
        for path in files(ending) {
            let text = fs::read_to_string(&path).unwrap();
            for word in words {
                assert!(!text.contains(word), "{} has `{word}`", told(&path));
            }
        }
    }
}

#[test]
fn every_dependency_is_used() {
    let mut unused = Vec::new();
    for (name, package) in Metadata::read().own() {
        let sources: String = files(".rs")
            .iter()
            .filter(|path| path.starts_with(package.folder()))
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        let words: BTreeSet<&str> = sources
            .split(|sign: char| !sign.is_alphanumeric() && sign != '_')
            .collect();
        for dependency in &package.dependencies {
            if !words.contains(dependency.name.replace('-', "_").as_str()) {
                unused.push(format!("{name}: {}", dependency.name));
            }
        }
    }
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn every_snapshot_belongs_to_a_test() {
    for path in files(".snap") {
        let text = fs::read_to_string(&path).unwrap();
        let source = text.lines().find_map(|line| line.strip_prefix("source: "));
        let source = repository().join(source.unwrap_or_default());
        let test = fs::read_to_string(&source)
            .unwrap_or_else(|_| panic!("{} is of a file that is gone", told(&path)));
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let name = name
            .rsplit("__")
            .next()
            .unwrap_or_default()
            .split('@')
            .next()
            .unwrap_or_default();
        let without_number = name.trim_end_matches(|sign: char| sign.is_ascii_digit());
        let without_number = without_number.trim_end_matches('-');
        assert!(
            test.contains(name) || test.contains(without_number),
            "nothing in {} makes {}",
            told(&source),
            told(&path)
        );
    }
}
