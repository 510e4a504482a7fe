//! Deterministic data for the tests of this crate.

use std::str::FromStr;

use model::definition::Definition;
use model::{AgentId, ListingId, RegistryId};

/// The same numbers at every run: splitmix64.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub(crate) fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}

pub(crate) fn agent_id(number: u32) -> AgentId {
    id(number)
}

pub(crate) fn listing_id(number: u32) -> ListingId {
    id(number)
}

pub(crate) fn registry_id(number: u32) -> RegistryId {
    id(number)
}

fn id<T: FromStr<Err = model::IdError>>(number: u32) -> T {
    format!("00000000-0000-7000-8000-{number:012x}")
        .parse()
        .expect("a UUID of that form")
}

/// A definition as its JSON says.
pub(crate) fn definition(json: &str) -> Definition {
    let parsed = model::json::parse(json.as_bytes(), &model::json::Limits::default());
    let value = parsed.value.expect("JSON without errors");
    Definition::read(&value).expect("a usable definition").0
}
