//! What agents tell and what they shall do (the agent API).

use std::collections::HashSet;
use std::time::Duration;

use api::agent::{Desired, DesiredPlacement, Goal, Observed, PinnedImage, Progress};
use api::{Agent, AgentImage, Disk, EngineKind, EventData, KeptImage};
use catalogue::{PlacementEvent, Transition, transition};
use model::{AgentId, Digest, ImageReference, PlacementId};
use store::{
    AgentRow, AssignedPlacement, BroughtImage, GoneOutcome, Observation, PlacementReport,
    ReportOutcome,
};

use crate::app::App;
use crate::auth::TokenPrincipal;
use crate::clock::date;
use crate::error::{AppError, AppResult};
use crate::services::instances::Admission;
use crate::services::progress::PullProgress;
use crate::services::{definitions, installs, kept, workspaces};

/// Longest name of a host, version or architecture that is taken from an agent, characters.
const LONGEST_NAME: usize = 255;

/// Longest words on a placement that are taken from an agent, characters.
const LONGEST_DETAIL: usize = 2_000;

/// Most layers of a placement that are taken from an agent; an image has no more than half as many.
const MOST_LAYERS: usize = 256;

/// How often a long poll looks into a database that other servers write, too.
const SHARED_POLL: Duration = Duration::from_secs(2);

/// The agent that a token belongs to; made at its first contact. `instance` tells programs with the same token apart.
pub(crate) async fn by_token(
    app: &App,
    token: &TokenPrincipal,
    instance: Option<&str>,
) -> AppResult<AgentRow> {
    let id = AgentId::from_uuid(app.clock.new_id());
    let (agent, is_new) = app
        .store
        .agents()
        .upsert_by_token(
            token.token,
            id,
            &token.name,
            token.embedded,
            app.clock.now_ms(),
        )
        .await?;
    if let Some(instance) = instance
        && let Admission::Refused { is_news } =
            app.instances
                .admit(agent.id, instance, app.clock.monotonic())
    {
        if is_news {
            tracing::warn!(agent.id = %agent.id, agent.name = agent.name, "A second agent comes with the token of `{}` and is refused while that one is connected: give it a token of its own.", agent.name);
        }
        return Err(AppError::token_in_use(&agent.name));
    }
    app.contacts.heard(agent.id, app.clock.monotonic());
    if is_new {
        tracing::info!(agent.id = %agent.id, agent.name = agent.name, "Agent `{}` is new.", agent.name);
    }
    Ok(agent)
}

/// All agents as the API shows them.
pub(crate) async fn list(app: &App) -> AppResult<Vec<Agent>> {
    let placements = app.store.placements().all().await?;
    let kept = kept::list(app).await?;
    let rows = app.store.agents().list().await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let count = placements
                .iter()
                .filter(|placement| placement.agent_id == row.id)
                .count();
            let kept = kept
                .iter()
                .filter(|kept| kept.agent == row.id)
                .cloned()
                .collect();
            view(app, row, kept, count as u32)
        })
        .collect())
}

/// One agent as the API shows it.
pub(crate) async fn find(app: &App, id: AgentId) -> AppResult<Agent> {
    list(app)
        .await?
        .into_iter()
        .find(|agent| agent.id == id)
        .ok_or_else(|| AppError::agent_not_found(id))
}

fn view(app: &App, row: AgentRow, kept: Vec<KeptImage>, placements: u32) -> Agent {
    let contact = app
        .contacts
        .contact(row.id, row.contacts, app.clock.monotonic());
    Agent {
        id: row.id,
        name: row.name,
        embedded: row.embedded,
        hostname: row.hostname.unwrap_or_default(),
        architecture: row.architecture.unwrap_or_default(),
        engine: row
            .engine
            .as_deref()
            .and_then(engine_kind)
            .unwrap_or(EngineKind::Store),
        engine_version: row.engine_version.unwrap_or_default(),
        disk: row
            .disk
            .as_deref()
            .and_then(|text| serde_json::from_str::<Disk>(text).ok()),
        contact,
        last_contact_at: row.last_contact_at.map(date),
        images: row
            .images
            .as_deref()
            .and_then(|text| serde_json::from_str::<Vec<AgentImage>>(text).ok())
            .unwrap_or_default(),
        kept,
        placements,
    }
}

fn short(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

fn engine_kind(text: &str) -> Option<EngineKind> {
    match text {
        "docker" => Some(EngineKind::Docker),
        "store" => Some(EngineKind::Store),
        _ => None,
    }
}

/// Takes what an agent sees on its host.
pub(crate) async fn observe(app: &App, agent: &AgentRow, observed: Observed) -> AppResult<()> {
    let first = agent.architecture.is_none();
    // Without a version the engine did not answer, and these are the images it had before.
    if observed.version.is_some() {
        let held = kept::held(&observed.images);
        kept::forget_gone(app, agent.id, &held).await?;
        forget_brought(app, agent.id, &held).await?;
    }
    let observation = Observation {
        hostname: Some(short(observed.hostname, LONGEST_NAME)),
        engine: match observed.engine {
            EngineKind::Docker => "docker".to_owned(),
            EngineKind::Store => "store".to_owned(),
        },
        engine_version: observed.version.map(|version| short(version, LONGEST_NAME)),
        architecture: short(observed.architecture, LONGEST_NAME),
        disk: observed
            .disk
            .as_ref()
            .map(serde_json::to_string)
            .transpose()
            .map_err(AppError::internal)?,
        images: serde_json::to_string(&observed.images).map_err(AppError::internal)?,
    };
    let moved = agent
        .architecture
        .as_deref()
        .is_some_and(|before| before != observation.architecture);
    let architecture = observation.architecture.clone();
    let changed = app
        .store
        .agents()
        .record_observation(agent.id, observation, app.clock.now_ms())
        .await?;
    if first || moved {
        place_on(app, agent.id, &architecture).await?;
    }
    if changed {
        app.events.publish(EventData::Agent { agent: agent.id });
        app.events.publish(EventData::Space);
    }
    Ok(())
}

/// What an agent does not hold any more and no placement names was not brought there any more: somebody who pulls it
/// again shall keep it.
async fn forget_brought(
    app: &App,
    agent: AgentId,
    held: &HashSet<(String, Digest)>,
) -> AppResult<()> {
    let brought = app.store.brought().list(agent).await?;
    if brought.iter().all(|row| held.contains(&name(&row.image))) {
        return Ok(());
    }
    // Read after what was brought: a placement that came in between has said so anew before that row is forgotten.
    let assigned = app.store.placements().list_for_agent(agent).await?;
    let named: HashSet<(String, Digest)> = assigned
        .iter()
        .filter_map(|assigned| brought_image(agent, assigned))
        .map(|image| name(&image))
        .collect();
    for row in brought {
        let name = name(&row.image);
        if !held.contains(&name) && !named.contains(&name) {
            app.store.brought().forget_row(&row).await?;
        }
    }
    Ok(())
}

fn name(image: &BroughtImage) -> (String, Digest) {
    (image.repository.clone(), image.digest.clone())
}

/// Gives a new agent the workspaces that are meant for all fitting agents, future ones included.
async fn place_on(app: &App, agent: AgentId, architecture: &str) -> AppResult<()> {
    let mut wanted = Vec::new();
    for row in app.store.workspaces().list().await? {
        let rule = installs::AgentsRule::from_text(&row.agents_rule)?;
        let fits = definitions::fits_architecture(
            &definitions::read(&row.effective_json)?.definition,
            Some(architecture),
        );
        if !row.removing && fits && rule.includes(agent) {
            wanted.push((PlacementId::from_uuid(app.clock.new_id()), row.id));
        }
    }
    let placed = app
        .store
        .placements()
        .ensure_for_agent(agent, &wanted, app.clock.now_ms())
        .await?;
    if placed > 0 {
        app.jobs.desired_changed();
        for (_, workspace) in wanted {
            app.events.publish(EventData::Workspace {
                workspace,
                gone: false,
            });
        }
    }
    Ok(())
}

/// Waits until an agent's desired state is another than `known`, at most `wait`; `None` if it stayed.
pub(crate) async fn desired(
    app: &App,
    row: &AgentRow,
    known: Option<u64>,
    wait: Duration,
) -> AppResult<Option<Desired>> {
    let agent = row.id;
    let deadline = tokio::time::Instant::now() + wait;
    let mut changes = app.jobs.watch_desired();
    loop {
        changes.mark_unchanged();
        let generation = app
            .store
            .agents()
            .generation(agent)
            .await?
            .ok_or_else(|| AppError::agent_not_found(agent))?;
        let generation = generation.unsigned_abs();
        if known != Some(generation) {
            return read_desired(app, row, generation).await.map(Some);
        }
        let pause = if app.store.is_shared() {
            deadline.min(tokio::time::Instant::now() + SHARED_POLL)
        } else {
            deadline
        };
        tokio::select! {
            _ = changes.changed() => {}
            () = tokio::time::sleep_until(pause) => {
                if tokio::time::Instant::now() >= deadline {
                    return Ok(None);
                }
            }
            () = app.shutdown.cancelled() => return Ok(None),
        }
        app.contacts.heard(agent, app.clock.monotonic());
    }
}

/// The generation is read first: a change in between makes the next poll answer at once, never too late.
async fn read_desired(app: &App, row: &AgentRow, generation: u64) -> AppResult<Desired> {
    let agent = row.id;
    let assigned = app.store.placements().list_for_agent(agent).await?;
    let brought = app.store.brought().list(agent).await?;
    let resolving = assigned.iter().filter(|assigned| {
        assigned.digest.is_none()
            && !assigned.resolve_failed
            && assigned.placement.state != store::PlacementState::Removing
    });
    Ok(Desired {
        generation,
        resolving: resolving.count() as u32,
        placements: assigned.into_iter().filter_map(desired_placement).collect(),
        brought: brought
            .into_iter()
            .map(|row| api::agent::BroughtImage {
                repository: row.image.repository,
                digest: row.image.digest,
                tags: row.tags,
            })
            .collect(),
        agent: row.name.clone(),
    })
}

/// A placement whose image is not resolved yet is nothing an agent could work on.
fn desired_placement(assigned: AssignedPlacement) -> Option<DesiredPlacement> {
    let digest = assigned.digest?;
    let state = workspaces::placement_state(assigned.placement.state);
    Some(DesiredPlacement {
        placement: assigned.placement.id,
        workspace: assigned.placement.workspace_id,
        attempt: assigned.placement.attempt.unsigned_abs(),
        goal: if state == api::PlacementState::Removing {
            Goal::Absent
        } else {
            Goal::Present
        },
        image: PinnedImage {
            reference: assigned.image,
            digest,
        },
        state,
    })
}

/// Takes a report about one placement. Reports of an older attempt, or about a placement of another agent, are ignored.
pub(crate) async fn progress(app: &App, agent: &AgentRow, mut report: Progress) -> AppResult<()> {
    report.layers.truncate(MOST_LAYERS);
    report.detail = report.detail.map(|detail| short(detail, LONGEST_DETAIL));
    if let Some(kept) = &mut report.kept {
        kept.detail = short(std::mem::take(&mut kept.detail), LONGEST_DETAIL);
    }
    let attempt = i32::try_from(report.attempt).unwrap_or(i32::MAX);
    let assigned = app.store.placements().list_for_agent(agent.id).await?;
    let Some(assigned) = assigned
        .into_iter()
        .find(|assigned| assigned.placement.id == report.placement)
    else {
        return Ok(());
    };
    if assigned.placement.attempt != attempt {
        return Ok(());
    }
    note_brought(app, agent.id, &assigned, &report).await?;
    if report.gone {
        return gone(app, agent, &assigned, &report, attempt).await;
    }
    let Some(state) = next_state(&assigned, report.state) else {
        return Ok(());
    };
    if report.state == api::PlacementState::Pulling {
        app.progress.set(
            report.placement,
            PullProgress {
                attempt,
                layers: report.layers,
            },
        );
    } else {
        app.progress.clear(report.placement);
    }
    let outcome = app
        .store
        .placements()
        .record_report(
            PlacementReport {
                agent: agent.id,
                placement: report.placement,
                attempt,
                state: workspaces::stored_state(state),
                cause: report.cause.map(workspaces::cause_text),
                detail: report.detail,
                size_bytes: report.size_bytes.and_then(|size| i64::try_from(size).ok()),
            },
            app.clock.now_ms(),
        )
        .await?;
    if let ReportOutcome::Recorded { workspace, .. } | ReportOutcome::Unchanged { workspace } =
        outcome
    {
        workspaces::publish_progress(app, workspace).await?;
    }
    Ok(())
}

/// Records that we bring an image, or leave a tag on one that we brought.
async fn note_brought(
    app: &App,
    agent: AgentId,
    assigned: &AssignedPlacement,
    report: &Progress,
) -> AppResult<()> {
    let Some(image) = brought_image(agent, assigned) else {
        return Ok(());
    };
    let tag = published_tag(&assigned.image);
    let now = app.clock.now_ms();
    if report.bringing {
        app.store
            .brought()
            .record(image, tag.as_deref(), now)
            .await?;
    } else if let (api::PlacementState::Ready, Some(tag)) = (report.state, tag) {
        app.store.brought().note_tag(image, &tag, now).await?;
    }
    Ok(())
}

/// The tag that an engine leaves on a reference's image: none where it names a digest alone.
fn published_tag(image: &str) -> Option<String> {
    let reference = ImageReference::parse(image).ok()?;
    match (reference.tag(), reference.digest()) {
        (Some(tag), _) => Some(tag.to_owned()),
        (None, Some(_)) => None,
        (None, None) => Some(reference.tag_or_latest().to_owned()),
    }
}

/// The state that a report leads to; `None` where it is ignored.
fn next_state(
    assigned: &AssignedPlacement,
    reported: api::PlacementState,
) -> Option<catalogue::PlacementState> {
    let event = match reported {
        api::PlacementState::Waiting => PlacementEvent::ReportedWaiting,
        api::PlacementState::Pulling => PlacementEvent::ReportedPulling,
        api::PlacementState::Ready => PlacementEvent::ReportedReady,
        api::PlacementState::Failed => PlacementEvent::ReportedFailed,
        api::PlacementState::Removing => return Some(catalogue::PlacementState::Removing),
    };
    let now = workspaces::plan_state(assigned.placement.state);
    match transition(now, event) {
        Transition::Become(next) | Transition::Restart(next) => Some(next),
        // The same state again may carry news (bytes, a size); an overtaken report does not.
        Transition::Stay if placement_word(now) == reported => Some(now),
        Transition::Stay | Transition::End => None,
    }
}

fn placement_word(state: catalogue::PlacementState) -> api::PlacementState {
    workspaces::placement_state(workspaces::stored_state(state))
}

async fn gone(
    app: &App,
    agent: &AgentRow,
    assigned: &AssignedPlacement,
    report: &Progress,
    attempt: i32,
) -> AppResult<()> {
    app.progress.clear(report.placement);
    if assigned.placement.state != store::PlacementState::Removing {
        return Ok(());
    }
    // Before the placement is deleted: after a kill in between the agent tells it again.
    match (brought_image(agent.id, assigned), &report.kept) {
        (Some(image), Some(kept)) => kept::record(app, image, assigned, kept).await?,
        (Some(image), None) => {
            app.store.brought().forget(&image).await?;
        }
        (None, _) => {}
    }
    let outcome = app
        .store
        .placements()
        .confirm_gone(agent.id, report.placement, attempt)
        .await?;
    if let GoneOutcome::Confirmed {
        workspace,
        workspace_deleted,
    } = outcome
    {
        if let Some(kept) = &report.kept {
            kept::publish(app, agent, assigned, kept);
        }
        app.events.publish(EventData::Workspace {
            workspace,
            gone: workspace_deleted,
        });
        app.events.publish(EventData::Space);
    }
    Ok(())
}

fn brought_image(agent_id: AgentId, assigned: &AssignedPlacement) -> Option<BroughtImage> {
    let reference = ImageReference::parse(&assigned.image).ok()?;
    let digest = assigned.digest.clone()?;
    Some(BroughtImage {
        agent_id,
        repository: reference.name(),
        digest,
    })
}
