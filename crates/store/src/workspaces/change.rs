use model::WorkspaceId;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::row::{edit_columns, failure_columns, resolution_columns};
use super::{EditError, Resolution, ResolveFailure, WorkspaceEdit, Workspaces, finish, lock};
use crate::StoreError;
use crate::entity::workspace::{ActiveModel, Column, Entity};
use crate::placements::place;
use crate::text::storable;

impl Workspaces<'_> {
    /// Applies an administrator's change, if the workspace still has the expected version; returns the new one.
    pub async fn update(
        &self,
        id: WorkspaceId,
        expected: Option<i64>,
        edit: WorkspaceEdit,
        at: i64,
    ) -> Result<i64, EditError> {
        let transaction = self.0.begin().await?;
        let current = lock(&transaction, id).await?.ok_or(EditError::NotFound)?;
        if expected.is_some_and(|expected| expected != current.etag_version) {
            return Err(EditError::VersionConflict {
                current: current.etag_version,
            });
        }
        if current.removing {
            return Err(EditError::Removing);
        }
        place::lock_agents(&transaction, id, &edit.placements).await?;
        let version = current.etag_version + 1;
        write(&transaction, id, edit_columns(&edit, version)).await?;
        place::take_away(&transaction, id, Some(&edit.unplace), at).await?;
        if edit.reset_resolution {
            place::start_over(&transaction, id, at).await?;
        }
        place::add(&transaction, id, &edit.placements, at).await?;
        // What an agent is told carries the name and the image.
        place::tell_agents(&transaction, id).await?;
        finish(transaction).await?;
        Ok(version)
    }

    /// Pins the image; says no if the workspace is gone, on its way out, or has another image by now.
    pub async fn set_resolution(
        &self,
        id: WorkspaceId,
        image: &str,
        resolution: Resolution,
    ) -> Result<bool, StoreError> {
        self.resolve(id, image, resolution_columns(resolution))
            .await
    }

    /// Notes that the image could not be resolved; says no in the same cases as [`Self::set_resolution`].
    pub async fn set_resolution_failure(
        &self,
        id: WorkspaceId,
        image: &str,
        failure: ResolveFailure,
    ) -> Result<bool, StoreError> {
        self.resolve(id, image, failure_columns(failure)).await
    }

    async fn resolve(
        &self,
        id: WorkspaceId,
        image: &str,
        columns: ActiveModel,
    ) -> Result<bool, StoreError> {
        let transaction = self.0.begin().await?;
        let image = storable(image.to_owned());
        let current = lock(&transaction, id).await?;
        if current.is_none_or(|current| current.removing || current.image != image) {
            return Ok(false);
        }
        place::lock_agents(&transaction, id, &[]).await?;
        write(&transaction, id, columns).await?;
        place::tell_agents(&transaction, id).await?;
        finish(transaction).await?;
        Ok(true)
    }
}

/// Writes columns of a workspace.
pub(super) async fn write(
    transaction: &DatabaseTransaction,
    id: WorkspaceId,
    columns: ActiveModel,
) -> Result<(), StoreError> {
    Entity::update_many()
        .set(columns)
        .filter(Column::Id.eq(id.to_uuid()))
        .exec(transaction)
        .await?;
    Ok(())
}
