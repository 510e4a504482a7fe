use std::io::{self, Read};

/// A folder that holds the sources of a registry.
///
/// Paths are relative to the tree's root, with `/` between the parts; the root itself is the empty path.
/// Implementations resolve symbolic links: a link that stays inside the tree appears as what it points to, any other
/// as [`EntryKind::Unusable`].
pub trait SourceTree {
    /// What lies in one folder, in any order.
    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>>;

    /// What lies in each of several folders, for those trees that list many as fast as one.
    fn entries_of(&self, folders: &[&str]) -> Vec<io::Result<Vec<Entry>>> {
        folders.iter().map(|folder| self.entries(folder)).collect()
    }

    /// Opens one file for reading.
    fn open<'tree>(&'tree self, path: &str) -> io::Result<Box<dyn Read + 'tree>>;

    /// The content of one file; a file of more than `max` bytes is an error of kind [`io::ErrorKind::FileTooLarge`].
    fn read(&self, path: &str, max: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(path)?
            .take(max.saturating_add(1))
            .read_to_end(&mut bytes)?;
        if bytes.len() as u64 > max {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes)
    }
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name, without the folder; with replacement characters if it is not UTF-8.
    pub name: String,
    /// What the name stands for.
    pub kind: EntryKind,
    /// When a file's content last changed, milliseconds since 1970; nothing where no such time is kept.
    pub modified_ms: Option<i64>,
    /// Tells a file's content apart without reading it; nothing where that cannot be relied on.
    pub stamp: Option<Stamp>,
}

impl Entry {
    /// A name of which nothing more is known.
    pub fn new(name: impl Into<String>, kind: EntryKind) -> Self {
        Self {
            name: name.into(),
            kind,
            modified_ms: None,
            stamp: None,
        }
    }
}

/// What tells the contents of one file at different times apart: as long as it is the same, so are the bytes.
///
/// Only stamps of the same path in the same tree can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp(pub [u8; 32]);

/// What a name in a folder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file, or a link to one inside the tree.
    File {
        /// Its length in bytes when it was listed.
        size: u64,
    },
    /// A folder, or a link to one inside the tree.
    Folder,
    /// Something that cannot be published.
    Unusable(Unusable),
}

/// Why a name in a folder cannot be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// A link that leads out of the tree.
    LeavesTree,
    /// A link that leads nowhere.
    Dangling,
    /// A link to itself, or to one of the folders that lie on the way to it.
    Loop,
    /// Neither a file nor a folder: a socket, a pipe, a device.
    Special,
    /// A name that is not UTF-8.
    NameNotUtf8,
    /// A repository inside a repository, whose files are not there.
    Submodule,
}
