use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use model::Digest;
use sha2::{Digest as _, Sha256};

use crate::LayoutError;

/// The largest document read into memory; configs are the largest that are allowed.
const MAX_DOCUMENT: u64 = crate::document::MAX_CONFIG;

/// Where things lie in an image layout, and how a file gets there whole or not at all.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.root.join("index.json")
    }

    pub(crate) fn marker(&self) -> PathBuf {
        self.root.join("oci-layout")
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join(".lock")
    }

    pub(crate) fn blobs(&self) -> PathBuf {
        self.root.join("blobs/sha256")
    }

    pub(crate) fn blob(&self, digest: &Digest) -> PathBuf {
        self.blobs().join(digest.hex())
    }

    /// Files that are being written; whatever lies here after a start is left over.
    pub(crate) fn ingest(&self) -> PathBuf {
        self.root.join(".ingest")
    }

    /// Layers that have not come whole yet; kept while a claim names them.
    pub(crate) fn partials(&self) -> PathBuf {
        self.ingest().join("partial")
    }

    pub(crate) fn partial(&self, digest: &Digest) -> PathBuf {
        self.partials().join(digest.hex())
    }

    /// What unfinished pulls have fetched or will fetch.
    pub(crate) fn claims(&self) -> PathBuf {
        self.ingest().join("pull")
    }

    pub(crate) fn claim(&self, image: &Digest) -> PathBuf {
        self.claims().join(image.hex())
    }

    pub(crate) fn make(&self) -> Result<(), LayoutError> {
        for folder in [self.blobs(), self.partials(), self.claims()] {
            fs::create_dir_all(&folder)
                .map_err(LayoutError::io(format!("create `{}`", folder.display())))?;
        }
        Ok(())
    }

    /// Whether a blob is there with the length that its descriptor gives.
    pub(crate) fn has_blob(&self, digest: &Digest, size: u64) -> bool {
        fs::metadata(self.blob(digest)).is_ok_and(|found| found.is_file() && found.len() == size)
    }

    /// Reads a document and checks it; one that is damaged counts as not there.
    pub(crate) fn read_document(&self, digest: &Digest) -> Result<Option<Vec<u8>>, LayoutError> {
        let path = self.blob(digest);
        let read = || -> io::Result<Vec<u8>> {
            let mut bytes = Vec::new();
            File::open(&path)?
                .take(MAX_DOCUMENT + 1)
                .read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        match read() {
            Ok(bytes) if bytes.len() as u64 > MAX_DOCUMENT => Ok(None),
            Ok(bytes) => {
                let found = Digest::from_sha256(&Sha256::digest(&bytes).into());
                Ok((found == *digest).then_some(bytes))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(LayoutError::io(format!("read `{}`", path.display()))(error)),
        }
    }

    /// Writes a file beside its target, syncs it and renames it, so that readers see the old or the new one.
    ///
    /// The target's folder is not synced: see [`Self::sync_blobs`] and [`Self::sync_root`].
    pub(crate) fn replace(&self, target: &Path, bytes: &[u8]) -> Result<(), LayoutError> {
        let write = || -> io::Result<()> {
            // As other files are made; a temporary one would be for its owner alone.
            let mut file = tempfile::Builder::new()
                .permissions(fs::Permissions::from_mode(0o666))
                .tempfile_in(self.ingest())?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(target).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(LayoutError::io(format!("write `{}`", target.display())))
    }

    pub(crate) fn sync_blobs(&self) -> Result<(), LayoutError> {
        sync(&self.blobs())
    }

    pub(crate) fn sync_root(&self) -> Result<(), LayoutError> {
        sync(&self.root)
    }

    /// The digests that name the files of one of our folders, with their lengths; other files are passed over.
    pub(crate) fn list(folder: &Path) -> Result<Vec<(Digest, fs::Metadata)>, LayoutError> {
        let list = || -> io::Result<Vec<(Digest, fs::Metadata)>> {
            let mut found = Vec::new();
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let digest = entry
                    .file_name()
                    .to_str()
                    .and_then(|name| format!("sha256:{name}").parse().ok());
                if let (Some(digest), Ok(metadata)) = (digest, entry.metadata()) {
                    found.push((digest, metadata));
                }
            }
            Ok(found)
        };
        list().map_err(LayoutError::io(format!("list `{}`", folder.display())))
    }

    /// Removes what a killed process was writing.
    pub(crate) fn sweep(&self) -> Result<(), LayoutError> {
        let sweep = || -> io::Result<()> {
            for entry in fs::read_dir(self.ingest())? {
                let entry = entry?;
                if entry.file_type()?.is_file() {
                    fs::remove_file(entry.path())?;
                }
            }
            Ok(())
        };
        sweep().map_err(LayoutError::io(format!(
            "sweep `{}`",
            self.ingest().display()
        )))
    }

    /// Bytes that may still be written to the disk.
    pub(crate) fn free_bytes(&self) -> Option<u64> {
        let stat = rustix::fs::statvfs(&self.root).ok()?;
        Some(stat.f_bavail.saturating_mul(stat.f_frsize))
    }
}

fn sync(folder: &Path) -> Result<(), LayoutError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(LayoutError::io(format!("sync `{}`", folder.display())))
}

/// Removes a file that may be gone already.
pub(crate) fn remove(path: &Path) -> Result<bool, LayoutError> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(LayoutError::io(format!("remove `{}`", path.display()))(
            error,
        )),
    }
}
