//! Adding, showing and removing registries.

use std::time::Duration;

use api::{
    CreateRegistry, EventData, HealthState, InspectRegistry, Outcome, Registry, RegistryHealth,
    SetAside, Step, StepReport, UpdateRegistry,
};
use model::RegistryId;
use secrecy::SecretString;
use sources::icons::IconBase;
use sources::{Credentials, RegistryAddress, RegistryCopy};
use store::{
    AddRegistryError, EditError, NewRegistry, RegistryFailure, RegistryRow, RegistrySettings,
};
use tokio::sync::mpsc::Sender;
use url::Url;

use crate::app::App;
use crate::clock::date;
use crate::error::{AppError, AppResult};
use crate::jobs::{self, Job};
use crate::services::catalogue::Snapshot;
use crate::services::{icons, listings, refresh};

/// Most registries of one server.
const MOST_REGISTRIES: u64 = 1_000;

/// A registry is read at most once in this time, by whoever asks.
pub(crate) const PAUSE_MS: i64 = 60_000;

/// Icons looked at when a registry is inspected.
const SAMPLE_ICONS: usize = 7;

/// All registries: the first party first, then by name.
pub(crate) async fn list(app: &App) -> AppResult<Vec<Registry>> {
    let snapshot = app.catalogue.snapshot();
    let rows = app.store.registries().list().await?;
    let mut registries: Vec<Registry> = rows.into_iter().map(|row| view(&snapshot, row)).collect();
    registries.sort_by(|left, right| {
        right
            .first_party
            .cmp(&left.first_party)
            .then_with(|| model::compare_names(&left.name, &right.name))
            .then(left.id.cmp(&right.id))
    });
    Ok(registries)
}

/// One registry.
pub(crate) async fn find(app: &App, id: RegistryId) -> AppResult<Registry> {
    let row = app
        .store
        .registries()
        .find(id)
        .await?
        .ok_or_else(|| AppError::registry_not_found(id))?;
    Ok(view(&app.catalogue.snapshot(), row))
}

fn view(snapshot: &Snapshot, row: RegistryRow) -> Registry {
    let facts = snapshot.registries.get(&row.id);
    let previews = facts
        .map(|facts| facts.previews.clone())
        .unwrap_or_default();
    let name = listings::registry_name(&row);
    Registry {
        id: row.id,
        site_url: site_url(&row),
        contact_url: row
            .contact_url
            .as_deref()
            .and_then(|text| allowed_url(text, &["http", "https", "mailto"])),
        icon: listings::icon_path(row.icon.as_ref().map(|icon| icon.hash.as_str()), &name),
        name,
        place: facts.and_then(|facts| facts.place.clone()),
        description: row.description.clone(),
        first_party: row.first_party,
        automatic_updates: row.automatic_updates,
        schema: row.schema.clone(),
        folder: row.folder.clone(),
        channels: serde_json::from_str(&row.channels).unwrap_or_default(),
        default_channel: row.default_channel.clone(),
        listing_count: row.listing_count.unsigned_abs(),
        set_aside: serde_json::from_str::<Vec<SetAside>>(&row.set_aside).unwrap_or_default(),
        preview_icons: previews,
        health: health(&row),
        username: row.username,
        version: row.settings_version.unsigned_abs(),
        copied_at: row.copied_at.map(date),
        attempted_at: row.attempted_at.map(date),
        added_at: date(row.added_at),
        url: row.url,
    }
}

/// Where people read about it: `list_url` as published, else the root.
fn site_url(row: &RegistryRow) -> Option<String> {
    let published = row
        .list_url
        .as_deref()
        .and_then(|text| allowed_url(text, &["http", "https"]));
    published.or_else(|| allowed_url(&row.url, &["http", "https"]))
}

/// An address that may become a link.
fn allowed_url(text: &str, schemes: &[&str]) -> Option<String> {
    Url::parse(text.trim())
        .ok()
        .filter(|url| schemes.contains(&url.scheme()))
        .map(String::from)
}

fn health(row: &RegistryRow) -> RegistryHealth {
    match &row.failure {
        Some(failure) => RegistryHealth {
            state: HealthState::Failing,
            step: step_from_text(&failure.step),
            detail: Some(failure.detail.clone()),
            hint: failure.hint.clone(),
        },
        None => RegistryHealth {
            state: match (row.copied_at, row.listing_count) {
                (None, _) => HealthState::Loading,
                (Some(_), 0) => HealthState::Empty,
                (Some(_), _) => HealthState::Ok,
            },
            step: None,
            detail: None,
            hint: None,
        },
    }
}

fn step_from_text(text: &str) -> Option<Step> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}

/// The name of a step, as stored.
pub(crate) fn step_text(step: Step) -> String {
    match serde_json::to_value(step) {
        Ok(serde_json::Value::String(text)) => text,
        _ => unreachable!("a step serialises to its name"),
    }
}

/// The API's word for a step.
pub(crate) fn step(step: sources::Step) -> Step {
    match step {
        sources::Step::Address => Step::Address,
        sources::Step::Dns => Step::Dns,
        sources::Step::Connection => Step::Connection,
        sources::Step::Tls => Step::Tls,
        sources::Step::Versions => Step::Versions,
        sources::Step::List => Step::List,
        sources::Step::Schema => Step::Schema,
        sources::Step::Listings => Step::Listings,
        sources::Step::Icons => Step::Icons,
    }
}

fn report(report: sources::StepReport) -> StepReport {
    StepReport {
        step: step(report.step),
        outcome: match report.outcome {
            sources::Outcome::Passed => Outcome::Passed,
            sources::Outcome::Warned => Outcome::Warned,
            sources::Outcome::Failed => Outcome::Failed,
        },
        detail: report.detail,
        hint: report.hint,
        duration_ms: report.duration.as_millis() as u64,
    }
}

fn address(url: &str) -> AppResult<RegistryAddress> {
    RegistryAddress::parse(url).map_err(|error| {
        AppError::registry_unreadable(Step::Address, error.detail, Some(error.hint))
    })
}

fn credentials(username: Option<String>, password: Option<String>) -> Option<Credentials> {
    let username = username.filter(|name| !name.is_empty())?;
    Some(Credentials {
        username,
        password: SecretString::from(password.unwrap_or_default()),
    })
}

/// Adds a registry: read first, stored then. Nothing is stored when it cannot be read, unless `keep` asks for it.
pub(crate) async fn create(app: &App, request: CreateRegistry) -> AppResult<Registry> {
    let address = address(&request.url)?;
    let url = address.root.to_string();
    refuse_known(app, &url).await?;
    let most = MOST_REGISTRIES;
    if app.store.registries().count().await? >= most {
        return Err(AppError::too_many_registries(most));
    }
    let id = RegistryId::from_uuid(app.clock.new_id());
    let credentials = credentials(request.username, request.password);
    let sealed_password = match &credentials {
        Some(credentials) => Some(
            app.sealer
                .seal(&id.to_string(), &credentials.password)
                .map_err(AppError::internal)?,
        ),
        None => None,
    };
    let now = app.clock.now_ms();
    let first_party = app
        .config
        .first_party
        .as_ref()
        .is_some_and(|first| first.as_str() == url);
    let new = NewRegistry {
        id,
        url,
        first_party,
        automatic_updates: first_party,
        username: credentials
            .as_ref()
            .map(|credentials| credentials.username.clone()),
        sealed_password,
        added_at: now,
    };
    match refresh::read(app, address, credentials, &mut |_| {}).await {
        Ok(None) => {
            return Err(AppError::registry_unreadable(
                Step::List,
                "The server says that nothing changed, which nobody asked.".to_owned(),
                None,
            ));
        }
        Ok(Some(copy)) => {
            let redirected = copy.root.to_string();
            if redirected != new.url {
                refuse_known(app, &redirected).await?;
            }
            let (header, listings) = refresh::first_copy(app, *copy);
            app.store
                .registries()
                .insert_with_listings(new, header, listings, now)
                .await
                .map_err(duplicate)?;
            refresh::schedule(app, id, first_party).await?;
            jobs::enqueue(app, Job::Icons(id), Duration::ZERO).await?;
        }
        // An address that may not be asked does not get better with time.
        Err(failure) if request.keep && failure.step != sources::Step::Address => {
            app.store
                .registries()
                .insert(new)
                .await
                .map_err(duplicate)?;
            refresh::record_failure(app, id, failure).await?;
            jobs::enqueue(app, Job::Refresh(id), refresh::FIRST_PAUSE).await?;
        }
        Err(failure) => {
            return Err(AppError::registry_unreadable(
                step(failure.step),
                failure.detail,
                failure.hint,
            ));
        }
    }
    app.catalogue.reload_now(app).await?;
    app.events.publish(EventData::Registry { registry: id });
    find(app, id).await
}

async fn refuse_known(app: &App, url: &str) -> AppResult<()> {
    match app.store.registries().find_by_url(url).await? {
        Some(row) => Err(AppError::registry_exists(
            row.id,
            &listings::registry_name(&row),
        )),
        None => Ok(()),
    }
}

fn duplicate(error: AddRegistryError) -> AppError {
    match error {
        AddRegistryError::Duplicate(id) => AppError::registry_exists(id, &id.to_string()),
        AddRegistryError::Store(error) => error.into(),
    }
}

/// Looks at a registry step by step and stores nothing.
pub(crate) async fn inspect(app: &App, request: InspectRegistry, steps: Sender<StepReport>) {
    // A full channel means that nobody reads: the last steps are not worth waiting for.
    let tell = |step: sources::StepReport| drop(steps.try_send(report(step)));
    let address = match address(&request.url) {
        Ok(address) => address,
        Err(error) => {
            drop(steps.try_send(failed_address(&error)));
            return;
        }
    };
    let typed = address.root.clone();
    let row = app.store.registries().find_by_url(typed.as_str()).await;
    let known = row.ok().flatten().map(|row| listings::registry_name(&row));
    let mut on_step = |mut step: sources::StepReport| {
        if let (sources::Step::Address, Some(name)) = (step.step, &known) {
            step.outcome = sources::Outcome::Warned;
            step.detail = format!("{} is here already, as {name}", step.detail);
        }
        tell(step);
    };
    let credentials = credentials(request.username, request.password);
    if let Ok(Some(copy)) = refresh::read(app, address, credentials.clone(), &mut on_step).await {
        let base = icons::base_of(typed, &copy, credentials);
        on_step(sample_icons(app, &copy, &base).await);
    }
}

fn failed_address(error: &AppError) -> StepReport {
    StepReport {
        step: error.step().unwrap_or(Step::Address),
        outcome: Outcome::Failed,
        detail: error.detail().to_owned(),
        hint: error.hint().map(str::to_owned),
        duration_ms: 0,
    }
}

/// All steps of a look at a registry, for the page without script.
pub(crate) async fn inspect_all(app: &App, request: InspectRegistry) -> Vec<StepReport> {
    let (sender, mut receiver) = tokio::sync::mpsc::channel(32);
    inspect(app, request, sender).await;
    let mut reports = Vec::new();
    while let Some(report) = receiver.recv().await {
        reports.push(report);
    }
    reports
}

async fn sample_icons(app: &App, copy: &RegistryCopy, base: &IconBase) -> sources::StepReport {
    let started = app.clock.monotonic();
    let mut names: Vec<&str> = copy
        .list
        .entries
        .iter()
        .filter_map(|entry| entry.definition.image_src.as_deref())
        .collect();
    names.dedup();
    let named = names.len();
    names.truncate(SAMPLE_ICONS);
    let results = futures_util::future::join_all(
        names
            .iter()
            .map(|name| app.icon_reader.fetch(base, name, None)),
    )
    .await;
    let failures: Vec<String> = names
        .iter()
        .zip(results)
        .filter_map(|(name, result)| result.err().map(|error| format!("`{name}`: {error}")))
        .collect();
    let (outcome, detail, hint) = match failures.first() {
        None => (
            sources::Outcome::Passed,
            match names.len() {
                all if all == named => "all icons can be shown".to_owned(),
                some => format!("a sample of {some} icons of {named} can be shown"),
            },
            None,
        ),
        Some(first) => (
            sources::Outcome::Warned,
            format!(
                "{} of {} icons cannot be shown, such as {first}",
                failures.len(),
                names.len()
            ),
            Some("Initials are drawn in their place.".to_owned()),
        ),
    };
    sources::StepReport {
        step: sources::Step::Icons,
        outcome,
        detail,
        hint,
        duration: app.clock.monotonic() - started,
    }
}

/// Changes settings.
pub(crate) async fn update(
    app: &App,
    id: RegistryId,
    expected: Option<u64>,
    request: UpdateRegistry,
) -> AppResult<Registry> {
    let username = request
        .username
        .map(|name| Some(name).filter(|name| !name.is_empty()));
    let removes = username == Some(None);
    let sealed_password = match request.password {
        _ if removes => Some(None),
        Some(password) => {
            let sealed = app
                .sealer
                .seal(&id.to_string(), &SecretString::from(password))
                .map_err(AppError::internal)?;
            Some(Some(sealed))
        }
        None => None,
    };
    let settings = RegistrySettings {
        automatic_updates: request.automatic_updates,
        username,
        sealed_password,
    };
    let expected = expected.map(|version| i64::try_from(version).unwrap_or(0));
    app.store
        .registries()
        .update_settings(id, expected, settings)
        .await
        .map_err(|error| match error {
            EditError::Store(error) => error.into(),
            EditError::VersionConflict { .. } => AppError::version_conflict(),
            EditError::NotFound | EditError::Removing => AppError::registry_not_found(id),
        })?;
    if request.automatic_updates == Some(true) {
        refresh::schedule(app, id, true).await?;
    }
    app.events.publish(EventData::Registry { registry: id });
    find(app, id).await
}

/// Removes a registry; what is installed from it stays.
pub(crate) async fn delete(app: &App, id: RegistryId, expected: Option<u64>) -> AppResult<()> {
    if let Some(expected) = expected
        && find(app, id).await?.version != expected
    {
        return Err(AppError::version_conflict());
    }
    if !app.store.registries().delete(id).await? {
        return Err(AppError::registry_not_found(id));
    }
    app.store.jobs().cancel("refresh", &id.to_string()).await?;
    app.catalogue.reload_now(app).await?;
    app.events.publish(EventData::Registry { registry: id });
    Ok(())
}

/// How long a registry is left alone after it was read.
pub(crate) fn left_alone(app: &App, row: &RegistryRow) -> Duration {
    let since = row.attempted_at.map(|at| app.clock.now_ms() - at);
    // A clock that was put back must not make the pause longer.
    let left = since.map_or(0, |since| (PAUSE_MS - since).min(PAUSE_MS));
    Duration::from_millis(u64::try_from(left).unwrap_or(0))
}

/// Asks for a refresh, soon enough after the last one for its pause; gives how long that is from now.
pub(crate) async fn refresh_now(app: &App, id: RegistryId) -> AppResult<Duration> {
    let row = app
        .store
        .registries()
        .find(id)
        .await?
        .ok_or_else(|| AppError::registry_not_found(id))?;
    if let Some(wait) = asked_to_wait(app, &row) {
        return Err(AppError::too_many_requests(
            "This registry asked not to be read again so soon.",
            wait,
        ));
    }
    let wait = left_alone(app, &row);
    jobs::enqueue(app, Job::Refresh(id), wait).await?;
    Ok(wait)
}

/// Asks for a refresh of all registries, but for those that asked to be left alone.
pub(crate) async fn refresh_all(app: &App) -> AppResult<()> {
    for row in app.store.registries().list().await? {
        if asked_to_wait(app, &row).is_none() {
            jobs::enqueue(app, Job::Refresh(row.id), left_alone(app, &row)).await?;
        }
    }
    Ok(())
}

/// How long a registry that is busy asked to be left alone.
fn asked_to_wait(app: &App, row: &RegistryRow) -> Option<Duration> {
    let wait = row.next_attempt_at? - app.clock.now_ms();
    (wait > 0).then(|| Duration::from_millis(wait.unsigned_abs()))
}

/// Workspaces installed from a registry, which its removal leaves alone.
pub(crate) async fn installed_from(app: &App, id: RegistryId) -> AppResult<Vec<api::Workspace>> {
    let all = crate::services::workspaces::list(app).await?;
    Ok(all
        .into_iter()
        .filter(|workspace| workspace.registry == Some(id))
        .collect())
}

/// The address of the first party, where it was removed.
pub(crate) fn first_party_gone(app: &App, registries: &[Registry]) -> Option<String> {
    let url = app.config.first_party.as_ref()?;
    (!registries.iter().any(|registry| registry.first_party)).then(|| url.to_string())
}

const FIRST_PARTY_DONE: &str = "first_party_installed";

/// Installs the first party at the very first start; who removes it keeps it removed.
pub(crate) async fn install_first_party(app: &App) -> AppResult<()> {
    let Some(url) = &app.config.first_party else {
        return Ok(());
    };
    if app.store.settings().get(FIRST_PARTY_DONE).await?.is_some() {
        return Ok(());
    }
    let address = address(url.as_str())?;
    let id = RegistryId::from_uuid(app.clock.new_id());
    let new = NewRegistry {
        id,
        url: address.root.to_string(),
        first_party: true,
        automatic_updates: true,
        username: None,
        sealed_password: None,
        added_at: app.clock.now_ms(),
    };
    match app.store.registries().insert(new).await {
        Ok(()) => jobs::enqueue(app, Job::Refresh(id), Duration::ZERO).await?,
        Err(AddRegistryError::Duplicate(_)) => {}
        Err(AddRegistryError::Store(error)) => return Err(error.into()),
    }
    app.store.settings().set(FIRST_PARTY_DONE, "yes").await?;
    Ok(())
}

/// A failure as stored.
pub(crate) fn stored_failure(failure: sources::ReadFailure) -> RegistryFailure {
    RegistryFailure {
        step: step_text(step(failure.step)),
        cause: failure.cause.as_str().to_owned(),
        detail: failure.detail,
        hint: failure.hint,
    }
}
