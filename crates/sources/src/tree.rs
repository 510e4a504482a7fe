use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use camino::Utf8Path;
use publish::{Entry, EntryKind, SourceTree, Unusable};

/// Most folders on the way to a file, and most of them that may be links: enough for any real
/// registry, and an end to trees whose links lead crosswise through each other.
const DEEPEST: usize = 64;
const MOST_LINKS: usize = 8;

/// A folder on disk that holds the sources of a registry.
///
/// Links are resolved and must stay inside; nothing but regular files is ever opened.
#[derive(Debug, Clone)]
pub struct FolderTree {
    /// The folder itself, without links on the way to it.
    root: PathBuf,
}

impl FolderTree {
    /// Opens a folder; anything else is an error of kind [`io::ErrorKind::NotADirectory`].
    pub fn open(path: &Utf8Path) -> io::Result<Self> {
        let root = fs::canonicalize(path)?;
        if !fs::metadata(&root)?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(Self { root })
    }

    /// Where a path really leads, and where all folders on the way to it do.
    fn resolve(&self, path: &str) -> io::Result<Resolved> {
        let mut resolved = Resolved {
            place: self.root.clone(),
            way: vec![self.root.clone()],
        };
        if path.is_empty() {
            return Ok(resolved);
        }
        let mut links = 0;
        for part in path.split('/') {
            if !is_name(OsStr::new(part)) || resolved.way.len() > DEEPEST {
                return Err(io::ErrorKind::InvalidInput.into());
            }
            let next = resolved.place.join(part);
            resolved.place = if fs::symlink_metadata(&next)?.is_symlink() {
                links += 1;
                let target = fs::canonicalize(&next)?;
                if links > MOST_LINKS || !target.starts_with(&self.root) {
                    return Err(io::ErrorKind::PermissionDenied.into());
                }
                target
            } else {
                next
            };
            resolved.way.push(resolved.place.clone());
        }
        Ok(resolved)
    }

    fn kind(&self, path: &Path, way: &[PathBuf]) -> io::Result<EntryKind> {
        let mut metadata = fs::symlink_metadata(path)?;
        if metadata.is_symlink() {
            let target = match fs::canonicalize(path) {
                Ok(target) => target,
                // A link to itself has no end either.
                Err(error) if error.kind() == io::ErrorKind::NotFound || is_loop(&error) => {
                    return Ok(EntryKind::Unusable(Unusable::Dangling));
                }
                Err(error) => return Err(error),
            };
            if !target.starts_with(&self.root) {
                return Ok(EntryKind::Unusable(Unusable::LeavesTree));
            }
            if way.contains(&target) {
                return Ok(EntryKind::Unusable(Unusable::Loop));
            }
            metadata = fs::metadata(&target)?;
        }
        Ok(if metadata.is_dir() {
            EntryKind::Folder
        } else if metadata.is_file() {
            EntryKind::File {
                size: metadata.len(),
            }
        } else {
            EntryKind::Unusable(Unusable::Special)
        })
    }
}

impl SourceTree for FolderTree {
    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let Resolved { place, way } = self.resolve(folder)?;
        let mut entries = Vec::new();
        for found in fs::read_dir(&place)? {
            let found = found?;
            let name = found.file_name();
            let kind = if name.to_str().is_none() {
                EntryKind::Unusable(Unusable::NameNotUtf8)
            } else {
                match self.kind(&found.path(), &way) {
                    Ok(kind) => kind,
                    // It went away while the folder was read.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(error),
                }
            };
            entries.push(Entry {
                name: name.to_string_lossy().into_owned(),
                kind,
            });
        }
        Ok(entries)
    }

    fn open<'tree>(&'tree self, path: &str) -> io::Result<Box<dyn Read + 'tree>> {
        let place = self.resolve(path)?.place;
        // Before opening, because to open a pipe is to wait for its other end.
        if !fs::metadata(&place)?.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "it is not a regular file",
            ));
        }
        Ok(Box::new(File::open(place)?))
    }
}

/// Where a path leads.
struct Resolved {
    place: PathBuf,
    /// The places of the root, of each folder on the way, and of the path itself.
    way: Vec<PathBuf>,
}

/// Whether a part of a path names something in its folder.
fn is_name(part: &OsStr) -> bool {
    Path::new(part).file_name() == Some(part)
}

fn is_loop(error: &io::Error) -> bool {
    // `ErrorKind::FilesystemLoop` is not stable yet, so this is what it prints as.
    error.kind().to_string() == "filesystem loop or indirection limit (e.g. symlink loop)"
}
