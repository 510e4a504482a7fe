//! What a build has to do at least, by one thread: reads and hashes what there is, and writes what there will be.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha1::{Digest as _, Sha1};

use super::run::write_out;
use super::time;

/// So many files are kept in memory until they are written; reading them is not measured.
const AT_ONCE: usize = 500;

/// The time of both, one after the other.
pub(super) fn measure(source: &Path, site: &Path) -> Duration {
    let mut sums = 0;
    let read = time(|| {
        for file in files(source) {
            let bytes = fs::read(file).expect("sources can be read");
            sums += usize::from(Sha1::digest(&bytes)[0]);
        }
    });
    // Nothing may leave the hashing out because nobody looks at it.
    assert!(sums > 0 || site.as_os_str().is_empty());
    // It stays until the bench ends, as the sites do.
    let copy = tempfile::tempdir_in(site.parent().unwrap_or(site))
        .expect("a folder for a copy")
        .keep();
    write_out();
    let mut written = Duration::ZERO;
    for files in files(site).chunks(AT_ONCE) {
        let contents: Vec<(PathBuf, Vec<u8>)> = files
            .iter()
            .map(|file| {
                let inside = file.strip_prefix(site).expect("it lies in the site");
                (
                    inside.to_owned(),
                    fs::read(file).expect("the site can be read"),
                )
            })
            .collect();
        written += time(|| {
            for (path, bytes) in &contents {
                let path = copy.join(path);
                fs::create_dir_all(path.parent().unwrap_or(&path)).expect("the folder is ours");
                fs::write(path, bytes).expect("the folder is ours");
            }
        });
    }
    read + written
}

/// All files below a folder, in the order of their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is ours") {
            let entry = entry.expect("the folder is ours");
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    files
}
