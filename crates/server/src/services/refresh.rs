//! Reading a registry again: conditional, tolerant, and never at the cost of the last good copy.

use std::time::Duration;

use api::{EventData, Registry, SetAside};
use catalogue::Facts;
use catalogue::identity::{Fresh, Known, ListingKey, diff};
use model::list::ListEntry;
use model::{ListingId, RegistryId};
use sha2::{Digest, Sha256};
use sources::{
    Credentials, FailureCause, ReadFailure, ReadOutcome, ReadRequest, RegistryAddress,
    RegistryCopy, Validators,
};
use store::{
    ChangedListing, ListingContent, NewListing, RefreshChanges, RegistryHeader, RegistryRow,
    UnchangedRegistry,
};

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::jobs::{self, Done, Job};
use crate::secrets::random;
use crate::services::{icons, listings, registries};

/// How long reading a registry may take in all.
const DEADLINE: Duration = Duration::from_secs(30);

/// How often registries with Automatic Updates are read.
const EVERY: Duration = Duration::from_hours(6);

/// The first pause after a failure; it doubles up to [`EVERY`].
pub(crate) const FIRST_PAUSE: Duration = Duration::from_mins(5);

/// Reads a registry once, whole. `None` only from a server that says "not modified" without having been asked.
pub(crate) async fn read(
    app: &App,
    address: RegistryAddress,
    credentials: Option<Credentials>,
    on_step: &mut (dyn FnMut(sources::StepReport) + Send),
) -> Result<Option<Box<RegistryCopy>>, ReadFailure> {
    let request = ReadRequest {
        address,
        credentials,
        conditional: None,
        deadline: DEADLINE,
    };
    Ok(match app.reader.read(&request, on_step).await? {
        ReadOutcome::Read(copy) => Some(copy),
        ReadOutcome::NotModified => None,
    })
}

/// Header and listings of a registry's first copy, which is used up: two forms of a large one at once are felt.
pub(crate) fn first_copy(app: &App, copy: RegistryCopy) -> (RegistryHeader, Vec<NewListing>) {
    let header = header(&copy);
    let listings = copy
        .list
        .entries
        .into_iter()
        .map(|entry| NewListing {
            id: ListingId::from_uuid(app.clock.new_id()),
            content: content(entry),
        })
        .collect();
    (header, listings)
}

/// The job: read, compare, store.
pub(crate) async fn run(app: &App, id: RegistryId) -> AppResult<Done> {
    let Some(row) = app.store.registries().find(id).await? else {
        return Ok(Done::Finished);
    };
    if registries::left_alone(app, &row) > Duration::ZERO {
        // Asked for while the last one was under way, which it shares.
        schedule(app, id, row.automatic_updates).await?;
        return Ok(Done::Finished);
    }
    match read_again(app, &row).await? {
        Ok(Some(copy)) if row.listing_count > 0 && copy.list.entries.is_empty() => {
            record_failure(app, id, emptied(row.listing_count)).await?;
        }
        Ok(Some(copy)) if row.list_sha256 != Some(copy.list_sha256) => {
            apply(app, id, *copy).await?;
        }
        Ok(_) => {
            let unchanged = UnchangedRegistry {
                id,
                next_attempt_at: None,
            };
            app.store
                .registries()
                .record_unchanged(&[unchanged], app.clock.now_ms())
                .await?;
        }
        Err(failure) => {
            let earlier = row.failure.as_ref().map_or(0, |_| 1);
            let pause = failure
                .retry_after
                .map_or_else(|| pause(&row, earlier), |wait| wait.min(EVERY));
            let retries = row.automatic_updates || row.copied_at.is_none();
            tracing::warn!(registry.id = %id, registry.url = row.url, step = ?failure.step, "Registry {} cannot be read: {}", row.url, failure.detail);
            record_failure(app, id, failure).await?;
            app.events.publish(EventData::Registry { registry: id });
            if retries {
                jobs::enqueue(app, Job::Refresh(id), pause).await?;
            }
            return Ok(Done::Finished);
        }
    }
    app.events.publish(EventData::Registry { registry: id });
    schedule(app, id, row.automatic_updates).await?;
    Ok(Done::Finished)
}

/// `Ok(None)` when nothing changed.
async fn read_again(
    app: &App,
    row: &RegistryRow,
) -> AppResult<Result<Option<Box<RegistryCopy>>, ReadFailure>> {
    // Where a redirect led is asked only through the redirect: it was not typed, and gets no credentials.
    let address =
        RegistryAddress::parse(&row.url).map_err(|error| AppError::internal(error.detail))?;
    let conditional = row
        .folder
        .clone()
        .filter(|_| row.list_sha256.is_some())
        .map(|folder| Validators {
            folder,
            etag: row.etag.clone(),
            last_modified: row.last_modified.clone(),
        });
    let request = ReadRequest {
        address,
        credentials: credentials(app, row)?,
        conditional,
        deadline: DEADLINE,
    };
    Ok(match app.reader.read(&request, &mut |_| {}).await {
        Ok(ReadOutcome::NotModified) => Ok(None),
        Ok(ReadOutcome::Read(copy)) => Ok(Some(copy)),
        Err(failure) => Err(failure),
    })
}

/// The user name and password of a registry, opened.
pub(crate) fn credentials(app: &App, row: &RegistryRow) -> AppResult<Option<Credentials>> {
    let Some(username) = row.username.clone() else {
        return Ok(None);
    };
    let password = match &row.sealed_password {
        Some(sealed) => app
            .sealer
            .open(&row.id.to_string(), sealed)
            .map_err(AppError::internal)?,
        None => secrecy::SecretString::from(""),
    };
    Ok(Some(Credentials { username, password }))
}

/// Notes a failure beside the last good copy.
pub(crate) async fn record_failure(
    app: &App,
    id: RegistryId,
    failure: ReadFailure,
) -> AppResult<()> {
    let now = app.clock.now_ms();
    let not_before = failure
        .retry_after
        .map(|wait| now + wait.min(EVERY).as_millis() as i64);
    app.store
        .registries()
        .record_failure(id, registries::stored_failure(failure), now, not_before)
        .await?;
    Ok(())
}

/// Five minutes after the first failure, then ever longer: as long again as the last pause was, at most six hours.
fn pause(row: &RegistryRow, earlier_failures: u32) -> Duration {
    let since_copy = match (
        row.attempted_at,
        row.copied_at.or(Some(row.added_at)),
        earlier_failures,
    ) {
        (Some(attempted), Some(copied), 1..) => {
            Duration::from_millis((attempted - copied).max(0).unsigned_abs())
        }
        _ => Duration::ZERO,
    };
    jittered((FIRST_PAUSE + since_copy).min(EVERY))
}

/// A registry that had listings and has none now is more likely broken than empty.
fn emptied(listings: i64) -> ReadFailure {
    ReadFailure {
        step: sources::Step::Listings,
        cause: FailureCause::NotAList,
        detail: format!("its list is empty now; it had {listings} workspaces"),
        hint: Some("The last good copy stays in use. Ask the publisher; remove the registry if it is given up.".to_owned()),
        retry_after: None,
    }
}

/// Plus or minus a tenth, so that many registries are not read at once.
fn jittered(pause: Duration) -> Duration {
    let share = f64::from(u16::from_le_bytes(random::<2>())) / f64::from(u16::MAX);
    pause.mul_f64(0.9 + 0.2 * share)
}

/// Plans the next refresh of a registry with Automatic Updates.
pub(crate) async fn schedule(app: &App, id: RegistryId, automatic: bool) -> AppResult<()> {
    if automatic {
        jobs::enqueue(app, Job::Refresh(id), jittered(EVERY)).await
    } else {
        Ok(())
    }
}

/// Somebody opened the page that shows `registries`: those with Automatic Updates are read again behind it, each at most
/// once a minute, however many look.
pub(crate) fn follow_opening(app: &App, registries: &[Registry]) {
    let now = app.clock.now();
    let due: Vec<RegistryId> = registries
        .iter()
        .filter(|registry| registry.automatic_updates)
        .filter(|registry| {
            registry.attempted_at.is_none_or(|at| {
                (now - at).whole_milliseconds() >= i128::from(registries::PAUSE_MS)
            })
        })
        .map(|registry| registry.id)
        .collect();
    if due.is_empty() || !app.jobs.may_follow_opening(app.clock.now_ms()) {
        return;
    }
    let app = app.clone();
    tokio::spawn(async move {
        for id in due {
            match registries::refresh_now(&app, id).await {
                Ok(_) => {}
                // Removed meanwhile, or it asked to be left alone.
                Err(error) if error.status().is_client_error() => {}
                Err(error) => {
                    tracing::warn!(error = error.log_text(), registry.id = %id, "A registry could not be planned to be read again.");
                    return;
                }
            }
        }
    });
}

/// Plans what a server that ended could not: registries without a copy, and those with Automatic Updates.
pub(crate) async fn resume(app: &App) -> AppResult<()> {
    let waiting = app.store.jobs().list().await?;
    for row in app.store.registries().list().await? {
        let planned = waiting
            .iter()
            .any(|job| job.kind == "refresh" && job.key == row.id.to_string());
        if planned {
            continue;
        }
        if row.copied_at.is_none() {
            jobs::enqueue(app, Job::Refresh(row.id), Duration::ZERO).await?;
        } else {
            schedule(app, row.id, row.automatic_updates).await?;
        }
    }
    Ok(())
}

async fn apply(app: &App, id: RegistryId, copy: RegistryCopy) -> AppResult<()> {
    let identities = app.store.listings().identities(id).await?;
    let known: Vec<Known> = identities
        .into_iter()
        .map(|row| Known {
            id: row.id,
            key: ListingKey {
                name_key: row.name_key,
                image_repository: row.image_repository,
                sha: row.sha,
            },
            json_sha256: row.json_sha256,
            position: row.position.unsigned_abs(),
            withdrawn: row.withdrawn,
        })
        .collect();
    let header = header(&copy);
    let entries = copy.list.entries;
    let fresh: Vec<Fresh> = entries
        .iter()
        .map(|entry| Fresh {
            key: ListingKey::of(&entry.definition),
            json_sha256: Sha256::digest(entry.json.as_bytes()).into(),
        })
        .collect();
    let diff = diff(&known, &fresh);
    let changed_icons: Vec<String> = diff
        .changed
        .iter()
        .filter_map(|changed| {
            entries[changed.position as usize]
                .definition
                .image_src
                .clone()
        })
        .collect();
    let mut entries: Vec<Option<ListEntry>> = entries.into_iter().map(Some).collect();
    let mut take = |position: u32| entries.get_mut(position as usize)?.take().map(content);
    let added = diff.added.iter().filter_map(|position| {
        Some(NewListing {
            id: ListingId::from_uuid(app.clock.new_id()),
            content: take(*position)?,
        })
    });
    let added: Vec<NewListing> = added.collect();
    let changed = diff.changed.iter().filter_map(|changed| {
        Some(ChangedListing {
            id: changed.id,
            content: take(changed.position)?,
        })
    });
    let changes = RefreshChanges {
        added,
        changed: changed.collect(),
        unchanged: diff
            .unchanged
            .iter()
            .map(|unchanged| (unchanged.id, unchanged.position as i32))
            .collect(),
        withdrawn: diff.withdrawn,
    };
    drop(entries);
    app.store
        .listings()
        .apply_refresh(id, header, changes, app.clock.now_ms())
        .await?;
    icons::enqueue(app, id, &changed_icons).await?;
    app.catalogue.reload_now(app).await
}

fn header(copy: &RegistryCopy) -> RegistryHeader {
    let list = &copy.list;
    let set_aside: Vec<SetAside> = list
        .set_aside
        .iter()
        .map(|entry| SetAside {
            position: entry.position.map(|position| position as u64),
            name: entry.name.clone(),
            place: entry.place.clone(),
            reason: entry.reason.clone(),
        })
        .collect();
    RegistryHeader {
        root_after_redirects: Some(copy.root.to_string()),
        name: list.name.clone(),
        description: list.description.clone(),
        icon_src: list.icon.clone(),
        list_url: list.list_url.clone(),
        contact_url: list.contact_url.clone(),
        modified: list.modified,
        schema: Some(list.form.to_string()),
        folder: Some(copy.folder.clone()),
        channels: json_text(&list.channels),
        default_channel: list.default_channel.clone(),
        etag: copy.validators.etag.clone(),
        last_modified: copy.validators.last_modified.clone(),
        list_sha256: copy.list_sha256,
        from_public: copy.from_public,
        set_aside: json_text(&set_aside),
        notes: json_text(&list.notes),
        next_attempt_at: None,
    }
}

fn json_text(list: &impl serde::Serialize) -> String {
    serde_json::to_string(list).expect("texts and numbers make JSON")
}

fn content(entry: ListEntry) -> ListingContent {
    let definition = entry.definition;
    let key = ListingKey::of(&definition);
    ListingContent {
        position: i32::try_from(entry.position).unwrap_or(i32::MAX),
        name_key: key.name_key,
        image_repository: key.image_repository,
        sha: key.sha,
        json_sha256: Sha256::digest(entry.json.as_bytes()).into(),
        facts: Facts::of(&definition, listings::is_flagged(&definition)).to_text(),
        friendly_name: definition.friendly_name,
        image_src: definition.image_src,
        json: entry.json,
    }
}
