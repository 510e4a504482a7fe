use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use publish::{Fingerprint, Stamp};

/// What is remembered of the files of a site: what they were made from, and how they looked then.
#[derive(Debug, Clone, Default)]
pub(crate) struct Records(BTreeMap<String, Record>);

/// What is remembered of one file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    pub(super) stamp: Stamp,
    pub(super) made_from: Fingerprint,
}

impl Records {
    /// The length of a file that is in place as it was written and was made from the same.
    pub(super) fn holds(&self, root: &Path, path: &str, made_from: Fingerprint) -> Option<u64> {
        let record = self.0.get(path)?;
        if record.made_from != made_from {
            return None;
        }
        let metadata = fs::symlink_metadata(root.join(path)).ok()?;
        let is_same = metadata.is_file() && sources::file_stamp(&metadata) == record.stamp;
        is_same.then_some(metadata.len())
    }

    /// Takes in what was just written, and forgets what belongs to the site no more.
    pub(super) fn update(&mut self, files: &BTreeSet<String>, new: Vec<(String, Record)>) {
        self.0.extend(new);
        self.0.retain(|path, _| files.contains(path));
    }

    /// As bytes, without the files that could still change unnoticed.
    pub(crate) fn to_bytes(&self, now: SystemTime) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (path, record) in &self.0 {
            if sources::is_settled(&record.stamp, now) {
                bytes.extend_from_slice(&(path.len() as u32).to_le_bytes());
                bytes.extend_from_slice(path.as_bytes());
                bytes.extend_from_slice(&record.stamp.0);
                bytes.extend_from_slice(&record.made_from.0);
            }
        }
        bytes
    }

    /// From bytes; nothing if they are not such.
    pub(crate) fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let mut records = BTreeMap::new();
        while !bytes.is_empty() {
            let (length, rest) = bytes.split_first_chunk()?;
            let (path, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            let (stamp, rest) = rest.split_first_chunk()?;
            let (made_from, rest) = rest.split_first_chunk()?;
            let record = Record {
                stamp: Stamp(*stamp),
                made_from: Fingerprint(*made_from),
            };
            records.insert(String::from_utf8(path.to_vec()).ok()?, record);
            bytes = rest;
        }
        Some(Self(records))
    }
}
