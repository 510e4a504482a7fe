use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::num::NonZeroU64;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;

use model::Digest;
use rustix::fs::{Advice, fadvise};
use sha2::{Digest as _, Sha256};

use super::flights::Turn;
use super::folder::{Folder, remove};
use super::pull::PullClaim;
use crate::LayoutError;

/// After so many bytes the disk is set to work. Left to itself the system would let a layer gather in memory, and the
/// sync at its end would wait for all of it.
const STEP: u64 = 4 * 1024 * 1024;
/// Read back at once from what an earlier process left.
const BUFFER: usize = 1024 * 1024;

/// Writes one layer to its partial file and hashes it on the way.
///
/// Dropped before its end it leaves a file that [`BlobWriter::open`] continues.
pub(crate) struct BlobWriter {
    digest: Digest,
    path: PathBuf,
    target: PathBuf,
    file: File,
    hasher: Sha256,
    written: u64,
    /// Bytes that the disk has been set to work on.
    begun: u64,
    /// Whether some bytes were read back from an earlier process's file.
    resumed: bool,
    /// Held to the last write, so that nobody else opens the file before.
    _turn: Turn,
    /// Held as long, so that what is written last is still claimed when a pull is cut off.
    _claim: Arc<PullClaim>,
}

impl BlobWriter {
    /// Opens the partial file, hashing what is there already.
    pub(crate) fn open(
        folder: &Folder,
        digest: &Digest,
        size: u64,
        turn: Turn,
        claim: Arc<PullClaim>,
    ) -> Result<Self, LayoutError> {
        let path = folder.partial(digest);
        let begin = || -> io::Result<Self> {
            let mut file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)?;
            let length = file.metadata()?.len();
            if length > size {
                file.set_len(0)?;
            }
            let mut hasher = Sha256::new();
            let mut buffer = vec![0; if length > 0 { BUFFER } else { 0 }];
            let mut written = 0;
            while length <= size && written < length {
                let read = file.read(&mut buffer)?;
                if read == 0 {
                    break;
                }
                hasher.update(&buffer[..read]);
                written += read as u64;
            }
            Ok(Self {
                digest: digest.clone(),
                target: folder.blob(digest),
                path: path.clone(),
                file,
                hasher,
                written,
                begun: written,
                resumed: written > 0,
                _turn: turn,
                _claim: claim,
            })
        };
        begin().map_err(LayoutError::io(format!("open `{}`", path.display())))
    }

    /// Bytes written so far, those read back included.
    pub(crate) fn length(&self) -> u64 {
        self.written
    }

    pub(crate) fn is_resumed(&self) -> bool {
        self.resumed
    }

    /// Writes bytes behind the others.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), LayoutError> {
        self.hasher.update(bytes);
        self.file
            .write_all_at(bytes, self.written)
            .map_err(LayoutError::io(format!("write `{}`", self.path.display())))?;
        self.written += bytes.len() as u64;
        if self.written - self.begun >= STEP {
            // Begins to write these pages out and does not wait for it; where that is not possible, the sync does it.
            let length = NonZeroU64::new(self.written - self.begun);
            let _ = fadvise(&self.file, self.begun, length, Advice::DontNeed);
            self.begun = self.written;
        }
        Ok(())
    }

    /// Throws away everything written.
    pub(crate) fn restart(&mut self) -> Result<(), LayoutError> {
        self.file
            .set_len(0)
            .map_err(LayoutError::io(format!("empty `{}`", self.path.display())))?;
        self.hasher = Sha256::new();
        self.written = 0;
        self.begun = 0;
        self.resumed = false;
        Ok(())
    }

    /// Throws the partial file away.
    pub(crate) fn discard(self) -> Result<(), LayoutError> {
        remove(&self.path).map(|_| ())
    }

    /// Checks the digest, syncs the file and gives it its final name.
    ///
    /// What came instead is told if the digest differs; the file is then still there. The folder is not synced.
    pub(crate) fn finish(&mut self) -> Result<Result<(), Digest>, LayoutError> {
        let found = Digest::from_sha256(&self.hasher.clone().finalize().into());
        if found != self.digest {
            return Ok(Err(found));
        }
        self.file
            .sync_data()
            .and_then(|()| fs::rename(&self.path, &self.target))
            .map_err(LayoutError::io(format!(
                "finish `{}`",
                self.target.display()
            )))?;
        Ok(Ok(()))
    }
}
