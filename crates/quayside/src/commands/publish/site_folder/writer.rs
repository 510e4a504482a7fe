use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use publish::Fingerprint;

use super::marker::{Journal, Marker};
use super::records::Record;

/// How many files wait to be written while the next ones are made; with the largest icons that is 32 MiB.
const WAITING: usize = 16;
/// The name of the file that is being written; there is never more than one.
const UNFINISHED: &str = ".quayside-new";

/// A file to write.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) path: String,
    pub(super) made_from: Option<Fingerprint>,
    pub(super) bytes: Vec<u8>,
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

/// Writes files in the order in which they are handed over, beside whoever makes them.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: SyncSender<Job>,
    thread: JoinHandle<Done>,
    failure: Arc<Mutex<Option<Failure>>>,
}

type Failure = (String, io::Error);

impl Writer {
    /// Starts writing to a folder that is locked and marked.
    pub(super) fn start(root: &Path, marker: &Marker) -> io::Result<Self> {
        let mut hand = Hand {
            root: root.to_owned(),
            listed: marker.files().iter().cloned().collect(),
            journal: marker.journal()?,
            folders: HashSet::new(),
            done: Done::default(),
        };
        hand.sweep()?;
        let (jobs, waiting) = sync_channel(WAITING);
        let failure = Arc::new(Mutex::new(None));
        let told = failure.clone();
        let thread = std::thread::Builder::new()
            .name("site".to_owned())
            .spawn(move || {
                if let Err(failed) = hand.work(&waiting) {
                    *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(failed);
                }
                hand.done
            })?;
        Ok(Self {
            jobs,
            thread,
            failure,
        })
    }

    /// Hands over a file; fails if this or an earlier one cannot be written.
    pub(super) fn send(&self, job: Job) -> io::Result<()> {
        self.jobs
            .send(job)
            .map_err(|_| io::Error::other("an earlier file could not be written"))
    }

    /// Which file could not be written, and why.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// Waits until everything is written.
    pub(super) fn finish(self) -> Result<Done, Failure> {
        drop(self.jobs);
        let Ok(done) = self.thread.join() else {
            return Err((String::new(), io::Error::other("the writer gave up")));
        };
        let failure = self
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        failure.map_or(Ok(done), Err)
    }
}

/// The thread's side.
struct Hand {
    root: PathBuf,
    /// Files that stand in the marker.
    listed: BTreeSet<String>,
    journal: Journal,
    /// Folders that are there and inside the site.
    folders: HashSet<String>,
    done: Done,
}

impl Hand {
    fn work(&mut self, jobs: &Receiver<Job>) -> Result<(), Failure> {
        while let Ok(job) = jobs.recv() {
            if let Err(error) = self.put(&job) {
                return Err((job.path, error));
            }
        }
        Ok(())
    }

    /// Removes what an interrupted build left unfinished.
    fn sweep(&self) -> io::Result<()> {
        match fs::remove_file(self.root.join(UNFINISHED)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn put(&mut self, job: &Job) -> io::Result<()> {
        if let Some((folder, _)) = job.path.rsplit_once('/') {
            self.prepare(folder)?;
        }
        let target = self.root.join(&job.path);
        self.done.bytes += job.bytes.len() as u64;
        if !is_same(&target, &job.bytes)? {
            if !self.listed.contains(&job.path) {
                self.journal.add(&job.path)?;
                self.listed.insert(job.path.clone());
            }
            self.replace(&target, &job.bytes)?;
            self.done.written += 1;
        }
        if let Some(made_from) = job.made_from {
            let stamp = sources::file_stamp(&fs::symlink_metadata(&target)?);
            let record = Record { stamp, made_from };
            self.done.records.push((job.path.clone(), record));
        }
        Ok(())
    }

    /// Writes a file beside its target, in the same file system, and renames it.
    fn replace(&mut self, target: &Path, bytes: &[u8]) -> io::Result<()> {
        let unfinished = self.root.join(UNFINISHED);
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .mode(0o644)
            .open(&unfinished)?;
        let written = file.write_all(bytes).and_then(|()| {
            // A site is for everybody, whatever the builder's mask.
            if file.metadata()?.permissions().mode() & 0o777 != 0o644 {
                file.set_permissions(fs::Permissions::from_mode(0o644))?;
            }
            self.rename(&unfinished, target)
        });
        if written.is_err() {
            // On a full disk this makes room again; the first error is the one to tell.
            let _ = fs::remove_file(&unfinished);
        }
        written
    }

    fn rename(&mut self, unfinished: &Path, target: &Path) -> io::Result<()> {
        match fs::rename(unfinished, target) {
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
                self.clear_folder(target)?;
                fs::rename(unfinished, target)
            }
            renamed => renamed,
        }
    }

    /// Makes a folder of the site, unless a link leads out there.
    fn prepare(&mut self, folder: &str) -> io::Result<()> {
        if self.folders.contains(folder) {
            return Ok(());
        }
        let place = self.root.join(folder);
        if let Err(error) = fs::create_dir_all(&place) {
            // What was a file in an earlier build may be a folder now.
            if !self.clear_files_above(folder)? {
                return Err(error);
            }
            fs::create_dir_all(&place)?;
        }
        if !fs::canonicalize(&place)?.starts_with(&self.root) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "a link leads out of the site",
            ));
        }
        self.folders.insert(folder.to_owned());
        Ok(())
    }

    /// Removes files of ours that stand where a folder is wanted; says whether there were any.
    fn clear_files_above(&mut self, folder: &str) -> io::Result<bool> {
        let ends = folder.match_indices('/').map(|(end, _)| end);
        for end in ends.chain([folder.len()]) {
            let place = self.root.join(&folder[..end]);
            if self.listed.contains(&folder[..end]) && place.is_file() {
                fs::remove_file(place)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Removes a folder that holds nothing but files of ours.
    fn clear_folder(&mut self, folder: &Path) -> io::Result<()> {
        let Some(inside) = folder.strip_prefix(&self.root).ok().and_then(Path::to_str) else {
            return Err(io::ErrorKind::IsADirectory.into());
        };
        let inside = format!("{inside}/");
        let files = self
            .listed
            .range(inside.clone()..)
            .take_while(|path| path.starts_with(&inside));
        super::remove(&self.root, files)?;
        self.folders
            .retain(|known| !format!("{known}/").starts_with(&inside));
        Ok(())
    }
}

/// Whether a file is there and has this content.
fn is_same(target: &Path, bytes: &[u8]) -> io::Result<bool> {
    match fs::symlink_metadata(target) {
        Ok(metadata) => Ok(metadata.is_file()
            && metadata.len() == bytes.len() as u64
            && fs::read(target)? == bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
