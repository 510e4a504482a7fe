use std::{
    ffi::OsStr,
    fs::{self, DirEntry, File, Metadata},
    io::{self, Read},
    num::NonZero,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    thread::{self, available_parallelism},
    time::{Duration, SystemTime},
};

use camino::Utf8Path;
use publish::{Entry, EntryKind, SourceTree, Stamp, Unusable};

/// Most folders on the way to a file, and most of them that may be links: enough for any real
/// registry, and an end to trees whose links lead crosswise through each other.
const DEEPEST: usize = 64;
const MOST_LINKS: usize = 8;

/// More threads than this list no faster, and so few folders are listed before one has begun.
const MOST_THREADS: usize = 4;
const WORTH_A_THREAD: usize = 32;

/// A file that changed less than this ago can change once more without its times telling: the clock that they are taken
/// from goes in steps of ten milliseconds at most.
const TICK: Duration = Duration::from_millis(20);
/// The same where times are kept in whole milliseconds at best: two seconds is the coarsest.
const COARSE_TICK: Duration = Duration::from_secs(2);

/// A folder on disk that holds the sources of a registry.
///
/// Links are resolved and must stay inside; nothing but regular files is ever opened.
#[derive(Debug)]
pub struct FolderTree {
    /// The folder itself, without links on the way to it.
    root: PathBuf,
    /// Where the path last asked for leads: the next one mostly begins the same.
    last: Mutex<Vec<Step>>,
}

/// One part of a path, resolved.
#[derive(Debug)]
struct Step {
    part: String,
    place: PathBuf,
    metadata: Metadata,
    /// How many parts were links up to here.
    links: usize,
}

impl FolderTree {
    /// Opens a folder; anything else is an error of kind [`io::ErrorKind::NotADirectory`].
    pub fn open(path: &Utf8Path) -> io::Result<Self> {
        let root = fs::canonicalize(path)?;
        if !fs::metadata(&root)?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(Self {
            root,
            last: Mutex::default(),
        })
    }

    /// Where a path really leads, and where all folders on the way to it do; no steps for the root.
    fn resolve(&self, path: &str) -> io::Result<MutexGuard<'_, Vec<Step>>> {
        // Whoever panicked left whole steps.
        let mut steps = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        self.resolve_after(&mut steps, path)?;
        Ok(steps)
    }

    /// The same, where it is known where another path leads.
    fn resolve_after(&self, steps: &mut Vec<Step>, path: &str) -> io::Result<()> {
        if path.is_empty() {
            steps.clear();
            return Ok(());
        }
        let known = steps
            .iter()
            .zip(path.split('/'))
            .take_while(|(step, part)| step.part == *part)
            .count();
        steps.truncate(known);
        for part in path.split('/').skip(known) {
            if !is_name(OsStr::new(part)) || steps.len() >= DEEPEST {
                return Err(io::ErrorKind::InvalidInput.into());
            }
            let (folder, mut links) = steps
                .last()
                .map_or((&self.root, 0), |step| (&step.place, step.links));
            let mut place = folder.join(part);
            let mut metadata = fs::symlink_metadata(&place)?;
            if metadata.is_symlink() {
                links += 1;
                place = fs::canonicalize(&place)?;
                if links > MOST_LINKS || !place.starts_with(&self.root) {
                    return Err(io::ErrorKind::PermissionDenied.into());
                }
                metadata = fs::metadata(&place)?;
            }
            steps.push(Step {
                part: part.to_owned(),
                place,
                metadata,
                links,
            });
        }
        Ok(())
    }

    /// What lies in a folder that was resolved.
    fn list(&self, way: &[Step]) -> io::Result<Vec<Entry>> {
        let place = way.last().map_or(&self.root, |step| &step.place);
        let now = SystemTime::now();
        let mut entries = Vec::new();
        for found in fs::read_dir(place)? {
            let found = found?;
            let name = found.file_name();
            let Some(name) = name.to_str() else {
                let name = name.to_string_lossy();
                let kind = EntryKind::Unusable(Unusable::NameNotUtf8);
                entries.push(Entry::new(name, kind));
                continue;
            };
            let target = found
                .metadata()
                .and_then(|metadata| self.target(&found, metadata, way));
            entries.push(match target {
                Ok(Ok(metadata)) if metadata.is_dir() => Entry::new(name, EntryKind::Folder),
                Ok(Ok(metadata)) if metadata.is_file() => Entry {
                    name: name.to_owned(),
                    kind: EntryKind::File {
                        size: metadata.len(),
                    },
                    modified_ms: Some(
                        metadata.mtime().saturating_mul(1000) + metadata.mtime_nsec() / 1_000_000,
                    ),
                    stamp: Some(file_stamp(&metadata)).filter(|stamp| is_settled(stamp, now)),
                },
                Ok(Ok(_)) => Entry::new(name, EntryKind::Unusable(Unusable::Special)),
                Ok(Err(why)) => Entry::new(name, EntryKind::Unusable(why)),
                // It went away while the folder was read.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            });
        }
        Ok(entries)
    }

    /// The metadata of what a name stands for, through links; or why it stands for nothing.
    fn target(
        &self,
        found: &DirEntry,
        metadata: Metadata,
        way: &[Step],
    ) -> io::Result<Result<Metadata, Unusable>> {
        if !metadata.is_symlink() {
            return Ok(Ok(metadata));
        }
        let target = match fs::canonicalize(found.path()) {
            Ok(target) => target,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Err(Unusable::Dangling));
            }
            Err(error) if is_loop(&error) => return Ok(Err(Unusable::Loop)),
            Err(error) => return Err(error),
        };
        if !target.starts_with(&self.root) {
            return Ok(Err(Unusable::LeavesTree));
        }
        if target == self.root || way.iter().any(|step| step.place == target) {
            return Ok(Err(Unusable::Loop));
        }
        fs::metadata(&target).map(Ok)
    }

    fn file(&self, path: &str) -> io::Result<(File, u64)> {
        let steps = self.resolve(path)?;
        // Before opening, because to open a pipe is to wait for its other end.
        let step = steps.last().filter(|step| step.metadata.is_file());
        let Some(step) = step else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "it is not a regular file",
            ));
        };
        Ok((File::open(&step.place)?, step.metadata.len()))
    }
}

impl FolderTree {
    /// What lies in each of several folders, listed by one thread among others.
    fn entries_of_share(&self, folders: &[&str]) -> Vec<io::Result<Vec<Entry>>> {
        let mut steps = Vec::new();
        let listed = folders.iter().map(|folder| {
            self.resolve_after(&mut steps, folder)?;
            self.list(&steps)
        });
        listed.collect()
    }
}

impl SourceTree for FolderTree {
    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let way = self.resolve(folder)?;
        self.list(&way)
    }

    fn entries_of(&self, folders: &[&str]) -> Vec<io::Result<Vec<Entry>>> {
        let threads = available_parallelism()
            .map_or(1, NonZero::get)
            .min(MOST_THREADS);
        if threads == 1 || folders.len() < WORTH_A_THREAD {
            return folders.iter().map(|folder| self.entries(folder)).collect();
        }
        let share = folders.len().div_ceil(threads);
        thread::scope(|scope| {
            let shares: Vec<_> = folders
                .chunks(share)
                .map(|share| scope.spawn(|| self.entries_of_share(share)))
                .collect();
            let mut all = Vec::with_capacity(folders.len());
            for (share, folders) in shares.into_iter().zip(folders.chunks(share)) {
                match share.join() {
                    Ok(mut entries) => all.append(&mut entries),
                    Err(_) => all.extend(folders.iter().map(|folder| self.entries(folder))),
                }
            }
            all
        })
    }

    fn open<'tree>(&'tree self, path: &str) -> io::Result<Box<dyn Read + 'tree>> {
        Ok(Box::new(self.file(path)?.0))
    }

    fn read(&self, path: &str, max: u64) -> io::Result<Vec<u8>> {
        let (file, size) = self.file(path)?;
        let mut bytes = Vec::with_capacity(size.min(max) as usize + 1);
        file.take(max.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > max {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes)
    }
}

/// Which file it is, how long, and when it and what is kept about it last changed: no writer leaves all of that as it
/// was, once it [is settled](is_settled).
pub fn file_stamp(metadata: &Metadata) -> Stamp {
    let mut bytes = [0; 32];
    let parts = [
        metadata.ino() ^ metadata.dev().rotate_left(48),
        metadata.len(),
        nanoseconds(metadata.mtime(), metadata.mtime_nsec()) as u64,
        nanoseconds(metadata.ctime(), metadata.ctime_nsec()) as u64,
    ];
    for (place, part) in bytes.chunks_exact_mut(8).zip(parts) {
        place.copy_from_slice(&part.to_le_bytes());
    }
    Stamp(bytes)
}

/// Whether a file with this stamp is too old to change once more within the same tick of the file system's clock.
pub fn is_settled(stamp: &Stamp, now: SystemTime) -> bool {
    let Some((_, changed)) = stamp.0.split_last_chunk::<8>() else {
        return false;
    };
    let changed = i128::from(i64::from_le_bytes(*changed));
    let is_coarse = changed % 1_000_000 == 0;
    let tick = if is_coarse { COARSE_TICK } else { TICK };
    now.duration_since(SystemTime::UNIX_EPOCH)
        .is_ok_and(|now| changed + tick.as_nanos() as i128 <= now.as_nanos() as i128)
}

fn nanoseconds(seconds: i64, nanoseconds: i64) -> i64 {
    seconds
        .saturating_mul(1_000_000_000)
        .saturating_add(nanoseconds)
}

/// Whether a part of a path names something in its folder.
fn is_name(part: &OsStr) -> bool {
    Path::new(part).file_name() == Some(part)
}

fn is_loop(error: &io::Error) -> bool {
    // `ErrorKind::FilesystemLoop` is not stable yet, so this is what it prints as.
    error.kind().to_string() == "filesystem loop or indirection limit (e.g. symlink loop)"
}
