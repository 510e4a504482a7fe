use std::collections::HashSet;

use model::RegistryId;
use sea_orm::sea_query::{OnConflict, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use sha2::{Digest as _, Sha256};

use crate::entity::{icon, icon_source, listing, registry, workspace};
use crate::text::{storable, storable_option};
use crate::{Store, StoreError};

/// When a source was fetched that is asked for again.
pub(crate) const ASKED_FOR: i64 = 0;

/// How many icons one statement carries.
const CHUNK: usize = 50;

/// An icon to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewIcon {
    /// The hash of its bytes, hexadecimal.
    pub hash: String,
    /// What its bytes are.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// An icon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IconRow {
    /// What its bytes are.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What came of fetching an icon that a registry names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IconSource {
    /// The registry.
    pub registry_id: RegistryId,
    /// The icon, as it is named there.
    pub image_src: String,
    /// The icon that was found.
    pub hash: Option<String>,
    /// Why there is none.
    pub failure: Option<String>,
    /// The ETag it came with.
    pub etag: Option<String>,
    /// When it was fetched or tried; 0 since it was asked for again.
    pub fetched_at: i64,
}

/// The icons.
#[derive(Debug, Clone, Copy)]
pub struct Icons<'a>(pub(crate) &'a Store);

impl Icons<'_> {
    /// Keeps icons; one that is there already counts as stored anew.
    pub async fn put(&self, icons: &[NewIcon], at: i64) -> Result<(), StoreError> {
        let transaction = self.0.begin().await?;
        for chunk in icons.chunks(CHUNK) {
            let rows = chunk.iter().map(|new| icon::ActiveModel {
                hash: Set(new.hash.clone()),
                media_type: Set(new.media_type.clone()),
                bytes: Set(new.bytes.clone()),
                stored_at: Set(at),
            });
            let again = OnConflict::column(icon::Column::Hash)
                .update_column(icon::Column::StoredAt)
                .to_owned();
            icon::Entity::insert_many(rows)
                .on_conflict(again)
                .exec_without_returning(&transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// One icon.
    pub async fn find(&self, hash: &str) -> Result<Option<IconRow>, StoreError> {
        let row = icon::Entity::find_by_id(storable(hash.to_owned()))
            .one(self.0.reader())
            .await?;
        Ok(row.map(|row| IconRow {
            media_type: row.media_type,
            bytes: row.bytes,
        }))
    }

    /// Notes what came of fetching icons.
    pub async fn record_sources(&self, sources: &[IconSource]) -> Result<(), StoreError> {
        let transaction = self.0.begin().await?;
        for chunk in sources.chunks(CHUNK) {
            let rows = chunk.iter().map(|source| icon_source::ActiveModel {
                registry_id: Set(source.registry_id.to_uuid()),
                image_src_sha256: Set(source_key(&source.image_src)),
                image_src: Set(storable(source.image_src.clone())),
                hash: Set(source.hash.clone()),
                failure: Set(storable_option(source.failure.clone())),
                etag: Set(storable_option(source.etag.clone())),
                fetched_at: Set(source.fetched_at),
            });
            let replace = OnConflict::columns([
                icon_source::Column::RegistryId,
                icon_source::Column::ImageSrcSha256,
            ])
            .update_columns([
                icon_source::Column::Hash,
                icon_source::Column::Failure,
                icon_source::Column::Etag,
                icon_source::Column::FetchedAt,
            ])
            .to_owned();
            icon_source::Entity::insert_many(rows)
                .on_conflict(replace)
                .exec_without_returning(&transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Asks for icons again that may have changed; what is known of them stays until then.
    pub async fn ask_again(
        &self,
        registry: RegistryId,
        names: &[String],
    ) -> Result<(), StoreError> {
        let transaction = self.0.begin().await?;
        for chunk in names.chunks(CHUNK) {
            let names: HashSet<&String> = chunk.iter().collect();
            let rows = names.into_iter().map(|name| icon_source::ActiveModel {
                registry_id: Set(registry.to_uuid()),
                image_src_sha256: Set(source_key(name)),
                image_src: Set(storable(name.clone())),
                hash: Set(None),
                failure: Set(None),
                etag: Set(None),
                fetched_at: Set(ASKED_FOR),
            });
            let again = OnConflict::columns([
                icon_source::Column::RegistryId,
                icon_source::Column::ImageSrcSha256,
            ])
            .update_column(icon_source::Column::FetchedAt)
            .to_owned();
            icon_source::Entity::insert_many(rows)
                .on_conflict(again)
                .exec_without_returning(&transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// What came of fetching the icons of a registry.
    pub async fn sources(&self, registry: RegistryId) -> Result<Vec<IconSource>, StoreError> {
        let rows = icon_source::Entity::find()
            .filter(icon_source::Column::RegistryId.eq(registry.to_uuid()))
            .all(self.0.reader())
            .await?;
        Ok(rows.into_iter().map(IconSource::from).collect())
    }

    /// What came of fetching one icon.
    pub async fn find_source(
        &self,
        registry: RegistryId,
        image_src: &str,
    ) -> Result<Option<IconSource>, StoreError> {
        let key = (registry.to_uuid(), source_key(image_src));
        let row = icon_source::Entity::find_by_id(key)
            .one(self.0.reader())
            .await?;
        Ok(row.map(IconSource::from))
    }

    /// Forgets icons that nothing points to and that were stored before the given time; says how many.
    ///
    /// The time keeps icons that were just stored and are about to be pointed to.
    pub async fn prune(&self, stored_before: i64) -> Result<u64, StoreError> {
        let transaction = self.0.begin().await?;
        let named = Query::select()
            .column(listing::Column::IconHash)
            .from(listing::Entity)
            .and_where(listing::Column::IconHash.is_not_null())
            .to_owned();
        let deleted = icon::Entity::delete_many()
            .filter(icon::Column::StoredAt.lt(stored_before))
            .filter(icon::Column::Hash.not_in_subquery(named))
            .filter(icon::Column::Hash.not_in_subquery(registry_icons()))
            .filter(icon::Column::Hash.not_in_subquery(workspace_icons()))
            .exec(&transaction)
            .await?;
        let kept = Query::select()
            .column(icon::Column::Hash)
            .from(icon::Entity)
            .to_owned();
        icon_source::Entity::delete_many()
            .filter(icon_source::Column::Hash.is_not_null())
            .filter(icon_source::Column::Hash.not_in_subquery(kept))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(deleted.rows_affected)
    }
}

impl From<icon_source::Model> for IconSource {
    fn from(model: icon_source::Model) -> Self {
        Self {
            registry_id: RegistryId::from_uuid(model.registry_id),
            image_src: model.image_src,
            hash: model.hash,
            failure: model.failure,
            etag: model.etag,
            fetched_at: model.fetched_at,
        }
    }
}

/// An `image_src` may be as long as a listing, which no index of PostgreSQL takes; its hash stands for it.
fn source_key(image_src: &str) -> Vec<u8> {
    Sha256::digest(image_src).to_vec()
}

fn registry_icons() -> SelectStatement {
    Query::select()
        .column(registry::Column::IconHash)
        .from(registry::Entity)
        .and_where(registry::Column::IconHash.is_not_null())
        .to_owned()
}

fn workspace_icons() -> SelectStatement {
    Query::select()
        .column(workspace::Column::IconHash)
        .from(workspace::Entity)
        .and_where(workspace::Column::IconHash.is_not_null())
        .to_owned()
}
