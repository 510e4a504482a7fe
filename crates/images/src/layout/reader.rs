use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use model::Digest;

use super::folder::Folder;
use super::index::Index;
use super::reached::{Blob, Reached};
use super::{StoredImage, stored_image};
use crate::LayoutError;

/// A folder of images seen from outside: nothing is written or locked, and another process may be writing to it.
///
/// A folder that is not there yet holds no image.
#[derive(Clone)]
pub struct LayoutReader {
    inner: Arc<Inner>,
}

struct Inner {
    folder: Folder,
    /// What the index led to when it was last looked at; read again once the file is another.
    seen: Mutex<Option<(Stamp, Arc<Contents>)>>,
}

/// Tells one state of the index file from the next; it is replaced, never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    size: u64,
    seconds: i64,
    nanoseconds: i64,
}

/// Everything that the index leads to.
#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) repositories: HashMap<String, RepositoryContents>,
    images: Vec<StoredImage>,
}

/// The images of one repository.
#[derive(Default)]
pub(crate) struct RepositoryContents {
    pub(crate) tags: BTreeMap<String, Digest>,
    pub(crate) blobs: HashMap<Digest, Blob>,
}

impl LayoutReader {
    /// Looks at a folder.
    pub fn open(folder: &Path) -> Self {
        Self {
            inner: Arc::new(Inner {
                folder: Folder::new(folder),
                seen: Mutex::new(None),
            }),
        }
    }

    /// The images that are there whole for at least one architecture, under each of their names.
    pub fn images(&self) -> Result<Vec<StoredImage>, LayoutError> {
        Ok(self.contents()?.images.clone())
    }

    pub(crate) fn folder(&self) -> &Folder {
        &self.inner.folder
    }

    pub(crate) fn contents(&self) -> Result<Arc<Contents>, LayoutError> {
        let folder = &self.inner.folder;
        // Taken before the file is read: if it is replaced in between, the next look reads it again.
        let Some(stamp) = stamp(folder) else {
            return Ok(Arc::default());
        };
        let mut seen = self
            .inner
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some((known, contents)) = &*seen
            && *known == stamp
        {
            return Ok(Arc::clone(contents));
        }
        let contents = Arc::new(Contents::read(folder)?);
        *seen = Some((stamp, Arc::clone(&contents)));
        Ok(contents)
    }
}

impl Contents {
    fn read(folder: &Folder) -> Result<Self, LayoutError> {
        let mut contents = Self::default();
        for entry in Index::load(folder)?.entries() {
            let Some(name) = entry.name() else { continue };
            let reached = Reached::from(folder, &entry.descriptor())?;
            contents.images.extend(stored_image(entry, &reached));
            let repository = contents
                .repositories
                .entry(name.repository().to_owned())
                .or_default();
            if let Some(tag) = name.tag() {
                repository.tags.insert(tag.to_owned(), entry.digest.clone());
            }
            repository.blobs.extend(reached.blobs);
        }
        Ok(contents)
    }
}

fn stamp(folder: &Folder) -> Option<Stamp> {
    let metadata = fs::metadata(folder.index()).ok()?;
    Some(Stamp {
        inode: metadata.ino(),
        size: metadata.size(),
        seconds: metadata.mtime(),
        nanoseconds: metadata.mtime_nsec(),
    })
}
