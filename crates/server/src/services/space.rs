use std::collections::HashMap;

use api::{AgentSpace, Disk, Space};
use catalogue::{AgentDisk, BYTES_PER_MB, PlacementNeed};
use model::WorkspaceId;

use crate::app::App;
use crate::error::AppResult;
use crate::services::{definitions, workspaces};

/// What the size widget shows: needed and free, over all agents.
pub(crate) async fn read(app: &App) -> AppResult<Space> {
    let agents = app.store.agents().list().await?;
    let placements = app.store.placements().all().await?;
    let disks: Vec<Option<Disk>> = agents
        .iter()
        .map(|agent| {
            agent
                .disk
                .as_deref()
                .and_then(|text| serde_json::from_str(text).ok())
        })
        .collect();
    let needs = needs(app, &placements).await?;
    let lines: Vec<AgentDisk<'_>> = agents
        .iter()
        .zip(&disks)
        .map(|(agent, disk)| AgentDisk {
            agent: agent.id,
            name: &agent.name,
            host: agent.hostname.as_deref().unwrap_or_default(),
            filesystem: disk.as_ref().map(|disk| disk.filesystem.as_str()),
            free_bytes: disk.as_ref().map(|disk| disk.free_bytes),
        })
        .collect();
    let space = catalogue::space(&lines, &needs);
    Ok(Space {
        needed_bytes: space.needed_bytes,
        agent_count: space.agent_count,
        free_bytes: space.free_bytes,
        agents: space
            .agents
            .into_iter()
            .zip(agents)
            .map(|(line, agent)| AgentSpace {
                agent: line.agent,
                name: agent.name,
                architecture: agent.architecture.unwrap_or_default(),
                free_bytes: line.free_bytes,
                needed_bytes: line.needed_bytes,
                after_bytes: line.after_bytes,
            })
            .collect(),
        tightest: space.tightest,
    })
}

async fn needs(app: &App, placements: &[store::PlacementRow]) -> AppResult<Vec<PlacementNeed>> {
    let unfinished = placements
        .iter()
        .any(|placement| placement.state != store::PlacementState::Ready);
    let mut sizes: HashMap<WorkspaceId, Option<u64>> = HashMap::new();
    if unfinished {
        for row in app.store.workspaces().list().await? {
            // Nothing is fetched of an image that could not be found.
            if row.resolve_failure.is_some() && row.digest.is_none() {
                continue;
            }
            let definition = definitions::read(&row.effective_json)?.definition;
            let megabytes = definitions::default_choice(&definition, row.channel.as_deref())
                .uncompressed_size_mb;
            sizes.insert(
                row.id,
                megabytes.map(|size| size.saturating_mul(BYTES_PER_MB)),
            );
        }
    }
    Ok(placements
        .iter()
        .map(|placement| PlacementNeed {
            agent: placement.agent_id,
            state: workspaces::plan_state(placement.state),
            bytes: sizes.get(&placement.workspace_id).copied().flatten(),
        })
        .collect())
}
