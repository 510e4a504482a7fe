//! Fetches icons: by content, once for each name, a few at a time.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use model::{ListingId, RegistryId};
use sources::icons::{FetchedIcon, Icon, IconBase, IconError};
use sources::{Credentials, RegistryCopy};
use store::{IconSource, NewIcon, RegistryIcon, RegistryRow};
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
    app.store.icons().ask_again(registry, changed).await?;
    jobs::enqueue(app, Job::Icons(registry), Duration::ZERO).await
}

/// An icon to fetch.
#[derive(Debug, Default)]
struct Wanted {
    /// The listings that show it.
    listings: Vec<ListingId>,
    /// What it was before, with its tag.
    hash: Option<String>,
    etag: Option<String>,
}

/// The job. A registry that is removed meanwhile wants no icons.
pub(crate) async fn run(app: &App, id: RegistryId) -> AppResult<Done> {
    match fetch_all(app, id).await {
        Err(_) if app.store.registries().find(id).await?.is_none() => Ok(Done::Finished),
        done => done,
    }
}

async fn fetch_all(app: &App, id: RegistryId) -> AppResult<Done> {
    let Some(row) = app.store.registries().find(id).await? else {
        return Ok(Done::Finished);
    };
    let Some(base) = base(app, &row)? else {
        return Ok(Done::Finished);
    };
    let names = names(app, id).await?;
    let fetched = futures_util::stream::iter(names).map(|(name, wanted)| {
        let base = &base;
        async move {
            let known = wanted.etag.as_deref();
            let result = app.icon_reader.fetch(base, &name, known).await;
            (name, wanted, result)
        }
    });
    let mut batches = fetched.buffer_unordered(AT_ONCE).chunks(BATCH);
    while let Some(batch) = batches.next().await {
        store_batch(app, id, batch).await?;
    }
    fetch_logo(app, &row, &base).await?;
    app.catalogue.ask_reload();
    app.events
        .publish(api::EventData::Registry { registry: id });
    Ok(Done::Finished)
}

/// Fetches the registry's own icon, where it may be another one than before.
async fn fetch_logo(app: &App, row: &RegistryRow, base: &IconBase) -> AppResult<()> {
    let registries = app.store.registries();
    let Some(src) = &row.icon_src else {
        if row.icon.is_some() {
            registries.set_icon(row.id, None).await?;
        }
        return Ok(());
    };
    let known = row.icon.as_ref().filter(|icon| icon.src == *src);
    let etag = known.and_then(|icon| icon.etag.as_deref());
    match app.icon_reader.fetch_logo(base, src, etag).await {
        Ok(FetchedIcon::Found { icon, etag }) => {
            let hash = icon.sha256.clone();
            let now = app.clock.now_ms();
            app.store.icons().put(&[new_icon(icon)], now).await?;
            let src = src.clone();
            let icon = RegistryIcon { hash, src, etag };
            registries.set_icon(row.id, Some(icon)).await?;
        }
        // It is another one that cannot be had: the one before is not shown in its place.
        Err(_) if known.is_none() && row.icon.is_some() => {
            registries.set_icon(row.id, None).await?;
        }
        Ok(FetchedIcon::Unchanged) | Err(_) => {}
    }
    Ok(())
}

pub(crate) fn base(app: &App, row: &RegistryRow) -> AppResult<Option<IconBase>> {
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

/// Names to fetch.
async fn names(app: &App, id: RegistryId) -> AppResult<BTreeMap<String, Wanted>> {
    let now = app.clock.now_ms();
    let known = app.store.icons().sources(id).await?;
    let mut names: BTreeMap<String, Wanted> = BTreeMap::new();
    for (listing, name) in app.store.listings().without_icon(id).await? {
        names.entry(name).or_default().listings.push(listing);
    }
    for source in known {
        if source.failure.is_some() && now - source.fetched_at < AGAIN_MS {
            names.remove(&source.image_src);
        } else if let Some(wanted) = names.get_mut(&source.image_src) {
            wanted.etag = source.etag.filter(|_| source.hash.is_some());
            wanted.hash = source.hash;
        }
    }
    Ok(names)
}

async fn store_batch(
    app: &App,
    registry: RegistryId,
    batch: Vec<(String, Wanted, Result<FetchedIcon, IconError>)>,
) -> AppResult<()> {
    let now = app.clock.now_ms();
    let (mut icons, mut sources, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    for (image_src, wanted, result) in batch {
        let failure = result.as_ref().err().map(ToString::to_string);
        let (hash, etag) = match result {
            Ok(FetchedIcon::Found { icon, etag }) => {
                let hash = icon.sha256.clone();
                icons.push(new_icon(icon));
                (Some(hash), etag)
            }
            // As it was, or as it last was.
            Ok(FetchedIcon::Unchanged) | Err(_) => (wanted.hash, wanted.etag),
        };
        if let (Some(hash), None) = (&hash, &failure) {
            let listings = wanted.listings.into_iter();
            shown.extend(listings.map(|listing| (listing, hash.clone())));
        }
        sources.push(IconSource {
            registry_id: registry,
            image_src,
            hash,
            failure,
            etag,
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
