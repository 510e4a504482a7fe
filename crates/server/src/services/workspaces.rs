//! What is installed, and how far it is.

use std::collections::HashMap;

use api::{
    AgentContact, Cause, EventData, PlacementState, Workspace, WorkspaceProgress, WorkspaceState,
};
use catalogue::{PlacementView, WorkspaceSummary, workspace_state};
use model::{AgentId, WorkspaceId};
use serde_json::value::RawValue;
use store::{AgentRow, PlacementRow, WorkspaceRow};

use crate::app::App;
use crate::clock::date;
use crate::error::{AppError, AppResult};
use crate::services::definitions::{self, ReadDefinition};
use crate::services::{listings, resolve};

/// All workspaces, oldest first.
pub(crate) async fn list(app: &App) -> AppResult<Vec<Workspace>> {
    let rows = app.store.workspaces().list().await?;
    views(app, rows).await
}

/// One workspace.
pub(crate) async fn find(app: &App, id: WorkspaceId) -> AppResult<Workspace> {
    let row = app
        .store
        .workspaces()
        .find(id)
        .await?
        .ok_or_else(|| AppError::workspace_not_found(id))?;
    views(app, vec![row])
        .await?
        .pop()
        .ok_or_else(|| AppError::workspace_not_found(id))
}

/// Workspaces as the API shows them.
pub(crate) async fn views(app: &App, rows: Vec<WorkspaceRow>) -> AppResult<Vec<Workspace>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<WorkspaceId> = rows.iter().map(|row| row.id).collect();
    let agents = agents(app).await?;
    let mut placements: HashMap<WorkspaceId, Vec<PlacementRow>> = HashMap::new();
    for placement in app.store.placements().list_for_workspaces(&ids).await? {
        placements
            .entry(placement.workspace_id)
            .or_default()
            .push(placement);
    }
    rows.into_iter()
        .map(|row| {
            let placements = placements.remove(&row.id).unwrap_or_default();
            view(app, row, placements, &agents)
        })
        .collect()
}

async fn agents(app: &App) -> AppResult<HashMap<AgentId, AgentRow>> {
    Ok(app
        .store
        .agents()
        .list()
        .await?
        .into_iter()
        .map(|agent| (agent.id, agent))
        .collect())
}

fn view(
    app: &App,
    row: WorkspaceRow,
    placements: Vec<PlacementRow>,
    agents: &HashMap<AgentId, AgentRow>,
) -> AppResult<Workspace> {
    let ReadDefinition { definition, .. } = definitions::read(&row.effective_json)?;
    let progress = summarize(app, &row, &placements, agents);
    let (placements, sizes): (Vec<api::Placement>, Vec<Option<u64>>) = placements
        .into_iter()
        .map(|placement| placement_view(app, &row, placement, agents))
        .unzip();
    let changes = row.changes_json.clone().unwrap_or_else(|| "{}".to_owned());
    let name = row.friendly_name;
    Ok(Workspace {
        id: row.id,
        listing: row.listing_id,
        registry: row.registry_id,
        registry_place: row
            .registry_id
            .and_then(|id| app.catalogue.snapshot().registries.get(&id)?.place.clone()),
        registry_name: row.registry_name,
        description: definition.description.clone(),
        icon: listings::icon_path(row.icon_hash.as_deref(), &name),
        friendly_name: name,
        categories: definition.categories.clone(),
        image: row.image,
        digest: row.digest,
        cores: definition.cores.map(definitions::number_text),
        memory_mb: definition.memory_mb,
        uncompressed_size_mb: definitions::default_choice(&definition, None).uncompressed_size_mb,
        run_config: definitions::pretty(definition.run_config.as_ref()),
        exec_config: definitions::pretty(definition.exec_config.as_ref()),
        findings: listings::findings(&definition),
        state: progress.state,
        detail: progress.detail,
        cause: progress.cause,
        ready: progress.ready,
        chosen: progress.chosen,
        bytes_done: progress.bytes_done,
        bytes_total: progress.bytes_total,
        percent: progress.percent,
        size_on_disk: sizes.into_iter().flatten().max(),
        placements,
        changes: RawValue::from_string(changes).map_err(AppError::internal)?,
        version: row.etag_version.unsigned_abs(),
        installed_at: date(row.installed_at),
    })
}

/// How far a workspace is, over all its placements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) state: WorkspaceState,
    pub(crate) detail: Option<String>,
    pub(crate) cause: Option<Cause>,
    pub(crate) ready: u32,
    pub(crate) chosen: u32,
    pub(crate) bytes_done: u64,
    pub(crate) bytes_total: u64,
    pub(crate) percent: Option<u8>,
}

fn summarize(
    app: &App,
    row: &WorkspaceRow,
    placements: &[PlacementRow],
    agents: &HashMap<AgentId, AgentRow>,
) -> Summary {
    let causes: Vec<Option<Cause>> = placements
        .iter()
        .map(|placement| placement.cause.as_deref().and_then(cause))
        .collect();
    let views: Vec<PlacementView<'_>> = placements
        .iter()
        .zip(&causes)
        .map(|(placement, cause)| PlacementView {
            state: plan_state(placement.state),
            agent: agents
                .get(&placement.agent_id)
                .map_or("an agent", |agent| &agent.name),
            reason: placement.detail.as_deref().or(cause.map(Cause::sentence)),
        })
        .collect();
    let unresolved = row
        .resolve_failure
        .as_ref()
        .map(|failure| failure.detail.as_str());
    let WorkspaceSummary {
        state,
        detail,
        ready,
        chosen,
    } = workspace_state(row.removing, &views, unresolved);
    let state = match state {
        catalogue::WorkspaceState::Removing => WorkspaceState::Removing,
        catalogue::WorkspaceState::Failed => WorkspaceState::Failed,
        catalogue::WorkspaceState::Pulling => WorkspaceState::Pulling,
        catalogue::WorkspaceState::Waiting => WorkspaceState::Waiting,
        catalogue::WorkspaceState::Ready => WorkspaceState::Ready,
        catalogue::WorkspaceState::NoAgentFits => WorkspaceState::NoAgentFits,
    };
    let platforms = resolve::stored_platforms(row.platforms.as_deref());
    let (mut bytes_done, mut bytes_total) = (0_u64, 0_u64);
    for placement in placements
        .iter()
        .filter(|placement| placement.state == store::PlacementState::Pulling)
    {
        let progress = app.progress.get(placement.id, placement.attempt);
        let architecture = agents
            .get(&placement.agent_id)
            .and_then(|agent| agent.architecture.as_deref());
        let total =
            progress.total(architecture.map_or(0, |own| resolve::transfer_bytes(&platforms, own)));
        bytes_total = bytes_total.saturating_add(total);
        bytes_done = bytes_done.saturating_add(progress.done().min(total));
    }
    let failed = state == WorkspaceState::Failed;
    let failure = row
        .resolve_failure
        .as_ref()
        .and_then(|failure| cause(&failure.cause));
    Summary {
        state,
        detail,
        cause: failure
            .or_else(|| causes.into_iter().flatten().next())
            .filter(|_| failed),
        ready,
        chosen,
        bytes_done,
        bytes_total,
        percent: percent(state, bytes_done, bytes_total),
    }
}

/// Whole percent while pulling; 100 only when it is over.
fn percent(state: WorkspaceState, done: u64, total: u64) -> Option<u8> {
    (state == WorkspaceState::Pulling).then(|| match total {
        0 => 0,
        _ => (u128::from(done) * 100 / u128::from(total)).min(99) as u8,
    })
}

fn placement_view(
    app: &App,
    row: &WorkspaceRow,
    placement: PlacementRow,
    agents: &HashMap<AgentId, AgentRow>,
) -> (api::Placement, Option<u64>) {
    let agent = agents.get(&placement.agent_id);
    let progress = app.progress.get(placement.id, placement.attempt);
    let platforms = resolve::stored_platforms(row.platforms.as_deref());
    let architecture = agent.and_then(|agent| agent.architecture.as_deref());
    let contact = agent.map_or(AgentContact::Offline, |agent| {
        let now = app.clock.monotonic();
        app.contacts.contact(agent.id, agent.contacts, now)
    });
    let pulling = placement.state == store::PlacementState::Pulling;
    let manifest = architecture.map_or(0, |own| resolve::transfer_bytes(&platforms, own));
    let bytes_total = if pulling { progress.total(manifest) } else { 0 };
    let size = placement
        .size_bytes
        .map(i64::unsigned_abs)
        .filter(|_| placement.state == store::PlacementState::Ready);
    let view = api::Placement {
        id: placement.id,
        agent: placement.agent_id,
        agent_name: agent.map(|agent| agent.name.clone()).unwrap_or_default(),
        contact,
        state: placement_state(placement.state),
        attempt: placement.attempt.unsigned_abs(),
        bytes_done: progress.done().min(bytes_total),
        bytes_total,
        layers: if pulling { progress.layers } else { Vec::new() },
        cause: placement.cause.as_deref().and_then(cause),
        detail: placement.detail,
        updated_at: date(placement.updated_at),
    };
    (view, size)
}

/// Tells browsers how far a workspace is, or that it is gone.
pub(crate) async fn publish_progress(app: &App, id: WorkspaceId) -> AppResult<()> {
    let Some(row) = app.store.workspaces().find(id).await? else {
        app.events.publish(EventData::Workspace {
            workspace: id,
            gone: true,
        });
        return Ok(());
    };
    let agents = agents(app).await?;
    let placements = app.store.placements().list_for_workspaces(&[id]).await?;
    let summary = summarize(app, &row, &placements, &agents);
    app.events.publish(EventData::Progress(WorkspaceProgress {
        workspace: id,
        listing: row.listing_id,
        state: summary.state,
        placements: placements
            .iter()
            .map(|placement| placement_state(placement.state))
            .collect(),
        bytes_done: summary.bytes_done,
        bytes_total: summary.bytes_total,
        percent: summary.percent,
        cause: summary.cause,
        detail: summary.detail,
    }));
    Ok(())
}

/// The API's word for a stored state.
pub(crate) fn placement_state(state: store::PlacementState) -> PlacementState {
    match state {
        store::PlacementState::Waiting => PlacementState::Waiting,
        store::PlacementState::Pulling => PlacementState::Pulling,
        store::PlacementState::Ready => PlacementState::Ready,
        store::PlacementState::Failed => PlacementState::Failed,
        store::PlacementState::Removing => PlacementState::Removing,
    }
}

/// The database's word for a plan's state.
pub(crate) fn stored_state(state: catalogue::PlacementState) -> store::PlacementState {
    match state {
        catalogue::PlacementState::Waiting => store::PlacementState::Waiting,
        catalogue::PlacementState::Pulling => store::PlacementState::Pulling,
        catalogue::PlacementState::Ready => store::PlacementState::Ready,
        catalogue::PlacementState::Failed => store::PlacementState::Failed,
        catalogue::PlacementState::Removing => store::PlacementState::Removing,
    }
}

/// The plan's word for a stored state.
pub(crate) fn plan_state(state: store::PlacementState) -> catalogue::PlacementState {
    match state {
        store::PlacementState::Waiting => catalogue::PlacementState::Waiting,
        store::PlacementState::Pulling => catalogue::PlacementState::Pulling,
        store::PlacementState::Ready => catalogue::PlacementState::Ready,
        store::PlacementState::Failed => catalogue::PlacementState::Failed,
        store::PlacementState::Removing => catalogue::PlacementState::Removing,
    }
}

/// A stored cause.
fn cause(text: &str) -> Option<Cause> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}

/// A cause to store, by its name in the API.
pub(crate) fn cause_text(cause: Cause) -> String {
    match serde_json::to_value(cause) {
        Ok(serde_json::Value::String(text)) => text,
        _ => unreachable!("a cause serialises to its name"),
    }
}
