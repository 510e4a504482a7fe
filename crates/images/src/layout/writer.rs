use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::PathBuf;

use model::Digest;
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use sha2::{Digest as _, Sha256};

use super::flights::Turn;
use super::folder::{Folder, remove};
use crate::LayoutError;

/// Written at once. Large enough that the disk is kept busy by a few writers.
const BUFFER: usize = 1024 * 1024;
/// What unbuffered writes must be aligned to; the largest that is common.
const ALIGNMENT: usize = 4096;
/// Blobs from here on bypass the page cache: they are written once and, as a rule, not read soon, and
/// syncing them at the end costs nothing then.
const UNBUFFERED_FROM: u64 = 4 * 1024 * 1024;

/// Writes one layer to its partial file and hashes it on the way.
///
/// Dropped before its end it leaves a file that [`BlobWriter::open`] continues.
pub(crate) struct BlobWriter {
    digest: Digest,
    path: PathBuf,
    target: PathBuf,
    file: File,
    hasher: Sha256,
    buffer: Buffer,
    /// Bytes in the file, before those in the buffer.
    written: u64,
    unbuffered: bool,
    /// Whether some bytes were read back from an earlier process's file.
    resumed: bool,
    /// Held to the last write, so that nobody else opens the file before.
    _turn: Turn,
}

impl BlobWriter {
    /// Opens the partial file, hashing what is there already.
    pub(crate) fn open(
        folder: &Folder,
        digest: &Digest,
        size: u64,
        turn: Turn,
    ) -> Result<Self, LayoutError> {
        let path = folder.partial(digest);
        let open = |flags: OFlags| {
            OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .custom_flags(flags.bits().cast_signed())
                .open(&path)
        };
        let begin = || -> io::Result<Self> {
            let mut file = open(OFlags::empty())?;
            let length = file.metadata()?.len();
            let keep = if length > size {
                0
            } else {
                length - length % ALIGNMENT as u64
            };
            file.set_len(keep)?;
            let mut hasher = Sha256::new();
            let mut buffer = Buffer::new();
            let mut left = keep;
            while left > 0 {
                let part = buffer.part(left);
                file.read_exact(part)?;
                hasher.update(&*part);
                left -= part.len() as u64;
            }
            let mut unbuffered = false;
            if size >= UNBUFFERED_FROM {
                // Some file systems do not know this flag, which is no reason to fail.
                if let Ok(direct) = open(OFlags::DIRECT) {
                    file = direct;
                    unbuffered = true;
                }
            }
            Ok(Self {
                digest: digest.clone(),
                target: folder.blob(digest),
                path: path.clone(),
                file,
                hasher,
                buffer,
                written: keep,
                unbuffered,
                resumed: keep > 0,
                _turn: turn,
            })
        };
        begin().map_err(LayoutError::io(format!("open `{}`", path.display())))
    }

    /// Bytes taken in so far, those read back included.
    pub(crate) fn length(&self) -> u64 {
        self.written + self.buffer.filled as u64
    }

    pub(crate) fn is_resumed(&self) -> bool {
        self.resumed
    }

    /// Takes bytes in.
    pub(crate) fn write(&mut self, mut bytes: &[u8]) -> Result<(), LayoutError> {
        // Hashed piece by piece while copied, so that the second reading finds them in the cache.
        while !bytes.is_empty() {
            let taken = self.buffer.take(bytes);
            self.hasher.update(&bytes[..taken]);
            bytes = &bytes[taken..];
            if self.buffer.filled == BUFFER {
                self.flush(BUFFER)?;
            }
        }
        Ok(())
    }

    /// Throws away everything taken in.
    pub(crate) fn restart(&mut self) -> Result<(), LayoutError> {
        self.file
            .set_len(0)
            .map_err(LayoutError::io(format!("empty `{}`", self.path.display())))?;
        self.hasher = Sha256::new();
        self.buffer.filled = 0;
        self.written = 0;
        self.resumed = false;
        Ok(())
    }

    /// Throws the partial file away.
    pub(crate) fn discard(mut self) -> Result<(), LayoutError> {
        self.buffer.filled = 0;
        remove(&self.path).map(|_| ())
    }

    /// Writes the rest, checks the digest, syncs the file and gives it its final name.
    ///
    /// What came instead is told if the digest differs; the file is then still there. The folder is not synced.
    pub(crate) fn finish(&mut self) -> Result<Result<(), Digest>, LayoutError> {
        let found = Digest::from_sha256(&self.hasher.clone().finalize().into());
        if found != self.digest {
            return Ok(Err(found));
        }
        self.flush(self.buffer.filled)?;
        self.file
            .sync_data()
            .and_then(|()| fs::rename(&self.path, &self.target))
            .map_err(LayoutError::io(format!(
                "finish `{}`",
                self.target.display()
            )))?;
        Ok(Ok(()))
    }

    /// Writes the first bytes of the buffer, and keeps the others in it.
    fn flush(&mut self, length: usize) -> Result<(), LayoutError> {
        let mut flush = || -> io::Result<()> {
            if !length.is_multiple_of(ALIGNMENT) {
                self.use_page_cache()?;
            }
            let bytes = &self.buffer.filled()[..length];
            match self.file.write_all_at(bytes, self.written) {
                // A disk with larger blocks than we align to.
                Err(error) if self.unbuffered && error.kind() == io::ErrorKind::InvalidInput => {
                    self.use_page_cache()?;
                    self.file
                        .write_all_at(&self.buffer.filled()[..length], self.written)?;
                }
                other => other?,
            }
            Ok(())
        };
        flush().map_err(LayoutError::io(format!("write `{}`", self.path.display())))?;
        self.written += length as u64;
        self.buffer.drop_first(length);
        Ok(())
    }

    fn use_page_cache(&mut self) -> io::Result<()> {
        if self.unbuffered {
            let flags = fcntl_getfl(&self.file)?;
            fcntl_setfl(&self.file, flags - OFlags::DIRECT)?;
            self.unbuffered = false;
        }
        Ok(())
    }
}

impl Drop for BlobWriter {
    /// Leaves as much as possible to whoever continues. After [`BlobWriter::finish`] there is nothing left.
    fn drop(&mut self) {
        let whole = self.buffer.filled - self.buffer.filled % ALIGNMENT;
        if whole > 0 {
            // If it fails these bytes are fetched again, no more.
            let _ = self.flush(whole);
        }
    }
}

/// Bytes on their way to the disk, at an address that unbuffered writes take.
struct Buffer {
    memory: Vec<u8>,
    start: usize,
    filled: usize,
}

impl Buffer {
    fn new() -> Self {
        let memory = vec![0; BUFFER + ALIGNMENT];
        // Of the two outcomes the standard library allows, "cannot align" is for compile time only;
        // writes would then fail cleanly and go through the page cache.
        let start = memory.as_ptr().align_offset(ALIGNMENT).min(ALIGNMENT);
        Self {
            memory,
            start,
            filled: 0,
        }
    }

    fn filled(&self) -> &[u8] {
        &self.memory[self.start..self.start + self.filled]
    }

    /// Takes as many of the bytes as there is room for, and tells how many.
    fn take(&mut self, bytes: &[u8]) -> usize {
        let taken = bytes.len().min(BUFFER - self.filled);
        let from = self.start + self.filled;
        self.memory[from..from + taken].copy_from_slice(&bytes[..taken]);
        self.filled += taken;
        taken
    }

    fn drop_first(&mut self, length: usize) {
        let range = self.start + length..self.start + self.filled;
        self.memory.copy_within(range, self.start);
        self.filled -= length;
    }

    /// Room for reading up to so many bytes, while nothing is filled.
    fn part(&mut self, length: u64) -> &mut [u8] {
        let length = length.min(BUFFER as u64) as usize;
        &mut self.memory[self.start..self.start + length]
    }
}
