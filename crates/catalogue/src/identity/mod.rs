//! Which listing of a fresh copy is which of those known: ids survive refreshes.
//!
//! A listing keeps its id when, in this order and only where exactly one known and one fresh
//! listing of the registry have it, these agree: folded name and image repository; name; image
//! repository; sha. What several share tells nothing, so it decides nothing.

mod key;

use std::collections::HashMap;

use model::ListingId;

pub use key::ListingKey;
use key::Step;

/// A listing as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its identifier.
    pub id: ListingId,
    /// What it is told by.
    pub key: ListingKey,
    /// SHA-256 of its JSON as published.
    pub json_sha256: [u8; 32],
    /// Its place in the list.
    pub position: u32,
    /// Its registry no longer offered it at the last copy; it is kept for a workspace.
    pub withdrawn: bool,
}

/// A listing of a fresh copy; its place in the list is its place in the slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fresh {
    /// What it is told by.
    pub key: ListingKey,
    /// SHA-256 of its JSON as published.
    pub json_sha256: [u8; 32],
}

/// How a fresh copy differs from what is known. Each fresh listing is in exactly one of
/// `unchanged`, `changed` and `added`; each is in the order of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// Same bytes as before.
    pub unchanged: Vec<Unchanged>,
    /// Other bytes than before, or offered again after it was withdrawn.
    pub changed: Vec<Changed>,
    /// Places of listings that were not known.
    pub added: Vec<u32>,
    /// No longer offered, and not known to be so before.
    pub withdrawn: Vec<ListingId>,
}

/// A listing with the same bytes as before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unchanged {
    /// Its identifier.
    pub id: ListingId,
    /// Its place in the list now.
    pub position: u32,
    /// Whether that is another place than before.
    pub moved: bool,
}

/// A listing whose bytes changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// Its identifier.
    pub id: ListingId,
    /// Its place in the list now.
    pub position: u32,
}

/// Tells a fresh copy of a registry from what is known of it.
pub fn diff(known: &[Known], fresh: &[Fresh]) -> Diff {
    let mut matching = Matching {
        partner: vec![None; fresh.len()],
        taken: vec![false; known.len()],
    };
    // Listings on offer come first: one that was withdrawn must not stand in their way.
    for withdrawn in [false, true] {
        let of_round: Vec<u32> = (0..known.len() as u32)
            .filter(|index| known[*index as usize].withdrawn == withdrawn)
            .collect();
        if !of_round.is_empty() {
            matching.run(known, &of_round, fresh);
        }
    }
    matching.into_diff(known, fresh)
}

struct Matching {
    /// For each fresh listing the index of its known one.
    partner: Vec<Option<u32>>,
    /// For each known listing whether it has a fresh one.
    taken: Vec<bool>,
}

impl Matching {
    fn run(&mut self, known: &[Known], of_round: &[u32], fresh: &[Fresh]) {
        let all: Vec<u32> = (0..fresh.len() as u32).collect();
        for step in [Step::NameAndImage, Step::Name, Step::Image, Step::Sha] {
            self.agree(known, of_round, fresh, &all, step);
        }

        // Twins share name and image, so the rule cannot tell them apart, and without this step
        // they would lose their ids at every refresh even where nothing changed. Equal bytes
        // are paired in list order; then a twin that is alone on both sides has its brother.
        self.pair_equal_bytes(known, of_round, fresh);
        let known_left: Vec<u32> = of_round
            .iter()
            .copied()
            .filter(|index| !self.taken[*index as usize])
            .collect();
        let fresh_left: Vec<u32> = all
            .into_iter()
            .filter(|index| self.partner[*index as usize].is_none())
            .collect();
        self.agree(known, &known_left, fresh, &fresh_left, Step::NameAndImage);
    }

    /// Matches what agrees at a step, where one known and one fresh listing have it.
    fn agree(
        &mut self,
        known: &[Known],
        known_indices: &[u32],
        fresh: &[Fresh],
        fresh_indices: &[u32],
        step: Step,
    ) {
        let settled = known_indices
            .iter()
            .all(|index| self.taken[*index as usize])
            || fresh_indices
                .iter()
                .all(|index| self.partner[*index as usize].is_some());
        if settled {
            return;
        }
        let mut holders: HashMap<_, Holders> = HashMap::with_capacity(known_indices.len());
        for index in known_indices {
            if let Some(key) = known[*index as usize].key.at(step) {
                holders.entry(key).or_default().known.add(*index);
            }
        }
        for index in fresh_indices {
            if let Some(holders) = fresh[*index as usize]
                .key
                .at(step)
                .and_then(|key| holders.get_mut(&key))
            {
                holders.fresh.add(*index);
            }
        }
        for holders in holders.into_values() {
            if let (Holder::One(known), Holder::One(fresh)) = (holders.known, holders.fresh) {
                self.pair(known, fresh);
            }
        }
    }

    fn pair_equal_bytes(&mut self, known: &[Known], of_round: &[u32], fresh: &[Fresh]) {
        let mut by_bytes: HashMap<&[u8; 32], Vec<u32>> = HashMap::new();
        for (index, one) in fresh.iter().enumerate().rev() {
            if self.partner[index].is_none() {
                by_bytes
                    .entry(&one.json_sha256)
                    .or_default()
                    .push(index as u32);
            }
        }
        if by_bytes.is_empty() {
            return;
        }
        let mut left: Vec<u32> = of_round
            .iter()
            .copied()
            .filter(|index| !self.taken[*index as usize])
            .collect();
        left.sort_by_key(|index| known[*index as usize].position);
        for index in left {
            let next = by_bytes
                .get_mut(&known[index as usize].json_sha256)
                .and_then(Vec::pop);
            if let Some(fresh) = next {
                self.pair(index, fresh);
            }
        }
    }

    fn pair(&mut self, known: u32, fresh: u32) {
        let taken = &mut self.taken[known as usize];
        let partner = &mut self.partner[fresh as usize];
        if !*taken && partner.is_none() {
            *taken = true;
            *partner = Some(known);
        }
    }

    fn into_diff(self, known: &[Known], fresh: &[Fresh]) -> Diff {
        let mut diff = Diff::default();
        for (position, (partner, one)) in (0..).zip(self.partner.iter().zip(fresh)) {
            let Some(before) = partner.map(|index| &known[index as usize]) else {
                diff.added.push(position);
                continue;
            };
            let id = before.id;
            if before.json_sha256 == one.json_sha256 && !before.withdrawn {
                let moved = before.position != position;
                diff.unchanged.push(Unchanged {
                    id,
                    position,
                    moved,
                });
            } else {
                diff.changed.push(Changed { id, position });
            }
        }
        diff.withdrawn = known
            .iter()
            .zip(&self.taken)
            .filter(|(before, taken)| !**taken && !before.withdrawn)
            .map(|(before, _)| before.id)
            .collect();
        diff
    }
}

/// Who has a key.
#[derive(Default)]
struct Holders {
    known: Holder,
    fresh: Holder,
}

#[derive(Default, Clone, Copy)]
enum Holder {
    #[default]
    Nobody,
    One(u32),
    Several,
}

impl Holder {
    fn add(&mut self, index: u32) {
        *self = match self {
            Self::Nobody => Self::One(index),
            Self::One(_) | Self::Several => Self::Several,
        };
    }
}

#[cfg(test)]
mod tests;
