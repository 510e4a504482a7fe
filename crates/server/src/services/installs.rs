//! Installing, editing and uninstalling: desired state is written, agents do the rest.

use api::{EventData, FieldError, InstallRequest, UpdateWorkspace};
use model::definition::Definition;
use model::json;
use model::{AgentId, ByteLimit, ImageReference, ListingId, PlacementId, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use store::{
    AgentRow, EditError, InstallError, MarkedRemoving, NewPlacement, NewWorkspace, WorkspaceEdit,
};

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::services::definitions::{self, ReadDefinition};
use crate::services::{resolve, workspaces};

/// The largest edited definition, bytes (the limit of a listing).
const LARGEST_DEFINITION: usize = 256 * 1000;

/// How deep changes are nested at most (the limit of a list).
const DEEPEST_CHANGES: usize = 64;

/// The longest name that a person may give, characters.
const LONGEST_NAME: usize = 200;

/// Which agents a workspace is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AgentsRule {
    /// All fitting ones, future ones included.
    All,
    /// These.
    Named(Vec<AgentId>),
}

impl AgentsRule {
    /// Reads what was stored.
    pub(crate) fn from_text(text: &str) -> AppResult<Self> {
        serde_json::from_str(text).map_err(AppError::internal)
    }

    fn to_text(&self) -> AppResult<String> {
        serde_json::to_string(self).map_err(AppError::internal)
    }

    /// Whether an agent is meant.
    pub(crate) fn includes(&self, agent: AgentId) -> bool {
        match self {
            Self::All => true,
            Self::Named(agents) => agents.contains(&agent),
        }
    }
}

/// What an install request led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Installed {
    /// It is on its way.
    Begun(WorkspaceId),
    /// It was here already: a second click does nothing twice.
    Already(WorkspaceId),
}

/// Installs a listing.
pub(crate) async fn install(app: &App, request: InstallRequest) -> AppResult<Installed> {
    let id = request.listing;
    let listing = app
        .store
        .listings()
        .find(id)
        .await?
        .ok_or_else(|| AppError::listing_not_found(id))?;
    let registry = app.store.registries().find(listing.registry_id).await?;
    let registry = registry.ok_or_else(|| AppError::listing_not_found(id))?;
    if listing.withdrawn_at.is_some() {
        return Err(AppError::conflict(
            "listing-withdrawn",
            "Its registry no longer offers this workspace.",
            "Look for another one.",
        ));
    }
    let agents = app.store.agents().list().await?;
    let rule = rule(request.agents, &agents)?;
    let key = (!request.copy).then(|| listing.id.to_string());
    if let Some(key) = &key
        && let Some(there) = app.store.workspaces().find_by_install_key(key).await?
    {
        return Ok(Installed::Already(there.id));
    }
    let edited = apply_changes(
        &listing.content.json,
        request.changes.as_deref(),
        registry.default_channel.as_deref(),
    )?;
    let workspace = WorkspaceId::from_uuid(app.clock.new_id());
    let new = NewWorkspace {
        id: workspace,
        listing_id: Some(listing.id),
        registry_id: Some(registry.id),
        registry_name: registry
            .name
            .clone()
            .unwrap_or_else(|| registry.url.clone()),
        friendly_name: edited.friendly_name,
        base_json: listing.content.json,
        changes_json: edited.changes_json,
        effective_json: edited.effective_json,
        image: edited.image,
        version: edited.version,
        channel: edited.channel,
        icon_hash: listing.icon_hash,
        agents_rule: rule.to_text()?,
        install_key: key,
        installed_at: app.clock.now_ms(),
        placements: placements(app, &edited.definition, &rule, &agents),
    };
    match app.store.workspaces().insert(new).await {
        Ok(()) => {}
        Err(InstallError::AlreadyInstalled(there)) => return Ok(Installed::Already(there)),
        Err(InstallError::Store(error)) => return Err(error.into()),
    }
    resolve::enqueue(app, workspace).await?;
    announce(app, workspace);
    Ok(Installed::Begun(workspace))
}

/// Changes what is installed: new edits of the frozen copy. Another image is resolved and pulled anew.
pub(crate) async fn update(
    app: &App,
    id: WorkspaceId,
    expected: Option<u64>,
    request: UpdateWorkspace,
) -> AppResult<()> {
    let row = app
        .store
        .workspaces()
        .find(id)
        .await?
        .ok_or_else(|| AppError::workspace_not_found(id))?;
    let registry = match row.registry_id {
        Some(registry) => app.store.registries().find(registry).await?,
        None => None,
    };
    let default_channel = registry.and_then(|registry| registry.default_channel);
    let earlier = row
        .changes_json
        .clone()
        .map(RawValue::from_string)
        .transpose()
        .map_err(AppError::internal)?;
    let changes = request.changes.or(earlier);
    let edited = apply_changes(
        &row.base_json,
        changes.as_deref(),
        default_channel.as_deref(),
    )?;
    let agents = app.store.agents().list().await?;
    let rule = AgentsRule::from_text(&row.agents_rule)?;
    let image_changed = edited.image != row.image;
    let edit = WorkspaceEdit {
        friendly_name: edited.friendly_name,
        changes_json: edited.changes_json,
        effective_json: edited.effective_json,
        image: edited.image,
        version: edited.version,
        channel: edited.channel,
        agents_rule: row.agents_rule,
        reset_resolution: image_changed,
        placements: placements(app, &edited.definition, &rule, &agents),
        unplace: Vec::new(),
    };
    let expected = expected.map(|version| i64::try_from(version).unwrap_or(0));
    app.store
        .workspaces()
        .update(id, expected, edit, app.clock.now_ms())
        .await
        .map_err(|error| match error {
            EditError::NotFound => AppError::workspace_not_found(id),
            EditError::VersionConflict { .. } => AppError::version_conflict(),
            EditError::Removing => AppError::conflict(
                "workspace-removing",
                "It is being uninstalled.",
                "Install it again once it is gone.",
            ),
            EditError::Store(error) => error.into(),
        })?;
    if image_changed {
        resolve::enqueue(app, id).await?;
    }
    announce(app, id);
    Ok(())
}

/// Takes a workspace away from every agent. It is gone when all have confirmed.
pub(crate) async fn uninstall(app: &App, id: WorkspaceId) -> AppResult<()> {
    let row = app
        .store
        .workspaces()
        .find(id)
        .await?
        .ok_or_else(|| AppError::workspace_not_found(id))?;
    match app
        .store
        .workspaces()
        .mark_removing(id, app.clock.now_ms())
        .await?
    {
        MarkedRemoving::NotFound => return Err(AppError::workspace_not_found(id)),
        MarkedRemoving::Deleted => {
            app.events.publish(EventData::Workspace {
                workspace: id,
                gone: true,
            });
            app.events.publish(EventData::Space);
            return Ok(());
        }
        MarkedRemoving::Removing => {}
    }
    if row.digest.is_none() {
        confirm_unresolved(app, id).await?;
    }
    announce(app, id);
    workspaces::publish_progress(app, id).await
}

/// Forgets a workspace that is being uninstalled without waiting for its agents.
///
/// What was brought to them stays recorded: each clears it away at its next contact.
pub(crate) async fn forget(app: &App, id: WorkspaceId) -> AppResult<()> {
    let row = app.store.workspaces().find(id).await?;
    let row = row.ok_or_else(|| AppError::workspace_not_found(id))?;
    if !row.removing {
        return Err(AppError::conflict(
            "workspace-not-removing",
            "Only a workspace that is being uninstalled can be forgotten.",
            "Uninstall it first.",
        ));
    }
    if app.store.workspaces().forget(id).await? {
        app.jobs.desired_changed();
        workspaces::publish_progress(app, id).await?;
        app.events.publish(EventData::Space);
    }
    Ok(())
}

/// No agent was ever told of an image that was not resolved: there is nothing to take away.
async fn confirm_unresolved(app: &App, id: WorkspaceId) -> AppResult<()> {
    for placement in app.store.placements().list_for_workspaces(&[id]).await? {
        app.store
            .placements()
            .confirm_gone(placement.agent_id, placement.id, placement.attempt)
            .await?;
    }
    Ok(())
}

/// Tries failed placements, or a failed resolve, again.
pub(crate) async fn retry(app: &App, id: WorkspaceId) -> AppResult<()> {
    let row = app
        .store
        .workspaces()
        .find(id)
        .await?
        .ok_or_else(|| AppError::workspace_not_found(id))?;
    app.store.placements().retry(id, app.clock.now_ms()).await?;
    if row.digest.is_none() && !row.removing {
        resolve::enqueue(app, id).await?;
    }
    announce(app, id);
    workspaces::publish_progress(app, id).await
}

fn announce(app: &App, workspace: WorkspaceId) {
    app.jobs.desired_changed();
    app.events.publish(EventData::Workspace {
        workspace,
        gone: false,
    });
    app.events.publish(EventData::Space);
}

fn rule(asked: Option<Vec<AgentId>>, agents: &[AgentRow]) -> AppResult<AgentsRule> {
    let Some(asked) = asked else {
        return Ok(AgentsRule::All);
    };
    if asked.is_empty() {
        return Err(field_error(
            "/agents",
            "missing",
            "It would be installed on no agent; leave `agents` out for all that fit.".to_owned(),
        ));
    }
    let unknown = asked
        .iter()
        .enumerate()
        .filter(|(_, id)| !agents.iter().any(|agent| agent.id == **id));
    let errors: Vec<FieldError> = unknown
        .map(|(position, id)| FieldError {
            pointer: format!("/agents/{position}"),
            code: "agent-not-found".to_owned(),
            detail: format!("There is no agent {id}."),
            hint: None,
        })
        .collect();
    if errors.is_empty() {
        Ok(AgentsRule::Named(asked))
    } else {
        Err(AppError::invalid_fields(errors))
    }
}

/// One placement for each agent that is meant and fits.
fn placements(
    app: &App,
    definition: &Definition,
    rule: &AgentsRule,
    agents: &[AgentRow],
) -> Vec<NewPlacement> {
    agents
        .iter()
        .filter(|agent| {
            rule.includes(agent.id)
                && definitions::fits_architecture(definition, agent.architecture.as_deref())
        })
        .map(|agent| NewPlacement {
            id: PlacementId::from_uuid(app.clock.new_id()),
            agent_id: agent.id,
        })
        .collect()
}

/// An edited copy of a listing.
#[derive(Debug)]
pub(crate) struct Edited {
    pub(crate) definition: Definition,
    friendly_name: String,
    changes_json: Option<String>,
    effective_json: String,
    image: String,
    version: Option<String>,
    channel: Option<String>,
}

/// Applies a merge patch to a listing's JSON and checks the result like a listing.
pub(crate) fn apply_changes(
    base: &str,
    changes: Option<&RawValue>,
    default_channel: Option<&str>,
) -> AppResult<Edited> {
    let ReadDefinition { value: base, .. } = definitions::read(base)?;
    let patch = changes
        .map(parse_changes)
        .transpose()?
        .filter(|patch| !is_empty_object(patch));
    let effective = match &patch {
        Some(patch) => json::merge_patch(&base, patch),
        None => base,
    };
    let effective_json = String::from_utf8_lossy(&json::stringify(&effective)).into_owned();
    if effective_json.len() > LARGEST_DEFINITION {
        return Err(field_error(
            "/changes",
            "too-large",
            format!(
                "The edited workspace is larger than {}.",
                ByteLimit(LARGEST_DEFINITION as u64)
            ),
        ));
    }
    let (definition, tolerated) = Definition::read(&effective).map_err(|trouble| {
        field_error(
            &format!("/changes{}", trouble.pointer),
            "invalid",
            trouble.message,
        )
    })?;
    if let Some(patch) = &patch {
        refuse_wrong_types(&edited_fields(patch), tolerated)?;
        refuse_unfit(patch)?;
    }
    let choice = definitions::default_choice(&definition, default_channel);
    let image = definitions::image_reference(&choice)
        .map_err(|detail| field_error("/changes/image", "invalid-image", detail))?;
    Ok(Edited {
        friendly_name: definition.friendly_name.clone(),
        changes_json: patch
            .map(|patch| String::from_utf8_lossy(&json::stringify(&patch)).into_owned()),
        effective_json,
        image: ImageReference::as_written(&image).to_owned(),
        version: choice.version,
        channel: choice.channel,
        definition,
    })
}

fn edited_fields(patch: &json::Value) -> Vec<String> {
    let members = patch.as_object().map(json::Object::members);
    members
        .unwrap_or_default()
        .iter()
        .map(|member| format!("/{}", member.key.to_string_lossy()))
        .collect()
}

/// A person's own edit is held to more than a registry's list: names that can be shown, commands that can be run.
fn refuse_unfit(patch: &json::Value) -> AppResult<()> {
    let name = patch.get("friendly_name").and_then(json::Value::as_str);
    if name.is_some_and(|name| name.chars().count() > LONGEST_NAME) {
        return Err(field_error(
            "/changes/friendly_name",
            "too-long",
            format!("The name is longer than {LONGEST_NAME} characters."),
        ));
    }
    let commands = patch.get("exec_config").and_then(json::Value::as_object);
    for member in commands.map(json::Object::members).unwrap_or_default() {
        // Null takes a command away.
        if member.value.as_object().is_none() && !member.value.is_null() {
            let key = member.key.to_string_lossy();
            return Err(field_error(
                "/changes/exec_config",
                "wrong-type",
                format!(
                    "`{key}` is {}, not an object such as {{\"cmd\": \"…\"}}.",
                    member.value.kind_in_words()
                ),
            ));
        }
    }
    Ok(())
}

/// What a registry published with a wrong type is tolerated; what a person edits is not.
fn refuse_wrong_types(
    edited: &[String],
    tolerated: Vec<model::definition::Trouble>,
) -> AppResult<()> {
    let errors: Vec<FieldError> = tolerated
        .into_iter()
        .filter(|trouble| {
            edited.iter().any(|field| {
                trouble.pointer == *field || trouble.pointer.starts_with(&format!("{field}/"))
            })
        })
        .map(|trouble| FieldError {
            pointer: format!("/changes{}", trouble.pointer),
            code: "wrong-type".to_owned(),
            detail: trouble.message,
            hint: None,
        })
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(AppError::invalid_fields(errors))
    }
}

fn parse_changes(changes: &RawValue) -> AppResult<json::Value> {
    let limits = json::Limits {
        max_depth: DEEPEST_CHANGES,
        ..json::Limits::default()
    };
    let parsed = json::parse(changes.get().as_bytes(), &limits);
    let value = parsed.value.ok_or_else(|| {
        let detail = parsed.errors.first().map_or_else(
            || "It is no JSON.".to_owned(),
            |error| error.message.clone(),
        );
        field_error("/changes", "invalid-json", detail)
    })?;
    if matches!(value.kind, json::Kind::Object(_)) {
        Ok(value)
    } else {
        Err(field_error(
            "/changes",
            "not-an-object",
            "Changes are a JSON object (RFC 7396).".to_owned(),
        ))
    }
}

fn is_empty_object(value: &json::Value) -> bool {
    matches!(&value.kind, json::Kind::Object(object) if object.members().is_empty())
}

fn field_error(pointer: &str, code: &str, detail: String) -> AppError {
    AppError::invalid_fields(vec![FieldError {
        pointer: pointer.to_owned(),
        code: code.to_owned(),
        detail,
        hint: None,
    }])
}

/// The frozen copy that a workspace's edits apply to.
#[derive(Debug)]
pub(crate) struct Base {
    pub(crate) json: String,
    /// The compatibility entry in use.
    pub(crate) version: Option<String>,
}

/// The frozen copy of a workspace.
pub(crate) async fn base(app: &App, id: WorkspaceId) -> AppResult<Base> {
    let row = app
        .store
        .workspaces()
        .find(id)
        .await?
        .ok_or_else(|| AppError::workspace_not_found(id))?;
    Ok(Base {
        json: row.base_json,
        version: row.version,
    })
}

/// What is installed from listings, oldest first.
pub(crate) async fn of_listings(
    app: &App,
    listings: &[ListingId],
) -> AppResult<Vec<api::Workspace>> {
    let rows = app.store.workspaces().by_listing_ids(listings).await?;
    workspaces::views(app, rows).await
}
