mod row;

use model::RegistryId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Set,
};

use crate::entity::registry::{ActiveModel, Column, Entity};
use crate::entity::workspace;
use crate::listings::refresh;
use crate::revisions::{self, Scope};
use crate::text::{storable, storable_option};
use crate::{EditError, NewListing, RefreshChanges, Store, StoreError, workspaces};

pub use row::{
    NewRegistry, RegistryFailure, RegistryHeader, RegistryIcon, RegistryRow, RegistrySettings,
    UnchangedRegistry,
};

/// Why a registry was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddRegistryError {
    /// A registry with the same root is there already; normal.
    #[error("this registry is there already")]
    Duplicate(RegistryId),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The registries.
#[derive(Debug, Clone, Copy)]
pub struct Registries<'a>(pub(crate) &'a Store);

impl Registries<'_> {
    /// Adds a registry that has not been read yet.
    pub async fn insert(&self, new: NewRegistry) -> Result<(), AddRegistryError> {
        let transaction = self.0.begin().await?;
        insert_row(&transaction, new).await?;
        revisions::bump(&transaction, &[Scope::Registries]).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// Adds a registry together with its first copy, so that nobody sees one without the other.
    pub async fn insert_with_listings(
        &self,
        new: NewRegistry,
        header: RegistryHeader,
        listings: Vec<NewListing>,
        at: i64,
    ) -> Result<(), AddRegistryError> {
        let transaction = self.0.begin().await?;
        let id = new.id;
        insert_row(&transaction, new).await?;
        let changes = RefreshChanges {
            added: listings,
            ..RefreshChanges::default()
        };
        refresh::apply(&transaction, id, header, changes, at).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// All registries: first-party ones, then the others in the order they were added.
    pub async fn list(&self) -> Result<Vec<RegistryRow>, StoreError> {
        Entity::find()
            .order_by_desc(Column::FirstParty)
            .order_by_asc(Column::AddedAt)
            .order_by_asc(Column::Id)
            .all(self.0.reader())
            .await?
            .into_iter()
            .map(RegistryRow::try_from)
            .collect()
    }

    /// One registry.
    pub async fn find(&self, id: RegistryId) -> Result<Option<RegistryRow>, StoreError> {
        Entity::find_by_id(id.to_uuid())
            .one(self.0.reader())
            .await?
            .map(RegistryRow::try_from)
            .transpose()
    }

    /// The registry with this normalised root.
    pub async fn find_by_url(&self, url: &str) -> Result<Option<RegistryRow>, StoreError> {
        Entity::find()
            .filter(Column::Url.eq(storable(url.to_owned())))
            .one(self.0.reader())
            .await?
            .map(RegistryRow::try_from)
            .transpose()
    }

    /// How many registries there are.
    pub async fn count(&self) -> Result<u64, StoreError> {
        Ok(Entity::find().count(self.0.reader()).await?)
    }

    /// Removes a registry with its listings; workspaces installed from it stay. Says whether it was there.
    pub async fn delete(&self, id: RegistryId) -> Result<bool, StoreError> {
        let transaction = self.0.begin().await?;
        let registry = Entity::find_by_id(id.to_uuid())
            .lock_exclusive()
            .one(&transaction)
            .await?;
        if registry.is_none() {
            return Ok(false);
        }
        // Its workspaces are written too, and they come before listings in the order of locks.
        let installed = workspace::Column::RegistryId.eq(id.to_uuid());
        workspaces::lock_where(&transaction, vec![Condition::all().add(installed)]).await?;
        Entity::delete_by_id(id.to_uuid())
            .exec(&transaction)
            .await?;
        let scopes = [Scope::Catalogue, Scope::Registries, Scope::Workspaces];
        revisions::bump(&transaction, &scopes).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Changes settings, if the registry still has the expected version of them; returns the new one.
    pub async fn update_settings(
        &self,
        id: RegistryId,
        expected: Option<i64>,
        settings: RegistrySettings,
    ) -> Result<i64, EditError> {
        let transaction = self.0.begin().await?;
        let current = Entity::find_by_id(id.to_uuid())
            .lock_exclusive()
            .one(&transaction)
            .await
            .map_err(StoreError::from)?
            .ok_or(EditError::NotFound)?
            .settings_version;
        if expected.is_some_and(|expected| expected != current) {
            return Err(EditError::VersionConflict { current });
        }
        if settings == RegistrySettings::default() {
            return Ok(current);
        }
        let version = current + 1;
        write(&transaction, id, row::settings_columns(settings, version)).await?;
        revisions::bump(&transaction, &[Scope::Registries]).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(version)
    }

    /// Notes that reading a registry failed; its last good copy stays. Says whether the registry is there.
    pub async fn record_failure(
        &self,
        id: RegistryId,
        failure: RegistryFailure,
        at: i64,
        next_attempt_at: Option<i64>,
    ) -> Result<bool, StoreError> {
        self.update(id, row::failure_columns(failure, at, next_attempt_at))
            .await
    }

    /// Notes that these registries still publish what we have, all in one transaction.
    pub async fn record_unchanged(
        &self,
        registries: &[UnchangedRegistry],
        at: i64,
    ) -> Result<(), StoreError> {
        if registries.is_empty() {
            return Ok(());
        }
        let transaction = self.0.begin().await?;
        let mut registries = registries.to_vec();
        registries.sort_by_key(|registry| registry.id);
        for registry in registries {
            let columns = ActiveModel {
                copied_at: Set(Some(at)),
                attempted_at: Set(Some(at)),
                next_attempt_at: Set(registry.next_attempt_at),
                ..row::without_failure()
            };
            write(&transaction, registry.id, columns).await?;
        }
        revisions::bump(&transaction, &[Scope::Registries]).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Sets the fetched icon of the registry itself, or takes it away; says whether the registry is there.
    pub async fn set_icon(
        &self,
        id: RegistryId,
        icon: Option<RegistryIcon>,
    ) -> Result<bool, StoreError> {
        let (hash, src, etag) = match icon {
            Some(icon) => (Some(icon.hash), Some(icon.src), icon.etag),
            None => (None, None, None),
        };
        let columns = ActiveModel {
            icon_hash: Set(hash),
            icon_hash_src: Set(storable_option(src)),
            icon_etag: Set(storable_option(etag)),
            ..Default::default()
        };
        self.update(id, columns).await
    }

    async fn update(&self, id: RegistryId, columns: ActiveModel) -> Result<bool, StoreError> {
        let transaction = self.0.begin().await?;
        let found = write(&transaction, id, columns).await?;
        if found {
            revisions::bump(&transaction, &[Scope::Registries]).await?;
        }
        transaction.commit().await?;
        Ok(found)
    }
}

/// Inserts the row, unless one with the same root is there; a second one at the same time waits and then sees it.
async fn insert_row(
    transaction: &DatabaseTransaction,
    new: NewRegistry,
) -> Result<(), AddRegistryError> {
    let url = storable(new.url.clone());
    let leave = OnConflict::column(Column::Url).do_nothing().to_owned();
    let inserted = Entity::insert_many([ActiveModel::from(new)])
        .on_conflict(leave)
        .exec_without_returning(transaction)
        .await
        .map_err(StoreError::from)?;
    if inserted > 0 {
        return Ok(());
    }
    let existing = Entity::find()
        .filter(Column::Url.eq(url))
        .one(transaction)
        .await
        .map_err(StoreError::from)?
        .ok_or(StoreError::NotFound)?;
    Err(AddRegistryError::Duplicate(RegistryId::from_uuid(
        existing.id,
    )))
}

/// Writes the header of a successful reading; says whether the registry is there.
pub(crate) async fn write_header(
    transaction: &DatabaseTransaction,
    id: RegistryId,
    header: RegistryHeader,
    at: i64,
) -> Result<bool, StoreError> {
    write(transaction, id, row::header_columns(header, at)).await
}

/// Writes columns of a registry; says whether it is there.
pub(crate) async fn write(
    transaction: &DatabaseTransaction,
    id: RegistryId,
    columns: ActiveModel,
) -> Result<bool, StoreError> {
    debug_assert!(columns.is_changed(), "an update without columns is no SQL");
    let updated = Entity::update_many()
        .set(columns)
        .filter(Column::Id.eq(id.to_uuid()))
        .exec(transaction)
        .await?;
    Ok(updated.rows_affected > 0)
}
