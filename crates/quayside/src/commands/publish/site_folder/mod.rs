//! The folder that a site is written to.
//!
//! Flow: the folder is locked and its marker read; files are handed over in the order in which they may be seen, and
//! threads of their own write each beside its target and rename it, several at once; [`Sink::settle`] waits for them. At
//! the end, what belongs to the site no more is removed, and the marker is written anew.
//!
//! Guarantees: readers see whole files only, and never a list before what it names. Only files that an earlier build
//! wrote are ever removed: their paths stand in the marker before they are created. Whatever a build was interrupted
//! at, the next one completes it.
//!
//! Caveats: nothing is synced to the disk; after a power failure, build again.

mod hand;
mod marker;
mod queue;
mod records;
mod writer;

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use publish::{Fingerprint, Sink};

pub(crate) use marker::MARKER;
use marker::Marker;
use queue::Job;
pub(crate) use records::Records;
use records::Standing;
use writer::Writer;

/// A site's folder, open for one build.
#[derive(Debug)]
pub(crate) struct SiteFolder {
    root: PathBuf,
    /// Locked as long as the build goes on; no other build writes meanwhile.
    _lock: File,
    marker: Marker,
    standing: Standing,
    writer: Writer,
    /// What belongs to the site, by this build's word.
    /// With the length of each file that was found in place and not handed over.
    belongs: HashMap<String, u64>,
}

/// What a build did to the folder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    /// Files that were written or removed.
    pub(crate) changed: u64,
    /// Bytes of all files that belong to the site.
    pub(crate) bytes: u64,
}

impl SiteFolder {
    /// Opens a folder that is empty, ours, or not there yet.
    pub(crate) fn open(path: &Path, records: Records) -> anyhow::Result<Self> {
        let told = path.display();
        fs::create_dir_all(path)
            .with_context(|| format!("failed to create the site's folder `{told}`"))?;
        let root = fs::canonicalize(path)
            .with_context(|| format!("failed to open the site's folder `{told}`"))?;
        let lock =
            lock(&root).with_context(|| format!("failed to lock the site's folder `{told}`"))?;
        let Some(lock) = lock else {
            bail!("another build is writing to `{told}`: wait for its end, or name another folder");
        };
        let marker =
            Marker::read(&root).with_context(|| format!("failed to read `{told}/{MARKER}`"))?;
        let marker = match marker {
            Some(marker) => marker,
            None if is_empty(&root).with_context(|| format!("failed to read `{told}`"))? => {
                Marker::create(&root)
                    .with_context(|| format!("failed to write `{told}/{MARKER}`"))?
            }
            None => bail!(
                "`{told}` holds files that `quayside publish build` did not write, so nothing was changed: name an empty folder with `--out`, or empty this one"
            ),
        };
        let standing = Standing::seek(records, &root)
            .with_context(|| format!("failed to look at the files of `{told}`"))?;
        let writer = Writer::start(&root, &marker, marker.files().clone())
            .with_context(|| format!("failed to write `{told}/{MARKER}`"))?;
        Ok(Self {
            root,
            _lock: lock,
            marker,
            standing,
            writer,
            belongs: HashMap::new(),
        })
    }

    /// What is there under a path.
    pub(crate) fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.root.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps what an earlier build wrote into a folder of the site.
    pub(crate) fn keep_folder(&mut self, folder: &str) {
        let inside = format!("{folder}/");
        for path in self.marker.files().iter() {
            if path.starts_with(&inside) {
                self.belongs.insert(path.clone(), 0);
            }
        }
    }

    /// Keeps a file that an earlier build wrote; says whether there is one.
    pub(crate) fn keep_file(&mut self, path: &str) -> bool {
        let is_ours = self.marker.files().contains(path);
        if is_ours {
            self.belongs.insert(path.to_owned(), 0);
        }
        is_ours
    }

    /// The folders of the site that earlier builds wrote to.
    pub(crate) fn folders(&self) -> BTreeSet<String> {
        self.marker
            .files()
            .iter()
            .filter_map(|path| Some(path.split_once('/')?.0.to_owned()))
            .collect()
    }

    /// Why the last file could not be written, and which one it was: files are written later than they are handed over.
    pub(crate) fn failure(&self) -> Option<(String, io::Error)> {
        self.writer.failure()
    }

    /// Waits until all is written, removes what belongs to the site no more, and writes the marker anew. What was
    /// recorded serves the next build.
    pub(crate) fn finish(mut self) -> anyhow::Result<(Written, Records)> {
        let done = match self.writer.finish() {
            Ok(done) => done,
            Err((path, error)) => {
                return Err(error).with_context(|| format!("failed to write `{path}`"));
            }
        };
        let stale = self
            .marker
            .files()
            .iter()
            .filter(|path| !self.belongs.contains_key(*path));
        let removed = remove(&self.root, stale).context("failed to remove what is stale")?;
        let held: u64 = self.belongs.values().sum();
        let mut records = std::mem::take(self.standing.found());
        records.update(&self.belongs, done.records);
        let listed = self.marker.files();
        let is_listed = listed.len() == self.belongs.len()
            && listed.iter().all(|path| self.belongs.contains_key(path));
        let files = if is_listed {
            listed.clone()
        } else {
            Arc::new(self.belongs.into_keys().collect())
        };
        self.marker
            .rewrite(&files)
            .with_context(|| format!("failed to write `{MARKER}`"))?;
        let written = Written {
            changed: done.written + removed,
            bytes: done.bytes + held,
        };
        Ok((written, records))
    }

    fn hand_over(
        &mut self,
        path: &str,
        made_from: Option<Fingerprint>,
        bytes: Vec<u8>,
    ) -> io::Result<()> {
        self.belongs.insert(path.to_owned(), 0);
        self.writer.send(Job {
            path: path.to_owned(),
            made_from,
            bytes,
        })
    }
}

impl Sink for SiteFolder {
    fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.hand_over(path, None, bytes.to_vec())
    }

    fn write_owned(&mut self, path: &str, bytes: Vec<u8>) -> io::Result<()> {
        self.hand_over(path, None, bytes)
    }

    fn write_made(&mut self, path: &str, made_from: Fingerprint, bytes: Vec<u8>) -> io::Result<()> {
        self.hand_over(path, Some(made_from), bytes)
    }

    fn holds(&mut self, path: &str, made_from: Fingerprint) -> bool {
        let Some(length) = self.standing.found().holds(path, made_from) else {
            return false;
        };
        self.belongs.insert(path.to_owned(), length);
        true
    }

    fn settle(&mut self) -> io::Result<()> {
        self.writer.settle()
    }
}

/// Locks a folder for one build; nothing if another one has it. Where the file system has no locks, there is none.
fn lock(root: &Path) -> io::Result<Option<File>> {
    let folder = File::open(root)?;
    match folder.try_lock() {
        Ok(()) => Ok(Some(folder)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => match error.raw_os_error() {
            Some(_) => Ok(Some(folder)),
            None => Err(error),
        },
    }
}

/// Whether there is nothing in a folder; what makes it the work tree of a branch does not count.
fn is_empty(root: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(root)? {
        if entry?.file_name() != ".git" {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Removes files, and the folders that become empty by it; says how many files there were.
fn remove<'p>(root: &Path, paths: impl Iterator<Item = &'p String>) -> io::Result<u64> {
    let mut removed = 0;
    let mut folders = BTreeSet::new();
    for path in paths {
        let target = root.join(path);
        let folder = target.parent().unwrap_or(root);
        // A link that somebody put into the site must not lead the removal elsewhere.
        match fs::canonicalize(folder) {
            Ok(folder) if folder.starts_with(root) => {}
            _ => continue,
        }
        match fs::remove_file(&target) {
            Ok(()) => removed += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(_) if target.is_dir() => {}
            Err(error) => return Err(error),
        }
        let above = folder.ancestors().take_while(|above| *above != root);
        folders.extend(above.map(Path::to_owned));
    }
    // The deepest come last in the order of paths.
    for folder in folders.iter().rev() {
        // It stays if anything is left in it.
        let _ = fs::remove_dir(folder);
    }
    Ok(removed)
}

#[cfg(test)]
mod tests;
