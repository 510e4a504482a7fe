use model::{ListingId, WorkspaceId};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set};

use super::change::write;
use super::{MarkedRemoving, Workspaces, finish, lock};
use crate::StoreError;
use crate::entity::listing;
use crate::entity::workspace::{ActiveModel, Column, Entity, Model};
use crate::placements::place;
use crate::revisions::{self, Scope};

impl Workspaces<'_> {
    /// Asks every agent to remove a workspace; one that is on no agent is deleted at once.
    ///
    /// From now on the same listing can be installed again.
    pub async fn mark_removing(
        &self,
        id: WorkspaceId,
        at: i64,
    ) -> Result<MarkedRemoving, StoreError> {
        let transaction = self.0.begin().await?;
        let Some(current) = lock(&transaction, id).await? else {
            return Ok(MarkedRemoving::NotFound);
        };
        place::lock_agents(&transaction, id, &[]).await?;
        if !current.removing {
            let columns = ActiveModel {
                removing: Set(true),
                install_key: Set(None),
                etag_version: Set(current.etag_version + 1),
                ..Default::default()
            };
            write(&transaction, id, columns).await?;
        }
        place::take_away(&transaction, id, None, at).await?;
        let outcome = if delete_if_empty(&transaction, &current).await? {
            MarkedRemoving::Deleted
        } else {
            MarkedRemoving::Removing
        };
        finish(transaction).await?;
        Ok(outcome)
    }

    /// Deletes a workspace that is on its way out without waiting for its agents; says whether there was one.
    ///
    /// What was brought to them stays recorded, so that an agent which comes back can clear it away.
    pub async fn forget(&self, id: WorkspaceId) -> Result<bool, StoreError> {
        let transaction = self.0.begin().await?;
        let Some(current) = lock(&transaction, id)
            .await?
            .filter(|current| current.removing)
        else {
            return Ok(false);
        };
        place::lock_agents(&transaction, id, &[]).await?;
        place::tell_agents(&transaction, id).await?;
        delete(&transaction, &current).await?;
        finish(transaction).await?;
        Ok(true)
    }

    /// Deletes a workspace that is on its way out and on no agent any more; says whether it did.
    pub async fn delete_if_no_placements(&self, id: WorkspaceId) -> Result<bool, StoreError> {
        let transaction = self.0.begin().await?;
        let Some(current) = lock(&transaction, id)
            .await?
            .filter(|current| current.removing)
        else {
            return Ok(false);
        };
        let deleted = delete_if_empty(&transaction, &current).await?;
        finish(transaction).await?;
        Ok(deleted)
    }
}

/// Deletes a workspace that is on no agent; the caller has locked it and knows that it is to go.
pub(crate) async fn delete_if_empty(
    transaction: &DatabaseTransaction,
    workspace: &Model,
) -> Result<bool, StoreError> {
    let id = WorkspaceId::from_uuid(workspace.id);
    if place::is_placed(transaction, id).await? {
        return Ok(false);
    }
    delete(transaction, workspace).await?;
    Ok(true)
}

/// Deletes a workspace, and its listing if that was kept for it alone.
async fn delete(transaction: &DatabaseTransaction, workspace: &Model) -> Result<(), StoreError> {
    Entity::delete_by_id(workspace.id).exec(transaction).await?;
    let Some(listing) = workspace.listing_id.map(ListingId::from_uuid) else {
        return Ok(());
    };
    let installed = Query::select()
        .column(Column::ListingId)
        .from(Entity)
        .and_where(Column::ListingId.eq(listing.to_uuid()))
        .to_owned();
    let deleted = listing::Entity::delete_many()
        .filter(listing::Column::Id.eq(listing.to_uuid()))
        .filter(listing::Column::WithdrawnAt.is_not_null())
        .filter(listing::Column::Id.not_in_subquery(installed))
        .exec(transaction)
        .await?;
    if deleted.rows_affected > 0 {
        revisions::bump(transaction, &[Scope::Catalogue]).await?;
    }
    Ok(())
}
