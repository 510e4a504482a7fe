//! Trees and sites for tests: a folder of the repository, or a few files in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use publish::{
    Built, Config, Edition, Entry, EntryKind, Modified, Sink, SourceTree, Unusable, build,
};

/// The time that builds in tests happen at.
pub(crate) const MODIFIED: Modified = Modified::At(1_700_000_000_000);

/// A folder below this crate.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn open(path: &str) -> Self {
        Self(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
    }
}

impl SourceTree for Folder {
    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        std::fs::read_dir(self.0.join(folder))?
            .map(|entry| {
                let entry = entry?;
                let metadata = entry.metadata()?;
                let kind = if metadata.is_dir() {
                    EntryKind::Folder
                } else {
                    EntryKind::File {
                        size: metadata.len(),
                    }
                };
                let name = entry.file_name().to_string_lossy().into_owned();
                Ok(Entry::new(name, kind))
            })
            .collect()
    }

    fn open<'tree>(&'tree self, path: &str) -> io::Result<Box<dyn Read + 'tree>> {
        Ok(Box::new(std::fs::File::open(self.0.join(path))?))
    }
}

/// Files by their path; the folders follow from them.
#[derive(Default)]
pub(crate) struct Memory {
    files: BTreeMap<String, Vec<u8>>,
    unusable: BTreeMap<String, Unusable>,
    broken: BTreeSet<String>,
    closed: BTreeSet<String>,
}

impl Memory {
    pub(crate) fn with(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), content.into());
        self
    }

    pub(crate) fn with_unusable(mut self, path: &str, why: Unusable) -> Self {
        self.unusable.insert(path.to_owned(), why);
        self
    }

    /// A folder that is listed but cannot be looked into.
    pub(crate) fn with_closed(mut self, folder: &str) -> Self {
        self.closed.insert(folder.to_owned());
        self.with(&format!("{folder}/unseen"), "")
    }

    /// A file that is listed but fails when it is read.
    pub(crate) fn with_broken(mut self, path: &str) -> Self {
        self.broken.insert(path.to_owned());
        self.with(path, "")
    }
}

impl SourceTree for Memory {
    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        if self.closed.contains(folder) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let prefix = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let mut entries = BTreeMap::new();
        for (path, content) in &self.files {
            let Some(rest) = path.strip_prefix(&prefix) else {
                continue;
            };
            match rest.split_once('/') {
                Some((name, _)) => entries.insert(name.to_owned(), EntryKind::Folder),
                None => entries.insert(
                    rest.to_owned(),
                    EntryKind::File {
                        size: content.len() as u64,
                    },
                ),
            };
        }
        for (path, why) in &self.unusable {
            if let Some(name) = path
                .strip_prefix(&prefix)
                .filter(|rest| !rest.contains('/'))
            {
                entries.insert(name.to_owned(), EntryKind::Unusable(*why));
            }
        }
        if entries.is_empty() && !folder.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        // Any order will do; this one is not the sorted one.
        Ok(entries
            .into_iter()
            .rev()
            .map(|(name, kind)| Entry::new(name, kind))
            .collect())
    }

    fn open<'tree>(&'tree self, path: &str) -> io::Result<Box<dyn Read + 'tree>> {
        if self.broken.contains(path) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let content = self.files.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(content.as_slice()))
    }
}

/// A site in memory that remembers the order in which it was written.
#[derive(Default)]
pub(crate) struct Site {
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) order: Vec<String>,
}

impl Site {
    pub(crate) fn text(&self, path: &str) -> &str {
        let bytes = self.files.get(path).expect("a published file");
        std::str::from_utf8(bytes).expect("UTF-8")
    }
}

impl Sink for Site {
    fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.files.insert(path.to_owned(), bytes.to_vec());
        self.order.push(path.to_owned());
        Ok(())
    }
}

/// Builds a tree with its own `registry.toml`.
pub(crate) fn publish(tree: &dyn SourceTree) -> (Site, Built) {
    let (config, diagnostics) = Config::read(tree);
    let config = config.unwrap_or_else(|| panic!("{diagnostics:?}"));
    let mut site = Site::default();
    let built = build(&Edition::new(tree, &config, MODIFIED), &mut site).expect("a build");
    (site, built)
}
