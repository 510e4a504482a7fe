use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use api::EventData;
use catalogue::{Facts, Index, IndexBuilder, ListingRow, RegistryRow, RowError};
use model::{ListingId, RegistryId};
use tokio::sync::{Mutex, Notify};

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::services::places::{Named, places};
use crate::services::read_listings::ReadListings;
use crate::services::{definitions, listings};

/// Icons of listings that a registry's card shows.
const PREVIEWS: usize = 7;

/// The search index in use, swapped whole when listings change.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    current: RwLock<Arc<Snapshot>>,
    /// Held while one is built, so that builds do not pile up.
    building: Mutex<()>,
    asked: Notify,
}

/// One state of the catalogue.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    /// Absent until the first one was built: pages say that it is loading.
    pub(crate) index: Option<Index>,
    /// What pages need of registries beside their rows.
    pub(crate) registries: HashMap<RegistryId, RegistryFacts>,
    /// Listings as they were read while this state was in use.
    pub(crate) read: ReadListings,
    revision: i64,
}

/// What pages need of a registry.
#[derive(Debug, Default)]
pub(crate) struct RegistryFacts {
    pub(crate) name: String,
    /// Where it lies, while another one has its name.
    pub(crate) place: Option<String>,
    pub(crate) default_channel: Option<String>,
    /// Paths of the first listings' icons.
    pub(crate) previews: Vec<String>,
}

impl Catalogue {
    /// The state in use.
    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Asks for a rebuild soon.
    pub(crate) fn ask_reload(&self) {
        self.asked.notify_one();
    }

    /// Waits for [`Catalogue::ask_reload`].
    pub(crate) async fn reload_asked(&self) {
        self.asked.notified().await;
    }

    /// Builds the index anew unless the one in use is of this revision or a later one.
    pub(crate) async fn reload(&self, app: &App, revision: i64) -> AppResult<()> {
        let _building = self.building.lock().await;
        let current = self.snapshot();
        if current.index.is_some() && current.revision >= revision {
            return Ok(());
        }
        drop(current);
        let next = build(app).await?;
        let revision = next.revision;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        app.events.publish(EventData::Catalogue {
            revision: revision.unsigned_abs(),
        });
        Ok(())
    }

    /// Builds the index anew with everything stored until now.
    pub(crate) async fn reload_now(&self, app: &App) -> AppResult<()> {
        let revision = app.store.revisions().all().await?.catalogue;
        self.reload(app, revision).await
    }
}

async fn build(app: &App) -> AppResult<Snapshot> {
    let rows = app.store.registries().list().await?;
    let mut registries: HashMap<RegistryId, RegistryFacts> = rows
        .iter()
        .map(|row| {
            let name = listings::registry_name(row);
            (
                row.id,
                RegistryFacts {
                    name,
                    place: None,
                    default_channel: row.default_channel.clone(),
                    previews: Vec::new(),
                },
            )
        })
        .collect();
    for (id, place) in places_of(&rows, &registries) {
        if let Some(facts) = registries.get_mut(&id) {
            facts.place = Some(place);
        }
    }
    let registry_rows = rows
        .into_iter()
        .map(|row| RegistryRow {
            id: row.id,
            name: listings::registry_name(&row),
        })
        .collect();
    let mut builder = IndexBuilder::new(registry_rows);
    let mut outdated: Vec<ListingId> = Vec::new();
    let mut previews: HashMap<RegistryId, Vec<(i32, String)>> = HashMap::new();
    let revision = app
        .store
        .listings()
        .stream_index(|row| {
            let listing = ListingRow {
                id: row.id,
                registry: row.registry_id,
                facts: &row.facts,
                first_seen_ms: row.first_seen_at,
                changed_ms: row.changed_at,
                withdrawn: row.withdrawn,
            };
            match builder.push(&listing) {
                Ok(()) | Err(RowError::UnknownRegistry) => {}
                Err(RowError::Facts(_)) => outdated.push(row.id),
            }
            if let Some(hash) = row.icon_hash.filter(|_| !row.withdrawn) {
                keep_first(
                    previews.entry(row.registry_id).or_default(),
                    row.position,
                    hash,
                );
            }
        })
        .await?;
    for id in outdated {
        push_anew(app, &mut builder, id).await?;
    }
    for (registry, icons) in previews {
        if let Some(facts) = registries.get_mut(&registry) {
            facts.previews = icons
                .into_iter()
                .map(|(_, hash)| listings::icon_path(Some(&hash), ""))
                .collect();
        }
    }
    let index = tokio::task::spawn_blocking(|| builder.build())
        .await
        .map_err(AppError::internal)?;
    Ok(Snapshot {
        index: Some(index),
        registries,
        read: ReadListings::default(),
        revision,
    })
}

fn places_of(
    rows: &[store::RegistryRow],
    registries: &HashMap<RegistryId, RegistryFacts>,
) -> HashMap<RegistryId, String> {
    let named: Vec<Named<'_>> = rows
        .iter()
        .filter_map(|row| {
            let name = &registries.get(&row.id)?.name;
            let (id, url) = (row.id, row.url.as_str());
            Some(Named { id, name, url })
        })
        .collect();
    places(&named)
}

/// Keeps the first few by position, each icon once.
fn keep_first(icons: &mut Vec<(i32, String)>, position: i32, hash: String) {
    if icons.iter().any(|(_, known)| *known == hash) {
        return;
    }
    let place = icons.partition_point(|(other, _)| *other < position);
    if place < PREVIEWS {
        icons.insert(place, (position, hash));
        icons.truncate(PREVIEWS);
    }
}

/// Facts of another form, after an upgrade, are made anew from the JSON.
async fn push_anew(app: &App, builder: &mut IndexBuilder, id: ListingId) -> AppResult<()> {
    let Some(row) = app.store.listings().find(id).await? else {
        return Ok(());
    };
    let definition = definitions::read(&row.content.json)?.definition;
    let facts = Facts::of(&definition, listings::is_flagged(&definition)).to_text();
    let listing = ListingRow {
        id,
        registry: row.registry_id,
        facts: &facts,
        first_seen_ms: row.first_seen_at,
        changed_ms: row.changed_at,
        withdrawn: row.withdrawn_at.is_some(),
    };
    if let Err(error) = builder.push(&listing) {
        tracing::warn!(%error, listing.id = %id, "A listing is left out of the search index.");
    }
    Ok(())
}
