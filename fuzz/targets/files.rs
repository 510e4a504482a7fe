use std::collections::BTreeMap;
use std::io::{self, Read};

use publish::{Entry, EntryKind, SourceTree};

/// A source tree in memory.
pub(crate) struct Files(BTreeMap<&'static str, Vec<u8>>);

impl Files {
    pub(crate) fn new(files: impl IntoIterator<Item = (&'static str, Vec<u8>)>) -> Self {
        Self(files.into_iter().collect())
    }

    /// What a file holds.
    pub(crate) fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }
}

impl SourceTree for Files {
    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        let mut entries = BTreeMap::new();
        for (path, bytes) in &self.0 {
            let rest = match folder {
                "" => Some(*path),
                _ => path
                    .strip_prefix(folder)
                    .and_then(|rest| rest.strip_prefix('/')),
            };
            let Some(rest) = rest else { continue };
            match rest.split_once('/') {
                Some((name, _)) => entries.insert(name, EntryKind::Folder),
                None => {
                    let size = bytes.len() as u64;
                    entries.insert(rest, EntryKind::File { size })
                }
            };
        }
        let entries = entries.into_iter();
        Ok(entries.map(|(name, kind)| Entry::new(name, kind)).collect())
    }

    fn open<'tree>(&'tree self, path: &str) -> io::Result<Box<dyn Read + 'tree>> {
        let bytes = self.bytes(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(bytes))
    }
}
