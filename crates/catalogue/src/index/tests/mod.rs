mod oracle;
mod pages;
mod ranking;

use model::ListingId;

use super::*;
use crate::Facts as ListingFacts;
use crate::testing::{definition, listing_id, registry_id};

/// A listing of a test: its JSON and what the store knows of it.
#[derive(Clone)]
struct Listing {
    json: String,
    registry: u32,
    flagged: bool,
    first_seen_ms: i64,
    changed_ms: i64,
    withdrawn: bool,
}

impl Listing {
    fn new(json: impl Into<String>) -> Self {
        let json = json.into();
        Self {
            json,
            registry: 0,
            flagged: false,
            first_seen_ms: 0,
            changed_ms: 0,
            withdrawn: false,
        }
    }

    fn named(name: &str) -> Self {
        Self::new(format!(r#"{{"friendly_name": "{name}"}}"#))
    }
}

const REGISTRIES: [&str; 3] = ["Harbour Light", "attic tools", "Zoo"];

/// The index of these listings; their ids are their places, counted from 0.
fn index_of(listings: &[Listing]) -> Index {
    let registries = (0..).zip(REGISTRIES).map(|(number, name)| RegistryRow {
        id: registry_id(number),
        name: name.to_owned(),
    });
    let mut builder = IndexBuilder::new(registries.collect());
    for (number, listing) in (0..).zip(listings) {
        let facts = ListingFacts::of(&definition(&listing.json), listing.flagged).to_text();
        builder
            .push(&ListingRow {
                id: listing_id(number),
                registry: registry_id(listing.registry),
                facts: &facts,
                first_seen_ms: listing.first_seen_ms,
                changed_ms: listing.changed_ms,
                withdrawn: listing.withdrawn,
            })
            .expect("facts just made");
    }
    builder.build()
}

/// The places of the listings on a page.
fn places(page: &Page) -> Vec<u32> {
    let place = |id: ListingId| id.to_uuid().as_u128() as u32;
    page.ids().map(place).collect()
}
