//! The `sha` of a published workspace: a hash over a folder's names and contents.
//!
//! A file hashes its name and its bytes, a folder its name and the hexadecimal hashes of its children in collation
//! order. The hash tells two states of a folder apart and nothing more: SHA-1 is what the registry format says.

use std::cmp::Ordering;

use data_encoding::HEXLOWER;
use sha1::{Digest as _, Sha1};

use crate::compare_names;

/// A file or folder with its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    name: String,
    hash: [u8; 20],
}

/// Hashes a file piece by piece.
#[derive(Debug, Clone)]
pub struct FileHasher {
    name: String,
    state: Sha1,
}

impl Node {
    /// A file of that name and content.
    pub fn file(name: &str, bytes: &[u8]) -> Self {
        let mut hasher = FileHasher::new(name);
        hasher.update(bytes);
        hasher.finish()
    }

    /// A folder of that name; the children may come in any order.
    pub fn folder(name: &str, mut children: Vec<Self>) -> Self {
        children.sort_by(Self::collate);
        let mut state = Sha1::new();
        state.update(name);
        for child in &children {
            state.update(child.hex());
        }
        Self {
            name: name.to_owned(),
            hash: state.finalize().into(),
        }
    }

    /// A file or folder whose hash is known from before.
    pub fn known(name: &str, hash: [u8; 20]) -> Self {
        Self {
            name: name.to_owned(),
            hash,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its hash.
    pub const fn hash(&self) -> [u8; 20] {
        self.hash
    }

    /// Its hash as 40 lower-case hexadecimal digits: what `sha` holds.
    pub fn hex(&self) -> String {
        HEXLOWER.encode(&self.hash)
    }

    fn collate(&self, other: &Self) -> Ordering {
        compare_names(&self.name, &other.name)
    }
}

impl FileHasher {
    /// Starts a file of that name.
    pub fn new(name: &str) -> Self {
        let mut state = Sha1::new();
        state.update(name);
        Self {
            name: name.to_owned(),
            state,
        }
    }

    /// Takes the next bytes of the file.
    pub fn update(&mut self, bytes: &[u8]) {
        self.state.update(bytes);
    }

    /// The file with its hash.
    pub fn finish(self) -> Node {
        Node {
            name: self.name,
            hash: self.state.finalize().into(),
        }
    }
}
