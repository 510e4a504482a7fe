use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File, Metadata};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::marker::Journal;
use super::queue::{Failure, Job};
use super::records::Record;

/// Where files are written, for all who write.
#[derive(Debug)]
pub(super) struct Place {
    root: PathBuf,
    /// Files that stand in the marker since earlier builds.
    listed: Arc<BTreeSet<String>>,
    journal: Mutex<Journal>,
    /// Folders that are there and inside the site.
    folders: Mutex<HashMap<String, Folder>>,
}

/// How a folder came to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Folder {
    /// This build made it: there is nothing in it that this build did not write.
    Made,
    /// It was there.
    Found,
}

/// What was done in the end.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// Files that were changed.
    pub(super) written: u64,
    /// Bytes of all files, changed or not.
    pub(super) bytes: u64,
    /// What to remember of files whose making is known.
    pub(super) records: Vec<(String, Record)>,
}

/// One of those who write.
#[derive(Debug)]
pub(super) struct Hand {
    place: Arc<Place>,
    /// The file that is being written; there is never more than one.
    unfinished: PathBuf,
    /// Whether new files are known to be readable for everybody, whatever the builder's mask.
    is_open: bool,
    pub(super) done: Done,
}

impl Place {
    pub(super) fn new(root: &Path, listed: Arc<BTreeSet<String>>, journal: Journal) -> Self {
        Self {
            root: root.to_owned(),
            listed,
            journal: Mutex::new(journal),
            folders: Mutex::default(),
        }
    }

    /// Removes what an interrupted build left unfinished.
    pub(super) fn sweep(&self, number: usize) -> io::Result<()> {
        match fs::remove_file(self.unfinished(number)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn unfinished(&self, number: usize) -> PathBuf {
        self.root.join(format!(".quayside-new-{number}"))
    }

    /// Writes down those of the files that builds have not written before.
    fn list(&self, jobs: &[Job]) -> io::Result<()> {
        let new = jobs
            .iter()
            .map(|job| job.path.as_str())
            .filter(|path| !self.listed.contains(*path));
        self.journal
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .add(new)
    }

    /// Makes a folder of the site, unless a link leads out there.
    fn prepare(&self, folder: &str) -> io::Result<Folder> {
        if let Some(known) = self.known(folder) {
            return Ok(known);
        }
        if let Some((above, _)) = folder.rsplit_once('/') {
            self.prepare(above)?;
        }
        let place = self.root.join(folder);
        let found = match fs::create_dir(&place) {
            Ok(()) => Folder::Made,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.found(folder, &place)?
            }
            Err(error) => return Err(error),
        };
        let mut folders = self.folders();
        // Another one may have made it in the meantime.
        Ok(*folders.entry(folder.to_owned()).or_insert(found))
    }

    /// What is there where a folder is wanted.
    fn found(&self, folder: &str, place: &Path) -> io::Result<Folder> {
        let metadata = fs::symlink_metadata(place)?;
        if metadata.is_dir() {
            return Ok(Folder::Found);
        }
        if metadata.is_symlink() {
            if fs::canonicalize(place)?.starts_with(&self.root) && fs::metadata(place)?.is_dir() {
                return Ok(Folder::Found);
            }
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "a link leads out of the site",
            ));
        }
        // What was a file in an earlier build may be a folder now.
        if !self.listed.contains(folder) {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        fs::remove_file(place)?;
        fs::create_dir(place)?;
        Ok(Folder::Made)
    }

    fn known(&self, folder: &str) -> Option<Folder> {
        self.folders().get(folder).copied()
    }

    fn folders(&self) -> std::sync::MutexGuard<'_, HashMap<String, Folder>> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Removes a folder that holds nothing but files of ours.
    fn clear(&self, folder: &Path) -> io::Result<()> {
        let Some(inside) = folder.strip_prefix(&self.root).ok().and_then(Path::to_str) else {
            return Err(io::ErrorKind::IsADirectory.into());
        };
        let inside = format!("{inside}/");
        let files = self
            .listed
            .range(inside.clone()..)
            .take_while(|path| path.starts_with(&inside));
        super::remove(&self.root, files)?;
        self.folders()
            .retain(|known, _| !format!("{known}/").starts_with(&inside));
        Ok(())
    }
}

impl Done {
    pub(super) fn add(&mut self, mut other: Self) {
        self.written += other.written;
        self.bytes += other.bytes;
        self.records.append(&mut other.records);
    }
}

impl Hand {
    pub(super) fn new(place: Arc<Place>, number: usize) -> Self {
        Self {
            unfinished: place.unfinished(number),
            place,
            is_open: false,
            done: Done::default(),
        }
    }

    /// Writes files in their order.
    pub(super) fn put(&mut self, jobs: Vec<Job>) -> Result<(), Failure> {
        if let Err(error) = self.place.list(&jobs) {
            return Err((super::MARKER.to_owned(), error));
        }
        for mut job in jobs {
            if let Err(error) = self.put_one(&mut job) {
                return Err((job.path, error));
            }
        }
        Ok(())
    }

    fn put_one(&mut self, job: &mut Job) -> io::Result<()> {
        let folder = match job.path.rsplit_once('/') {
            Some((folder, _)) => self.place.prepare(folder)?,
            None => Folder::Found,
        };
        let target = self.place.root.join(&job.path);
        self.done.bytes += job.bytes.len() as u64;
        let same = match folder {
            Folder::Made => None,
            Folder::Found => same(&target, &job.bytes)?,
        };
        let metadata = if let Some(same) = same {
            same
        } else {
            self.done.written += 1;
            self.replace(&target, &job.bytes)?
        };
        if let Some(made_from) = job.made_from {
            let stamp = sources::file_stamp(&metadata);
            let record = Record {
                stamp,
                made_from,
                length: metadata.len(),
            };
            self.done
                .records
                .push((std::mem::take(&mut job.path), record));
        }
        Ok(())
    }

    /// Writes a file beside its target, in the same file system, and renames it.
    fn replace(&mut self, target: &Path, bytes: &[u8]) -> io::Result<Metadata> {
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .mode(0o644)
            .open(&self.unfinished)?;
        let written = file.write_all(bytes).and_then(|()| {
            if !self.is_open {
                if file.metadata()?.permissions().mode() & 0o777 == 0o644 {
                    self.is_open = true;
                } else {
                    file.set_permissions(fs::Permissions::from_mode(0o644))?;
                }
            }
            self.rename(target)?;
            // After renaming, which changes one of the times.
            file.metadata()
        });
        if written.is_err() {
            // On a full disk this makes room again; the first error is the one to tell.
            let _ = fs::remove_file(&self.unfinished);
        }
        written
    }

    fn rename(&self, target: &Path) -> io::Result<()> {
        match fs::rename(&self.unfinished, target) {
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
                self.place.clear(target)?;
                fs::rename(&self.unfinished, target)
            }
            renamed => renamed,
        }
    }
}

/// What is known of a file that is there and has this content.
fn same(target: &Path, bytes: &[u8]) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(target) {
        Ok(metadata) => {
            let is_same = metadata.is_file()
                && metadata.len() == bytes.len() as u64
                && fs::read(target)? == bytes;
            Ok(is_same.then_some(metadata))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
