use std::collections::{HashMap, HashSet};
use std::fs;
use std::time::{Duration, SystemTime};

use model::Digest;

use super::folder::{Folder, remove};
use crate::LayoutError;

/// Pulls that did not end well and are remembered, so that the next attempt finds what they fetched.
const MAX_IDLE: usize = 32;
const MAX_AGE: Duration = Duration::from_hours(7 * 24);
/// A claim names at most an index, a manifest, a config and its layers.
const MAX_CLAIM: u64 = 64 * 1024;

/// What pulls have fetched or are about to fetch, and garbage collection must leave alone.
///
/// A claim is written to disk, one digest a line, before its first layer is fetched, and outlives the process:
/// a pull that is killed finds its blobs and partial layers again.
#[derive(Default)]
pub(crate) struct Claims(HashMap<Digest, Claim>);

struct Claim {
    blobs: HashSet<Digest>,
    /// Pulls at work for it now.
    pulls: usize,
    since: SystemTime,
    /// The image was removed while a pull was at work for it: nothing is left for a next attempt.
    unwanted: bool,
}

impl Claims {
    /// Reads what earlier processes left.
    pub(crate) fn load(folder: &Folder) -> Result<Self, LayoutError> {
        let mut claims = HashMap::new();
        for (image, metadata) in Folder::list(&folder.claims())? {
            let path = folder.claim(&image);
            let text = if metadata.len() <= MAX_CLAIM {
                fs::read_to_string(&path)
                    .map_err(LayoutError::io(format!("read `{}`", path.display())))?
            } else {
                String::new()
            };
            let claim = Claim {
                blobs: text.lines().filter_map(|line| line.parse().ok()).collect(),
                pulls: 0,
                since: metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
                unwanted: false,
            };
            claims.insert(image, claim);
        }
        let mut claims = Self(claims);
        claims.forget_old(folder)?;
        Ok(claims)
    }

    /// Begins a pull of an image.
    pub(crate) fn begin(&mut self, image: &Digest) {
        let claim = self.0.entry(image.clone()).or_insert_with(|| Claim {
            blobs: HashSet::from([image.clone()]),
            pulls: 0,
            since: SystemTime::now(),
            unwanted: false,
        });
        claim.pulls += 1;
        claim.unwanted = false;
        claim.since = SystemTime::now();
    }

    /// Adds blobs to the claim of a pull that has begun.
    pub(crate) fn add(&mut self, image: &Digest, blobs: impl IntoIterator<Item = Digest>) {
        if let Some(claim) = self.0.get_mut(image) {
            claim.blobs.extend(blobs);
        }
    }

    /// Writes a claim down, so that a process that is killed finds its layers again.
    pub(crate) fn store(&mut self, folder: &Folder, image: &Digest) -> Result<(), LayoutError> {
        self.forget_old(folder)?;
        let Some(claim) = self.0.get(image) else {
            return Ok(());
        };
        let lines: Vec<&str> = claim.blobs.iter().map(Digest::as_str).collect();
        folder.replace(&folder.claim(image), lines.join("\n").as_bytes())
    }

    /// Ends a pull. The claim stays for the next attempt, unless the image has arrived or was removed meanwhile: then
    /// what the pull wrote last is to be collected, which is told.
    pub(crate) fn end(&mut self, folder: &Folder, image: &Digest) -> Result<bool, LayoutError> {
        let Some(claim) = self.0.get_mut(image) else {
            return Ok(false);
        };
        claim.pulls = claim.pulls.saturating_sub(1);
        let over = claim.pulls == 0 && claim.unwanted;
        if over {
            self.take(folder, image)?;
        }
        Ok(over)
    }

    /// Takes the claim of an image that has arrived away, unless another pull of it is at work.
    pub(crate) fn arrived(&mut self, folder: &Folder, image: &Digest) -> Result<(), LayoutError> {
        match self.0.get(image) {
            Some(claim) if claim.pulls > 1 => Ok(()),
            _ => self.take(folder, image),
        }
    }

    /// Gives up an image's claim; while a pull is at work for it, as soon as that has ended.
    pub(crate) fn give_up(&mut self, folder: &Folder, image: &Digest) -> Result<(), LayoutError> {
        match self.0.get_mut(image) {
            Some(claim) if claim.pulls == 0 => self.take(folder, image),
            Some(claim) => {
                claim.unwanted = true;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn take(&mut self, folder: &Folder, image: &Digest) -> Result<(), LayoutError> {
        self.0.remove(image);
        remove(&folder.claim(image)).map(|_| ())
    }

    /// Whether any pull claims a blob.
    pub(crate) fn want(&self, blob: &Digest) -> bool {
        self.0.values().any(|claim| claim.blobs.contains(blob))
    }

    /// Forgets idle claims beyond the newest few, and those that nobody came back to in a week.
    fn forget_old(&mut self, folder: &Folder) -> Result<(), LayoutError> {
        let mut idle: Vec<(SystemTime, Digest)> = self
            .0
            .iter()
            .filter(|(_, claim)| claim.pulls == 0)
            .map(|(image, claim)| (claim.since, image.clone()))
            .collect();
        idle.sort_by(|one, other| other.cmp(one));
        let now = SystemTime::now();
        for (position, (since, image)) in idle.into_iter().enumerate() {
            let age = now.duration_since(since).unwrap_or_default();
            if position >= MAX_IDLE || age > MAX_AGE {
                self.give_up(folder, &image)?;
            }
        }
        Ok(())
    }
}
