//! Images that stayed on hosts when their workspaces went: people are told for a day, or until the image goes too.

use std::collections::{HashMap, HashSet};

use api::agent::Kept;
use api::{AgentImage, EventData, KeptImage, KeptReason};
use model::{AgentId, Digest, ImageReference};
use store::{AgentRow, AssignedPlacement, BroughtImage, KeptImageRow};

use crate::app::App;
use crate::clock::date;
use crate::error::AppResult;

/// How long it is told that an image stays.
pub(crate) const TOLD_MS: i64 = 24 * 3600 * 1000;

/// All that is told, the latest first.
pub(crate) async fn list(app: &App) -> AppResult<Vec<KeptImage>> {
    let rows = app.store.kept().since(app.clock.now_ms() - TOLD_MS).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let agents = app.store.agents().list().await?;
    let names: HashMap<AgentId, &str> = agents
        .iter()
        .map(|agent| (agent.id, agent.name.as_str()))
        .collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let name = names.get(&row.on.agent_id).copied().unwrap_or_default();
            view(row, name)
        })
        .collect())
}

fn view(row: KeptImageRow, agent_name: &str) -> KeptImage {
    KeptImage {
        agent: row.on.agent_id,
        agent_name: agent_name.to_owned(),
        workspace_name: row.workspace_name,
        image: row.image,
        reason: reason(&row.reason),
        detail: row.detail,
        kept_at: date(row.kept_at),
    }
}

/// Notes that an image stays on an agent.
pub(crate) async fn record(
    app: &App,
    on: BroughtImage,
    assigned: &AssignedPlacement,
    kept: &Kept,
) -> AppResult<()> {
    let row = KeptImageRow {
        on,
        image: assigned.image.clone(),
        workspace_name: assigned.friendly_name.clone(),
        reason: reason_text(kept.reason),
        detail: kept.detail.clone(),
        kept_at: app.clock.now_ms(),
    };
    Ok(app.store.kept().record(row).await?)
}

/// Tells browsers that an image stays.
pub(crate) fn publish(app: &App, agent: &AgentRow, assigned: &AssignedPlacement, kept: &Kept) {
    tracing::info!(
        agent.name,
        workspace.name = assigned.friendly_name,
        "Kept image {} on `{}`: {}.",
        assigned.image,
        agent.name,
        kept.detail
    );
    app.events.publish(EventData::Kept(KeptImage {
        agent: agent.id,
        agent_name: agent.name.clone(),
        workspace_name: assigned.friendly_name.clone(),
        image: assigned.image.clone(),
        reason: kept.reason,
        detail: kept.detail.clone(),
        kept_at: date(app.clock.now_ms()),
    }));
}

/// Tells no more of images that an agent does not hold any more.
pub(crate) async fn forget_gone(
    app: &App,
    agent: AgentId,
    held: &HashSet<(String, Digest)>,
) -> AppResult<()> {
    let rows = app.store.kept().since(app.clock.now_ms() - TOLD_MS).await?;
    // Of an image that others hold we dropped our own names: that they are not there says nothing.
    let held_by_others = reason_text(KeptReason::OtherImage);
    let told = |row: &KeptImageRow| row.on.agent_id == agent && row.reason != held_by_others;
    for row in rows.into_iter().filter(told) {
        if !held.contains(&(row.on.repository.clone(), row.on.digest.clone())) {
            app.store.kept().forget(&row.on).await?;
        }
    }
    Ok(())
}

/// What an engine holds, by repository and digest.
pub(crate) fn held(images: &[AgentImage]) -> HashSet<(String, Digest)> {
    images
        .iter()
        .flat_map(|image| &image.references)
        .filter_map(|text| {
            let reference = ImageReference::parse(text).ok()?;
            Some((reference.name(), reference.digest()?.clone()))
        })
        .collect()
}

fn reason(text: &str) -> KeptReason {
    serde_json::from_value(serde_json::Value::String(text.to_owned()))
        .unwrap_or(KeptReason::NotRemoved)
}

fn reason_text(reason: KeptReason) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(text)) => text,
        _ => unreachable!("a reason serialises to its name"),
    }
}
