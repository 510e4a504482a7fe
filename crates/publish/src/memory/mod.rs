//! What a build found out, for the next build of the same registry.
//!
//! Of each workspace its place in the list, what the pages of the catalogue show of it and what there is to say about
//! it are kept, under a signature of its folder. As long as that is the same, nothing of the workspace is read, as long
//! as its files are in place, nothing is written.
//!
//! Guarantees: a build gives the same files with a memory and without one. A memory of another configuration, and a
//! record that cannot be read, count as none.

mod pack;
mod signature;

use std::collections::HashMap;

use diagnostics::Diagnostic;

use crate::discover::Place;
use crate::listed::Listed;
use crate::{Fingerprint, SourceTree};
pub(crate) use pack::{Packed, packed};

/// What a build found out about the workspaces of an edition.
///
/// It can be kept as bytes, by whoever makes sure that they come back as they were, to the same program.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// The configuration that it was found out with, then a record for each workspace.
    records: Vec<u8>,
    /// The entries of the list, one after the other, which the records point into.
    listings: Vec<u8>,
}

impl Memory {
    /// From what [`parts`](Self::parts) gave.
    pub fn from_parts([records, listings]: [Vec<u8>; 2]) -> Self {
        Self { records, listings }
    }

    /// As bytes.
    pub fn parts(&self) -> [&[u8]; 2] {
        [&self.records, &self.listings]
    }
}

/// A memory that is asked.
#[derive(Default)]
pub(crate) struct Recollection<'m> {
    listings: &'m [u8],
    records: HashMap<&'m str, Record<'m>>,
}

/// What is known of a workspace, still packed.
struct Record<'m> {
    signature: Fingerprint,
    start: usize,
    length: usize,
    content: &'m [u8],
}

/// A workspace as it was remembered.
pub(crate) struct Recalled<'m> {
    pub(crate) listed: Listed,
    /// What there is to say about it.
    pub(crate) diagnostics: Vec<Diagnostic>,
    content: &'m [u8],
}

impl<'m> Recollection<'m> {
    /// Of what was found out with the same configuration.
    pub(crate) fn of(memory: Option<&'m Memory>, configuration: Fingerprint) -> Self {
        memory
            .and_then(|memory| Self::read(memory, configuration))
            .unwrap_or_default()
    }

    fn read(memory: &'m Memory, configuration: Fingerprint) -> Option<Self> {
        let mut rest = memory.records.as_slice();
        if <[u8; 20]>::unpack(&mut rest)? != configuration.0 {
            return None;
        }
        let mut records = HashMap::new();
        while !rest.is_empty() {
            let folder = std::str::from_utf8(pack::take(&mut rest)?).ok()?;
            let record = Record {
                signature: Fingerprint(<[u8; 20]>::unpack(&mut rest)?),
                start: usize::unpack(&mut rest)?,
                length: usize::unpack(&mut rest)?,
                content: pack::take(&mut rest)?,
            };
            records.insert(folder, record);
        }
        Some(Self {
            listings: &memory.listings,
            records,
        })
    }

    /// A workspace whose folder still has this signature.
    pub(crate) fn recall(&self, folder: &str, signature: Fingerprint) -> Option<Recalled<'m>> {
        let record = self.records.get(folder)?;
        if record.signature != signature {
            return None;
        }
        let end = record.start.checked_add(record.length)?;
        let listing = self.listings.get(record.start..end)?;
        let mut rest = record.content;
        let mut listed = Listed::unpack(&mut rest)?;
        let diagnostics = Packed::unpack(&mut rest)?;
        listed.listing = listing.to_vec();
        rest.is_empty().then_some(Recalled {
            listed,
            diagnostics,
            content: record.content,
        })
    }
}

/// A memory that grows.
pub(crate) struct Remembering {
    records: Vec<u8>,
    /// Of the record at hand, so that it need not be allocated for each.
    content: Vec<u8>,
}

impl Remembering {
    /// As long as the one before, probably.
    pub(crate) fn with(configuration: Fingerprint, before: Option<&Memory>) -> Self {
        let length = before.map_or(0, |before| before.records.len());
        let mut records = Vec::with_capacity(length + length / 16 + 4096);
        records.extend_from_slice(&configuration.0);
        Self {
            records,
            content: Vec::new(),
        }
    }

    /// Remembers a workspace that was read; `start` is where its entry begins among all.
    pub(crate) fn add(
        &mut self,
        signature: Fingerprint,
        listed: &Listed,
        start: usize,
        diagnostics: &[Diagnostic],
    ) {
        let mut content = std::mem::take(&mut self.content);
        content.clear();
        listed.pack(&mut content);
        diagnostics.len().pack(&mut content);
        for diagnostic in diagnostics {
            diagnostic.pack(&mut content);
        }
        self.record(signature, listed, start, &content);
        self.content = content;
    }

    /// Remembers what was remembered before.
    pub(crate) fn keep(&mut self, signature: Fingerprint, recalled: &Recalled<'_>, start: usize) {
        self.record(signature, &recalled.listed, start, recalled.content);
    }

    fn record(&mut self, signature: Fingerprint, listed: &Listed, start: usize, content: &[u8]) {
        let records = &mut self.records;
        listed.folder.pack(records);
        signature.0.pack(records);
        start.pack(records);
        listed.listing.len().pack(records);
        content.len().pack(records);
        records.extend_from_slice(content);
    }

    pub(crate) fn finish(self, listings: Vec<u8>) -> Memory {
        Memory {
            records: self.records,
            listings,
        }
    }
}

/// The signature of a workspace's folder.
pub(crate) fn signature(tree: &dyn SourceTree, place: &Place) -> Option<Fingerprint> {
    signature::signature(tree, place)
}
