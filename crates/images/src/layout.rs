//! The OCI image layout on disk.

mod claims;
mod flights;
mod folder;
mod index;
mod name;
mod pull;
mod put;
mod reached;
mod reader;
mod transfer;
mod writer;

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{Digest, ImageReference};

use claims::Claims;
use flights::Flights;
use folder::{Folder, remove};
use index::{Entry, Index};
use reached::Reached;

use crate::LayoutError;
use crate::document::Descriptor;

pub use name::{StoredName, StoredNameError};
pub use pull::{OnProgress, PulledImage};
pub use put::{LocalImage, LocalLayer};
pub use reader::LayoutReader;
pub use transfer::LayerProgress;

pub(crate) use reader::RepositoryContents;

/// A folder of images that this process alone writes to; clones are the same folder.
///
/// Except for [`Layout::pull`], the calls wait for the disk: in asynchronous code they belong on a thread where
/// that is allowed.
#[derive(Clone)]
pub struct Layout {
    inner: Arc<Inner>,
}

/// One image under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredImage {
    /// The name.
    pub name: StoredName,
    /// The digest it was pinned to.
    pub digest: Digest,
    /// The architectures that are there whole.
    pub architectures: Vec<String>,
    /// Bytes on disk, shared layers included.
    pub size_bytes: u64,
}

pub(crate) struct Inner {
    pub(crate) folder: Folder,
    pub(crate) flights: Flights,
    state: Mutex<State>,
    /// Locked for as long as the folder is open.
    _lock: File,
}

pub(crate) struct State {
    index: Index,
    /// By the digest of the topmost document.
    reached: HashMap<Digest, Reached>,
    pub(crate) claims: Claims,
}

impl Layout {
    /// Opens a folder for writing, making it if it is not there.
    ///
    /// What a killed process was writing is swept; layers that an unfinished pull may continue are kept.
    pub fn open(folder: &Path) -> Result<Self, LayoutError> {
        let folder = Folder::new(folder);
        folder.make()?;
        let lock = lock(&folder)?;
        folder.sweep()?;
        let index = Index::load(&folder)?;
        let mut reached = HashMap::new();
        for entry in index.entries() {
            reached.insert(
                entry.digest.clone(),
                Reached::from(&folder, &entry.descriptor())?,
            );
        }
        let claims = Claims::load(&folder)?;
        let state = State {
            index,
            reached,
            claims,
        };
        state.collect(&folder)?;
        Ok(Self {
            inner: Arc::new(Inner {
                folder,
                flights: Flights::default(),
                state: Mutex::new(state),
                _lock: lock,
            }),
        })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.inner.folder.root()
    }

    /// A view of the folder that never writes.
    pub fn reader(&self) -> LayoutReader {
        LayoutReader::open(self.path())
    }

    /// The images that are there whole for at least one architecture, under each of their names.
    pub fn images(&self) -> Vec<StoredImage> {
        let state = self.inner.state();
        let stored = state.index.entries().iter().filter_map(|entry| {
            let reached = state.reached.get(&entry.digest)?;
            stored_image(entry, reached)
        });
        stored.collect()
    }

    /// Whether an image is there whole for an architecture, under whichever tag of its repository.
    pub fn holds(&self, reference: &ImageReference, digest: &Digest, architecture: &str) -> bool {
        let state = self.inner.state();
        let whole = state
            .reached
            .get(digest)
            .is_some_and(|reached| reached.is_whole_for(architecture));
        let repository = reference.name();
        whole
            && state
                .index
                .entries()
                .iter()
                .any(|entry| entry.digest == *digest && entry.is_in(&repository))
    }

    /// Takes an image out of its repository, with every tag it has there, and removes the blobs that no other image
    /// and no pull at work wants. What an unfinished pull of it left goes too.
    ///
    /// Tells the bytes regained, or nothing if the image was not there.
    pub fn remove(
        &self,
        reference: &ImageReference,
        digest: &Digest,
    ) -> Result<Option<u64>, LayoutError> {
        self.forget(&reference.name(), digest)
    }

    /// As [`Self::remove`], for an image that was put here under a name of one's own.
    pub fn remove_stored(
        &self,
        name: &StoredName,
        digest: &Digest,
    ) -> Result<Option<u64>, LayoutError> {
        self.forget(name.repository(), digest)
    }

    fn forget(&self, repository: &str, digest: &Digest) -> Result<Option<u64>, LayoutError> {
        let folder = &self.inner.folder;
        let mut state = self.inner.state();
        let was_there = state.index.forget(repository, digest);
        if was_there {
            // Blobs go only after the index that no longer leads to them.
            state.index.store(folder)?;
        }
        let entries = state.index.entries();
        if !entries.iter().any(|entry| entry.digest == *digest) {
            state.reached.remove(digest);
            state.claims.give_up(folder, digest)?;
        }
        let regained = state.collect(folder)?;
        Ok(was_there.then_some(regained))
    }
}

impl Inner {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes of these blobs that are still to come, or nothing if all blobs are there.
    ///
    /// Zero bytes of a blob may be to come while it has not been verified yet.
    pub(crate) fn missing_bytes(&self, blobs: &[Descriptor]) -> Option<u64> {
        let missing = blobs.iter().filter_map(|blob| {
            if self.folder.has_blob(&blob.digest, blob.size) {
                return None;
            }
            let partial = fs::metadata(self.folder.partial(&blob.digest));
            Some(
                blob.size
                    .saturating_sub(partial.map_or(0, |partial| partial.len())),
            )
        });
        missing.reduce(u64::saturating_add)
    }

    /// Names an image whose blobs have all been verified, and tells its size.
    pub(crate) fn arrive(
        &self,
        name: &StoredName,
        top: &Descriptor,
        architecture: &str,
        is_new: bool,
    ) -> Result<u64, LayoutError> {
        let mut state = self.state();
        self.folder.sync_blobs()?;
        let reached = Reached::from(&self.folder, top)?;
        if !reached.is_whole_for(architecture) {
            let missing = io::Error::from(io::ErrorKind::NotFound);
            return Err(LayoutError::io("find every blob of the image")(missing));
        }
        let size = reached.size();
        let named = state
            .index
            .name(name, &top.media_type, &top.digest, top.size);
        if named || is_new {
            state.index.store(&self.folder)?;
        }
        state.reached.insert(top.digest.clone(), reached);
        state.claims.arrived(&self.folder, &top.digest)?;
        state.collect_partials(&self.folder)?;
        Ok(size)
    }
}

impl State {
    /// Removes every blob and partial layer that no image and no pull wants, and tells the bytes regained.
    fn collect(&self, folder: &Folder) -> Result<u64, LayoutError> {
        let kept: HashSet<&Digest> = self
            .reached
            .values()
            .flat_map(|reached| reached.blobs.keys())
            .collect();
        let mut regained: u64 = 0;
        for (digest, metadata) in Folder::list(&folder.blobs())? {
            let wanted = kept.contains(&digest) || self.claims.want(&digest);
            if !wanted && remove(&folder.blob(&digest))? {
                regained = regained.saturating_add(metadata.len());
            }
        }
        Ok(regained.saturating_add(self.collect_partials(folder)?))
    }

    fn collect_partials(&self, folder: &Folder) -> Result<u64, LayoutError> {
        let mut regained: u64 = 0;
        for (digest, metadata) in Folder::list(&folder.partials())? {
            if !self.claims.want(&digest) && remove(&folder.partial(&digest))? {
                regained = regained.saturating_add(metadata.len());
            }
        }
        Ok(regained)
    }
}

impl Entry {
    fn descriptor(&self) -> Descriptor {
        Descriptor {
            media_type: self.media_type.clone(),
            digest: self.digest.clone(),
            size: self.size,
            platform: None,
        }
    }
}

fn stored_image(entry: &Entry, reached: &Reached) -> Option<StoredImage> {
    if reached.whole.is_empty() {
        return None;
    }
    Some(StoredImage {
        name: entry.name()?,
        digest: entry.digest.clone(),
        architectures: reached.whole.clone(),
        size_bytes: reached.size(),
    })
}

fn lock(folder: &Folder) -> Result<File, LayoutError> {
    let path = folder.lock();
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(LayoutError::io(format!("open `{}`", path.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LayoutError::InUse {
            folder: folder.root().display().to_string(),
        }),
        Err(TryLockError::Error(error)) => {
            Err(LayoutError::io(format!("lock `{}`", path.display()))(error))
        }
    }
}
