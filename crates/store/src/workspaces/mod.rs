//! Installed workspaces.
//!
//! Transactions lock rows in one order, so that two of them never wait for each other in a circle on PostgreSQL:
//! registries, workspaces (by identifier), agents (by identifier), placements, listings, revisions. Whoever needs several
//! workspaces or agents locks all of them before it goes on.

mod change;
mod remove;
mod row;

use model::{ListingId, WorkspaceId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::entity::workspace::{Column, Entity, Model};
use crate::placements::place;
use crate::revisions::{self, Scope};
use crate::text::storable;
use crate::{Store, StoreError};

pub(crate) use remove::delete_if_empty;
pub use row::{
    NewPlacement, NewWorkspace, Resolution, ResolveFailure, WorkspaceEdit, WorkspaceRow,
};

/// How many identifiers one statement carries.
const CHUNK: usize = 500;

/// Why a workspace was not installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// One with the same install key is there; normal after a second click.
    #[error("already installed")]
    AlreadyInstalled(WorkspaceId),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a workspace was not changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// It is gone; normal when two people act at once.
    #[error("no such workspace")]
    NotFound,
    /// Somebody else changed it in between; normal when two people act at once.
    #[error("changed by somebody else")]
    VersionConflict {
        /// The version it has now.
        current: i64,
    },
    /// It is on its way out; normal when two people act at once.
    #[error("being removed")]
    Removing,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of the wish to remove a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkedRemoving {
    /// There is no such workspace.
    NotFound,
    /// It was on no agent and is gone.
    Deleted,
    /// It goes when its agents have confirmed.
    Removing,
}

/// The installed workspaces.
#[derive(Debug, Clone, Copy)]
pub struct Workspaces<'a>(pub(crate) &'a Store);

impl Workspaces<'_> {
    /// Installs a workspace with its placements, unless one with the same install key is there.
    pub async fn insert(&self, new: NewWorkspace) -> Result<(), InstallError> {
        let transaction = self.0.begin().await?;
        let key = new.install_key.clone().map(storable);
        let id = new.id;
        let placements = new.placements.clone();
        let at = new.installed_at;
        // Of two clicks at once, the second waits here and then sees the first.
        let leave = OnConflict::column(Column::InstallKey)
            .do_nothing()
            .to_owned();
        let inserted = Entity::insert_many([row::new_columns(new)])
            .on_conflict(leave)
            .exec_without_returning(&transaction)
            .await
            .map_err(StoreError::from)?;
        if inserted == 0 {
            let existing = Entity::find()
                .filter(Column::InstallKey.eq(key))
                .one(&transaction)
                .await
                .map_err(StoreError::from)?
                .ok_or(StoreError::NotFound)?;
            return Err(InstallError::AlreadyInstalled(WorkspaceId::from_uuid(
                existing.id,
            )));
        }
        place::add(&transaction, id, &placements, at).await?;
        finish(transaction).await?;
        Ok(())
    }

    /// All workspaces, oldest first.
    pub async fn list(&self) -> Result<Vec<WorkspaceRow>, StoreError> {
        Entity::find()
            .order_by_asc(Column::InstalledAt)
            .order_by_asc(Column::Id)
            .all(self.0.reader())
            .await?
            .into_iter()
            .map(WorkspaceRow::try_from)
            .collect()
    }

    /// One workspace.
    pub async fn find(&self, id: WorkspaceId) -> Result<Option<WorkspaceRow>, StoreError> {
        Entity::find_by_id(id.to_uuid())
            .one(self.0.reader())
            .await?
            .map(WorkspaceRow::try_from)
            .transpose()
    }

    /// The workspaces installed from these listings.
    pub async fn by_listing_ids(
        &self,
        listings: &[ListingId],
    ) -> Result<Vec<WorkspaceRow>, StoreError> {
        let mut found = Vec::new();
        for chunk in listings.chunks(CHUNK) {
            let rows = Entity::find()
                .filter(Column::ListingId.is_in(chunk.iter().map(|id| id.to_uuid())))
                .order_by_asc(Column::InstalledAt)
                .order_by_asc(Column::Id)
                .all(self.0.reader())
                .await?;
            for row in rows {
                found.push(WorkspaceRow::try_from(row)?);
            }
        }
        Ok(found)
    }

    /// The workspace that holds this install key.
    pub async fn find_by_install_key(&self, key: &str) -> Result<Option<WorkspaceRow>, StoreError> {
        Entity::find()
            .filter(Column::InstallKey.eq(storable(key.to_owned())))
            .one(self.0.reader())
            .await?
            .map(WorkspaceRow::try_from)
            .transpose()
    }

    /// The workspaces whose image is still to be resolved, oldest first.
    pub async fn unresolved(&self) -> Result<Vec<WorkspaceId>, StoreError> {
        let ids: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::Digest.is_null())
            .filter(Column::ResolveCause.is_null())
            .filter(Column::Removing.eq(false))
            .order_by_asc(Column::InstalledAt)
            .into_tuple()
            .all(self.0.reader())
            .await?;
        Ok(ids.into_iter().map(WorkspaceId::from_uuid).collect())
    }
}

/// Reads a workspace and keeps others from changing it until the transaction ends.
pub(crate) async fn lock(
    transaction: &DatabaseTransaction,
    id: WorkspaceId,
) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id.to_uuid())
        .lock_exclusive()
        .one(transaction)
        .await?)
}

/// Keeps others from changing these workspaces until the transaction ends.
pub(crate) async fn lock_where(
    transaction: &DatabaseTransaction,
    conditions: Vec<Condition>,
) -> Result<(), StoreError> {
    let mut ids: Vec<Uuid> = Vec::new();
    for condition in conditions {
        let found: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(condition)
            .into_tuple()
            .all(transaction)
            .await?;
        ids.extend(found);
    }
    ids.sort_unstable();
    for chunk in ids.chunks(CHUNK) {
        let _: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .order_by_asc(Column::Id)
            .lock_exclusive()
            .into_tuple()
            .all(transaction)
            .await?;
    }
    Ok(())
}

/// Counts the change and commits.
pub(crate) async fn finish(transaction: DatabaseTransaction) -> Result<(), StoreError> {
    revisions::bump(&transaction, &[Scope::Workspaces]).await?;
    transaction.commit().await?;
    Ok(())
}
