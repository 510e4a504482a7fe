//! Listings that were read for a page, kept for the next one.
//!
//! Fetching, parsing and reviewing sixty listings is most of what a page costs, and what people look at repeats. What is
//! kept belongs to one state of the catalogue and goes with it, so that nothing here ever has to be told of a change.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::Finding;
use model::definition::{Choice, Definition};
use model::{ListingId, RegistryId};
use store::ShownListing;

use crate::app::App;
use crate::error::AppResult;
use crate::services::catalogue::RegistryFacts;
use crate::services::{definitions, listings};

/// Listings of one generation, some 1.5 kB each; there are two generations.
const GENERATION: usize = 8_192;

/// A listing with its JSON read and reviewed.
#[derive(Debug)]
pub(crate) struct ReadListing {
    pub(crate) id: ListingId,
    pub(crate) registry_id: RegistryId,
    pub(crate) icon_hash: Option<String>,
    pub(crate) first_seen_at: i64,
    pub(crate) changed_at: i64,
    pub(crate) withdrawn: bool,
    /// Without configurations, which only a review looks at.
    pub(crate) definition: Definition,
    pub(crate) findings: Vec<Finding>,
    /// What it offers to whom any version and its own channel are right.
    pub(crate) usual: Offer,
}

/// What a listing offers.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) choice: Choice,
    /// Why its image cannot be pulled, where that is so.
    pub(crate) trouble: Option<String>,
}

impl Offer {
    pub(crate) fn new(choice: Choice) -> Self {
        let trouble = definitions::image_reference(&choice).err();
        Self { choice, trouble }
    }
}

impl ReadListing {
    pub(crate) fn new(
        row: &ShownListing,
        mut definition: Definition,
        registry: Option<&RegistryFacts>,
    ) -> Self {
        let channel = registry.and_then(|registry| registry.default_channel.as_deref());
        let usual = Offer::new(definitions::default_choice(&definition, channel));
        let findings = listings::findings(&definition);
        definition.run_config = None;
        definition.exec_config = None;
        definition.volume_mappings = None;
        Self {
            id: row.id,
            registry_id: row.registry_id,
            icon_hash: row.icon_hash.clone(),
            first_seen_at: row.first_seen_at,
            changed_at: row.changed_at,
            withdrawn: row.withdrawn,
            definition,
            findings,
            usual,
        }
    }
}

/// The listings read lately.
#[derive(Debug, Default)]
pub(crate) struct ReadListings(Mutex<Generations>);

/// What was asked for since the young ones began, and before. A full generation replaces the one before.
#[derive(Debug, Default)]
struct Generations {
    young: HashMap<ListingId, Arc<ReadListing>>,
    old: HashMap<ListingId, Arc<ReadListing>>,
}

impl ReadListings {
    /// These listings of these registries, in the order given; what is gone is left out.
    pub(crate) async fn get(
        &self,
        app: &App,
        registries: &HashMap<RegistryId, RegistryFacts>,
        ids: &[ListingId],
    ) -> AppResult<Vec<Arc<ReadListing>>> {
        let mut found = self.kept(ids);
        let missing: Vec<ListingId> = ids
            .iter()
            .copied()
            .filter(|id| !found.contains_key(id))
            .collect();
        if !missing.is_empty() {
            let mut fresh = Vec::with_capacity(missing.len());
            for row in app.store.listings().by_ids(&missing).await? {
                let definition = definitions::read(&row.json)?.definition;
                let registry = registries.get(&row.registry_id);
                fresh.push(Arc::new(ReadListing::new(&row, definition, registry)));
            }
            let mut generations = self.lock();
            for listing in fresh {
                generations.keep(Arc::clone(&listing));
                found.insert(listing.id, listing);
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    fn kept(&self, ids: &[ListingId]) -> HashMap<ListingId, Arc<ReadListing>> {
        let mut generations = self.lock();
        let kept = ids
            .iter()
            .filter_map(|id| Some((*id, generations.get(*id)?)));
        kept.collect()
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn get(&mut self, id: ListingId) -> Option<Arc<ReadListing>> {
        if let Some(listing) = self.young.get(&id) {
            return Some(Arc::clone(listing));
        }
        let listing = self.old.remove(&id)?;
        self.keep(Arc::clone(&listing));
        Some(listing)
    }

    fn keep(&mut self, listing: Arc<ReadListing>) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(listing.id, listing);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn listing(number: usize) -> Arc<ReadListing> {
        let definition = definitions::read(r#"{"friendly_name": "Notes"}"#);
        let row = ShownListing {
            id: ListingId::from_uuid(Uuid::from_u128(number as u128)),
            registry_id: RegistryId::from_uuid(Uuid::nil()),
            json: String::new(),
            icon_hash: None,
            first_seen_at: 0,
            changed_at: 0,
            withdrawn: false,
        };
        Arc::new(ReadListing::new(&row, definition.unwrap().definition, None))
    }

    #[test]
    fn what_is_asked_for_again_stays_and_the_rest_goes() {
        let mut generations = Generations::default();
        let (first, second) = (listing(1), listing(2));
        generations.keep(Arc::clone(&first));
        generations.keep(Arc::clone(&second));
        for number in 3..3 * GENERATION {
            generations.keep(listing(number));
            assert!(generations.get(first.id).is_some(), "after {number}");
        }
        assert!(generations.get(second.id).is_none());
        assert!(generations.young.len() + generations.old.len() <= 2 * GENERATION);
    }
}
