use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::Path;
use std::thread::JoinHandle;
use std::time::SystemTime;

use publish::{Fingerprint, Stamp};

/// What is remembered of the files of a site: what they were made from, and how they looked then.
#[derive(Debug, Clone, Default)]
pub(crate) struct Records(HashMap<String, Record>);

/// What is remembered of one file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    pub(super) stamp: Stamp,
    pub(super) made_from: Fingerprint,
    pub(super) length: u64,
}

/// Records of files that are still as they were written.
#[derive(Debug)]
pub(super) struct Standing {
    /// A thread looks at the files, while something else is done.
    sought: Option<JoinHandle<Records>>,
    /// What it found.
    records: Records,
}

impl Records {
    /// Takes in what was just written, and forgets what belongs to the site no more.
    pub(super) fn update(&mut self, belongs: &HashMap<String, u64>, new: Vec<(String, Record)>) {
        self.0.extend(new);
        self.0.retain(|path, _| belongs.contains_key(path));
    }

    /// Those whose files are still as they were written.
    pub(super) fn standing(mut self, root: &Path) -> Self {
        self.0.retain(|path, record| {
            fs::symlink_metadata(root.join(path)).is_ok_and(|metadata| {
                metadata.is_file() && sources::file_stamp(&metadata) == record.stamp
            })
        });
        self
    }

    /// The length of a file that was made from the same.
    pub(super) fn holds(&self, path: &str, made_from: Fingerprint) -> Option<u64> {
        let record = self.0.get(path)?;
        (record.made_from == made_from).then_some(record.length)
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
                bytes.extend_from_slice(&record.length.to_le_bytes());
            }
        }
        bytes
    }

    /// From bytes; nothing if they are not such.
    pub(crate) fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let mut records = HashMap::new();
        while !bytes.is_empty() {
            let (length, rest) = bytes.split_first_chunk()?;
            let (path, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            let (stamp, rest) = rest.split_first_chunk()?;
            let (made_from, rest) = rest.split_first_chunk()?;
            let (length, rest) = rest.split_first_chunk()?;
            let record = Record {
                stamp: Stamp(*stamp),
                made_from: Fingerprint(*made_from),
                length: u64::from_le_bytes(*length),
            };
            records.insert(String::from_utf8(path.to_vec()).ok()?, record);
            bytes = rest;
        }
        Some(Self(records))
    }
}

impl Standing {
    /// Begins to look at the files below `root`.
    pub(super) fn seek(records: Records, root: &Path) -> io::Result<Self> {
        let root = root.to_owned();
        let sought = match records.0.len() {
            0 => None,
            _ => Some(
                std::thread::Builder::new()
                    .name("standing".to_owned())
                    .spawn(move || records.standing(&root))?,
            ),
        };
        Ok(Self {
            sought,
            records: Records::default(),
        })
    }

    /// Waits until all were looked at.
    pub(super) fn found(&mut self) -> &mut Records {
        if let Some(sought) = self.sought.take() {
            // Without records, everything is made anew.
            self.records = sought.join().unwrap_or_default();
        }
        &mut self.records
    }
}
