pub(crate) mod place;
mod report;
mod row;

use model::{AgentId, PlacementId, WorkspaceId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::entity::placement::{Column, Entity};
use crate::entity::workspace;
use crate::workspaces::{finish, lock};
use crate::{NewPlacement, Store, StoreError};

pub use report::{GoneOutcome, ReportOutcome};
pub use row::{
    AssignedPlacement, PlacementReport, PlacementRow, PlacementState, UnknownPlacementState,
};

/// How many identifiers one statement carries.
const CHUNK: usize = 500;

/// The workspaces' places on agents.
#[derive(Debug, Clone, Copy)]
pub struct Placements<'a>(pub(crate) &'a Store);

impl Placements<'_> {
    /// All placements.
    pub async fn all(&self) -> Result<Vec<PlacementRow>, StoreError> {
        Entity::find()
            .order_by_asc(Column::Id)
            .all(self.0.reader())
            .await?
            .into_iter()
            .map(PlacementRow::try_from)
            .collect()
    }

    /// The placements of these workspaces.
    pub async fn list_for_workspaces(
        &self,
        workspaces: &[WorkspaceId],
    ) -> Result<Vec<PlacementRow>, StoreError> {
        let mut found = Vec::new();
        for chunk in workspaces.chunks(CHUNK) {
            let rows = Entity::find()
                .filter(Column::WorkspaceId.is_in(chunk.iter().map(|id| id.to_uuid())))
                .order_by_asc(Column::Id)
                .all(self.0.reader())
                .await?;
            for row in rows {
                found.push(PlacementRow::try_from(row)?);
            }
        }
        Ok(found)
    }

    /// One placement.
    pub async fn find(&self, id: PlacementId) -> Result<Option<PlacementRow>, StoreError> {
        Entity::find_by_id(id.to_uuid())
            .one(self.0.reader())
            .await?
            .map(PlacementRow::try_from)
            .transpose()
    }

    /// What an agent is asked to do.
    pub async fn list_for_agent(
        &self,
        agent: AgentId,
    ) -> Result<Vec<AssignedPlacement>, StoreError> {
        Entity::find()
            .filter(Column::AgentId.eq(agent.to_uuid()))
            .order_by_asc(Column::Id)
            .find_also_related(workspace::Entity)
            .all(self.0.reader())
            .await?
            .into_iter()
            .map(AssignedPlacement::try_from)
            .collect()
    }

    /// Starts over where it failed, and forgets a failure to resolve the image; says how many placements start over.
    ///
    /// Of a workspace on its way out, the removals that failed start over.
    pub async fn retry(&self, workspace: WorkspaceId, at: i64) -> Result<u64, StoreError> {
        let transaction = self.0.begin().await?;
        let Some(current) = lock(&transaction, workspace).await? else {
            return Ok(0);
        };
        place::lock_agents(&transaction, workspace, &[]).await?;
        if current.resolve_cause.is_some() {
            let columns = workspace::ActiveModel {
                resolve_cause: Set(None),
                resolve_detail: Set(None),
                ..Default::default()
            };
            workspace::Entity::update_many()
                .set(columns)
                .filter(workspace::Column::Id.eq(current.id))
                .exec(&transaction)
                .await?;
        }
        let retried = place::retry_failed(&transaction, workspace, at).await?;
        finish(transaction).await?;
        Ok(retried)
    }

    /// Gives a new agent its placements; passes over workspaces that are gone, on their way out, or there already.
    pub async fn ensure_for_agent(
        &self,
        agent: AgentId,
        placements: &[(PlacementId, WorkspaceId)],
        at: i64,
    ) -> Result<u64, StoreError> {
        let transaction = self.0.begin().await?;
        let mut placements = placements.to_vec();
        placements.sort_by_key(|(_, workspace)| *workspace);
        let mut wanted = Vec::with_capacity(placements.len());
        for (id, workspace) in placements {
            if let Some(row) = lock(&transaction, workspace).await?
                && !row.removing
            {
                wanted.push((id, workspace));
            }
        }
        let mut made = 0;
        for (id, workspace) in wanted {
            let new = NewPlacement {
                id,
                agent_id: agent,
            };
            made += place::insert(&transaction, workspace, &[new], at).await?;
        }
        if made > 0 {
            crate::agents::bump(&transaction, &[agent.to_uuid()]).await?;
        }
        finish(transaction).await?;
        Ok(made)
    }
}
