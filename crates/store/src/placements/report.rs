use model::{AgentId, PlacementId, WorkspaceId};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};

use super::{PlacementReport, PlacementRow, PlacementState, Placements};
use crate::entity::placement::{ActiveModel, Column, Entity};
use crate::text::storable_option;
use crate::workspaces::{delete_if_empty, finish, lock};
use crate::{StoreError, agents};

/// What became of an agent's report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportOutcome {
    /// It was news and is recorded.
    Recorded {
        /// The workspace concerned.
        workspace: WorkspaceId,
        /// The state before.
        previous: PlacementState,
    },
    /// It was known already.
    Unchanged {
        /// The workspace concerned.
        workspace: WorkspaceId,
    },
    /// It is about an older attempt, or would keep what is on its way out; ignored.
    Outdated,
    /// This agent has no such placement.
    Unknown,
}

/// What became of an agent's word that something is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoneOutcome {
    /// The placement is deleted.
    Confirmed {
        /// The workspace concerned.
        workspace: WorkspaceId,
        /// Whether it was the last placement of a workspace on its way out, which is deleted too.
        workspace_deleted: bool,
    },
    /// It is about an older attempt, or nothing was to be removed; ignored.
    Outdated,
    /// This agent has no such placement.
    Unknown,
}

impl Placements<'_> {
    /// Records what an agent says, unless it is about an older attempt.
    pub async fn record_report(
        &self,
        report: PlacementReport,
        at: i64,
    ) -> Result<ReportOutcome, StoreError> {
        let transaction = self.0.begin().await?;
        let Some(current) = self
            .lock_of_agent(&transaction, report.agent, report.placement)
            .await?
        else {
            return Ok(ReportOutcome::Unknown);
        };
        let leaving = current.state == PlacementState::Removing;
        let removing = report.state == PlacementState::Removing;
        if current.attempt != report.attempt || leaving != removing {
            return Ok(ReportOutcome::Outdated);
        }
        let cause = storable_option(report.cause);
        let detail = storable_option(report.detail);
        let size_bytes = report.size_bytes.or(current.size_bytes);
        let workspace = current.workspace_id;
        if current.state == report.state
            && current.cause == cause
            && current.detail == detail
            && current.size_bytes == size_bytes
        {
            return Ok(ReportOutcome::Unchanged { workspace });
        }
        let columns = ActiveModel {
            state: Set(report.state.as_str().to_owned()),
            cause: Set(cause),
            detail: Set(detail),
            size_bytes: Set(size_bytes),
            updated_at: Set(at),
            ..Default::default()
        };
        Entity::update_many()
            .set(columns)
            .filter(Column::Id.eq(report.placement.to_uuid()))
            .exec(&transaction)
            .await?;
        finish(transaction).await?;
        Ok(ReportOutcome::Recorded {
            workspace,
            previous: current.state,
        })
    }

    /// Takes an agent's word that it has removed a workspace, and deletes what was waiting for it.
    pub async fn confirm_gone(
        &self,
        agent: AgentId,
        placement: PlacementId,
        attempt: i32,
    ) -> Result<GoneOutcome, StoreError> {
        let transaction = self.0.begin().await?;
        let Some(current) = self.lock_of_agent(&transaction, agent, placement).await? else {
            return Ok(GoneOutcome::Unknown);
        };
        if current.attempt != attempt || current.state != PlacementState::Removing {
            return Ok(GoneOutcome::Outdated);
        }
        // Its list of wishes is shorter now.
        agents::bump(&transaction, &[agent.to_uuid()]).await?;
        Entity::delete_by_id(placement.to_uuid())
            .exec(&transaction)
            .await?;
        let mut workspace_deleted = false;
        if let Some(workspace) = lock(&transaction, current.workspace_id).await?
            && workspace.removing
        {
            workspace_deleted = delete_if_empty(&transaction, &workspace).await?;
        }
        finish(transaction).await?;
        Ok(GoneOutcome::Confirmed {
            workspace: current.workspace_id,
            workspace_deleted,
        })
    }

    /// Locks a placement's workspace, then reads the placement if it is this agent's.
    async fn lock_of_agent(
        &self,
        transaction: &DatabaseTransaction,
        agent: AgentId,
        placement: PlacementId,
    ) -> Result<Option<PlacementRow>, StoreError> {
        let Some(seen) = Entity::find_by_id(placement.to_uuid())
            .one(transaction)
            .await?
        else {
            return Ok(None);
        };
        lock(transaction, WorkspaceId::from_uuid(seen.workspace_id)).await?;
        // Read again: it may have changed while we waited.
        Entity::find_by_id(placement.to_uuid())
            .filter(Column::AgentId.eq(agent.to_uuid()))
            .one(transaction)
            .await?
            .map(PlacementRow::try_from)
            .transpose()
    }
}
