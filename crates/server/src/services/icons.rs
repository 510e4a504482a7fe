//! Fetches icons: by content, once for each name, a few at a time.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use model::{ListingId, RegistryId};
use sources::icons::{Icon, IconBase, IconError};
use sources::{Credentials, RegistryCopy};
use store::{IconSource, NewIcon, RegistryRow};
use url::Url;

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::jobs::{self, Done, Job};
use crate::services::refresh;

/// Icons fetched at once of one registry, so of one host.
const AT_ONCE: usize = 4;

/// Icons stored at a time: the page shows them as they come.
const BATCH: usize = 32;

/// A name that failed is asked again after this, milliseconds.
const AGAIN_MS: i64 = 24 * 3600 * 1000;

/// Where a copy's icons are.
pub(crate) fn base_of(
    address: Url,
    copy: &RegistryCopy,
    credentials: Option<Credentials>,
) -> IconBase {
    IconBase {
        address,
        root: copy.root.clone(),
        folder: copy.folder.clone(),
        from_public: copy.from_public,
        credentials,
    }
}

/// Asks for the icons that listings lack; those of changed listings are fetched again.
pub(crate) async fn enqueue(app: &App, registry: RegistryId, changed: &[String]) -> AppResult<()> {
    if !changed.is_empty() {
        let again: Vec<IconSource> = changed
            .iter()
            .map(|name| unfetched(registry, name))
            .collect();
        app.store.icons().record_sources(&again).await?;
    }
    jobs::enqueue(app, Job::Icons(registry), Duration::ZERO).await
}

/// A source marked as to be fetched whatever is there.
fn unfetched(registry_id: RegistryId, image_src: &str) -> IconSource {
    IconSource {
        registry_id,
        image_src: image_src.to_owned(),
        hash: None,
        failure: None,
        etag: None,
        fetched_at: 0,
    }
}

/// The job.
pub(crate) async fn run(app: &App, id: RegistryId) -> AppResult<Done> {
    let Some(row) = app.store.registries().find(id).await? else {
        return Ok(Done::Finished);
    };
    let Some(base) = base(app, &row)? else {
        return Ok(Done::Finished);
    };
    let names = names(app, id).await?;
    let fetched = futures_util::stream::iter(names).map(|(name, listings)| {
        let base = &base;
        async move {
            let result = app.icon_reader.fetch(base, &name).await;
            (name, listings, result)
        }
    });
    let mut batches = fetched.buffer_unordered(AT_ONCE).chunks(BATCH);
    while let Some(batch) = batches.next().await {
        store_batch(app, id, batch).await?;
    }
    if let Some(logo) = row.icon_src.as_deref().filter(|_| row.icon_hash.is_none())
        && let Ok(icon) = app.icon_reader.fetch_logo(&base, logo).await
    {
        let hash = icon.sha256.clone();
        app.store
            .icons()
            .put(&[new_icon(icon)], app.clock.now_ms())
            .await?;
        app.store.registries().set_icon(id, Some(&hash)).await?;
    }
    app.catalogue.ask_reload();
    app.events
        .publish(api::EventData::Registry { registry: id });
    Ok(Done::Finished)
}

fn base(app: &App, row: &RegistryRow) -> AppResult<Option<IconBase>> {
    let root = row.root_after_redirects.as_deref().unwrap_or(&row.url);
    let root = Url::parse(root).map_err(AppError::internal)?;
    let Some(folder) = row.folder.clone() else {
        return Ok(None);
    };
    let address = Url::parse(&row.url).map_err(AppError::internal)?;
    Ok(Some(IconBase {
        address,
        root,
        folder,
        from_public: row.from_public,
        credentials: refresh::credentials(app, row)?,
    }))
}

/// Names to fetch, with the listings that show them.
async fn names(app: &App, id: RegistryId) -> AppResult<BTreeMap<String, Vec<ListingId>>> {
    let now = app.clock.now_ms();
    let known = app.store.icons().sources(id).await?;
    let mut names: BTreeMap<String, Vec<ListingId>> = BTreeMap::new();
    for (listing, name) in app.store.listings().without_icon(id).await? {
        names.entry(name).or_default().push(listing);
    }
    for source in known {
        if source.failure.is_some() && now - source.fetched_at < AGAIN_MS {
            names.remove(&source.image_src);
        }
    }
    Ok(names)
}

async fn store_batch(
    app: &App,
    registry: RegistryId,
    batch: Vec<(String, Vec<ListingId>, Result<Icon, IconError>)>,
) -> AppResult<()> {
    let now = app.clock.now_ms();
    let (mut icons, mut sources, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    for (image_src, listings, result) in batch {
        let (hash, failure) = match result {
            Ok(icon) => {
                let hash = icon.sha256.clone();
                icons.push(new_icon(icon));
                shown.extend(listings.into_iter().map(|listing| (listing, hash.clone())));
                (Some(hash), None)
            }
            Err(error) => (None, Some(error.to_string())),
        };
        sources.push(IconSource {
            registry_id: registry,
            image_src,
            hash,
            failure,
            etag: None,
            fetched_at: now,
        });
    }
    app.store.icons().put(&icons, now).await?;
    app.store.icons().record_sources(&sources).await?;
    app.store.listings().set_icons(&shown).await?;
    Ok(())
}

fn new_icon(icon: Icon) -> NewIcon {
    NewIcon {
        hash: icon.sha256,
        media_type: icon.media_type.to_owned(),
        bytes: icon.bytes,
    }
}
