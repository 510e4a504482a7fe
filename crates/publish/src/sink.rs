use std::io;

use model::folder_hash::FileHasher;

/// Where the files of a published site go.
///
/// The order of the calls is part of the contract: icons and pages come first, then `list.json`, then `versions.json`,
/// with [`settle`](Self::settle) between them, so that no list that a reader can see names an icon that is not there.
/// What a caller adds follows the same rule: `versions.txt` after the build, removals last.
pub trait Sink {
    /// Puts one file into place, whole or not at all; `path` is relative to the site's root, with `/` between the parts.
    fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// Like [`write`](Self::write), for what is not needed any more.
    fn write_owned(&mut self, path: &str, bytes: Vec<u8>) -> io::Result<()> {
        self.write(path, &bytes)
    }

    /// Like [`write_owned`](Self::write_owned), and remembers what the file was made from, for the next build's
    /// [`holds`](Self::holds).
    fn write_made(&mut self, path: &str, made_from: Fingerprint, bytes: Vec<u8>) -> io::Result<()> {
        let _ = made_from;
        self.write_owned(path, bytes)
    }

    /// Whether the file is in place already, made from the same; then it belongs to the site without being written.
    ///
    /// A sink that remembers nothing says no.
    fn holds(&mut self, path: &str, made_from: Fingerprint) -> bool {
        let _ = (path, made_from);
        false
    }

    /// Waits until everything that was handed over is in place: what follows names it. Until then, a sink may put files
    /// into place in any order.
    fn settle(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A hash over everything that a file of the site is made from: the content itself, or what a page shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 20]);

impl Fingerprint {
    /// Of several parts; other parts have another one, however they are joined.
    pub(crate) fn of<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> Self {
        let mut hasher = FileHasher::new("");
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self(hasher.finish().hash())
    }
}
