//! Changes to a workspace's placements, each telling the agents concerned.
//!
//! The caller has locked the workspace and then, by [`lock_agents`], the agents concerned.

use model::{AgentId, WorkspaceId};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, Set,
};
use uuid::Uuid;

use super::PlacementState;
use crate::entity::placement::{ActiveModel, Column, Entity};
use crate::{NewPlacement, StoreError, agents};

/// Keeps the agents that a workspace is on or comes to from changing until the transaction ends.
pub(crate) async fn lock_agents(
    transaction: &DatabaseTransaction,
    workspace: WorkspaceId,
    new: &[NewPlacement],
) -> Result<(), StoreError> {
    let on = Condition::all().add(Column::WorkspaceId.eq(workspace.to_uuid()));
    let mut concerned = agents_of(transaction, on).await?;
    concerned.extend(new.iter().map(|new| new.agent_id.to_uuid()));
    agents::lock_present(transaction, &concerned).await?;
    Ok(())
}

/// Adds placements and tells their agents.
pub(crate) async fn add(
    transaction: &DatabaseTransaction,
    workspace: WorkspaceId,
    new: &[NewPlacement],
    at: i64,
) -> Result<(), StoreError> {
    if insert(transaction, workspace, new, at).await? > 0 {
        let told: Vec<Uuid> = new.iter().map(|new| new.agent_id.to_uuid()).collect();
        agents::bump(transaction, &told).await?;
    }
    Ok(())
}

/// Adds placements, passing over agents that are gone or have one; says how many it made.
///
/// One that such an agent is about to remove is taken back.
pub(crate) async fn insert(
    transaction: &DatabaseTransaction,
    workspace: WorkspaceId,
    new: &[NewPlacement],
    at: i64,
) -> Result<u64, StoreError> {
    let wanted: Vec<Uuid> = new.iter().map(|new| new.agent_id.to_uuid()).collect();
    let present = agents::lock_present(transaction, &wanted).await?;
    let rows: Vec<ActiveModel> = new
        .iter()
        .filter(|new| present.contains(&new.agent_id.to_uuid()))
        .map(|new| ActiveModel {
            id: Set(new.id.to_uuid()),
            workspace_id: Set(workspace.to_uuid()),
            agent_id: Set(new.agent_id.to_uuid()),
            state: Set(PlacementState::Waiting.as_str().to_owned()),
            attempt: Set(1),
            cause: Set(None),
            detail: Set(None),
            size_bytes: Set(None),
            updated_at: Set(at),
        })
        .collect();
    if rows.is_empty() {
        return Ok(0);
    }
    let mut take_back = OnConflict::columns([Column::WorkspaceId, Column::AgentId]);
    take_back
        .update_columns([
            Column::State,
            Column::Cause,
            Column::Detail,
            Column::UpdatedAt,
        ])
        .value(Column::Attempt, Expr::col((Entity, Column::Attempt)).add(1))
        .action_and_where(Expr::col((Entity, Column::State)).eq(PlacementState::Removing.as_str()));
    Ok(Entity::insert_many(rows)
        .on_conflict(take_back)
        .exec_without_returning(transaction)
        .await?)
}

/// Asks agents to remove the workspace, these or all, and tells them.
pub(crate) async fn take_away(
    transaction: &DatabaseTransaction,
    workspace: WorkspaceId,
    from: Option<&[AgentId]>,
    at: i64,
) -> Result<(), StoreError> {
    let mut concerned = Condition::all()
        .add(Column::WorkspaceId.eq(workspace.to_uuid()))
        .add(Column::State.ne(PlacementState::Removing.as_str()));
    if let Some(from) = from {
        concerned = concerned.add(Column::AgentId.is_in(from.iter().map(|id| id.to_uuid())));
    }
    begin(transaction, concerned, PlacementState::Removing, at).await?;
    Ok(())
}

/// Lets every agent that keeps the workspace begin anew, as after a change of image.
pub(crate) async fn start_over(
    transaction: &DatabaseTransaction,
    workspace: WorkspaceId,
    at: i64,
) -> Result<(), StoreError> {
    let concerned = Condition::all()
        .add(Column::WorkspaceId.eq(workspace.to_uuid()))
        .add(Column::State.ne(PlacementState::Removing.as_str()));
    begin(transaction, concerned, PlacementState::Waiting, at).await?;
    Ok(())
}

/// Lets agents that failed begin anew; says how many.
pub(crate) async fn retry_failed(
    transaction: &DatabaseTransaction,
    workspace: WorkspaceId,
    at: i64,
) -> Result<u64, StoreError> {
    let failed = Condition::all()
        .add(Column::WorkspaceId.eq(workspace.to_uuid()))
        .add(Column::State.eq(PlacementState::Failed.as_str()));
    let retried = begin(transaction, failed, PlacementState::Waiting, at).await?;
    let kept = Condition::all()
        .add(Column::WorkspaceId.eq(workspace.to_uuid()))
        .add(Column::State.eq(PlacementState::Removing.as_str()))
        .add(Column::Cause.is_not_null());
    let removed = begin(transaction, kept, PlacementState::Removing, at).await?;
    Ok(retried + removed)
}

/// Tells every agent that has a placement of this workspace that something about it changed.
pub(crate) async fn tell_agents(
    transaction: &DatabaseTransaction,
    workspace: WorkspaceId,
) -> Result<(), StoreError> {
    let concerned = Condition::all().add(Column::WorkspaceId.eq(workspace.to_uuid()));
    let told = agents_of(transaction, concerned).await?;
    agents::bump(transaction, &told).await
}

/// Says whether any agent has a placement of this workspace.
pub(crate) async fn is_placed(
    transaction: &DatabaseTransaction,
    workspace: WorkspaceId,
) -> Result<bool, StoreError> {
    let count = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace.to_uuid()))
        .count(transaction)
        .await?;
    Ok(count > 0)
}

/// Puts placements into a state as a new attempt and tells their agents; says how many.
async fn begin(
    transaction: &DatabaseTransaction,
    concerned: Condition,
    state: PlacementState,
    at: i64,
) -> Result<u64, StoreError> {
    let told = agents_of(transaction, concerned.clone()).await?;
    if told.is_empty() {
        return Ok(0);
    }
    let columns = ActiveModel {
        state: Set(state.as_str().to_owned()),
        cause: Set(None),
        detail: Set(None),
        updated_at: Set(at),
        ..Default::default()
    };
    let updated = Entity::update_many()
        .set(columns)
        .col_expr(Column::Attempt, Expr::col(Column::Attempt).add(1))
        .filter(concerned)
        .exec(transaction)
        .await?;
    agents::bump(transaction, &told).await?;
    Ok(updated.rows_affected)
}

async fn agents_of(
    transaction: &DatabaseTransaction,
    concerned: Condition,
) -> Result<Vec<Uuid>, StoreError> {
    Ok(Entity::find()
        .select_only()
        .column(Column::AgentId)
        .filter(concerned)
        .into_tuple()
        .all(transaction)
        .await?)
}
