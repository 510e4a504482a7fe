//! Taking over a reading of a registry.
//!
//! Everything happens in the caller's transaction, in statements of limited size. Writing the registry's row comes
//! first: it makes two refreshes of one registry wait for each other on PostgreSQL.

use std::collections::BTreeSet;

use model::{ListingId, RegistryId};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

use uuid::Uuid;

use super::{CHUNK, ListingContent, RefreshChanges, pairs};
use crate::entity::listing::{ActiveModel, Column, Entity};
use crate::entity::{listing_document, registry, workspace};
use crate::revisions::{self, Scope};
use crate::text::{storable, storable_option};
use crate::{RegistryHeader, StoreError, registries};

/// Rows that one insert carries; each has some 14 parameters.
const INSERTED: usize = 100;

pub(crate) async fn apply(
    transaction: &DatabaseTransaction,
    registry: RegistryId,
    header: RegistryHeader,
    changes: RefreshChanges,
    at: i64,
) -> Result<(), StoreError> {
    if !registries::write_header(transaction, registry, header, at).await? {
        return Err(StoreError::NotFound);
    }
    for chunk in changes.withdrawn.chunks(CHUNK) {
        withdraw(transaction, registry, chunk, at).await?;
    }
    let written = changes
        .added
        .into_iter()
        .map(|added| (added.id, added.content))
        .chain(
            changes
                .changed
                .into_iter()
                .map(|changed| (changed.id, changed.content)),
        );
    let mut writer = Writer::new(transaction, registry, at);
    for (id, content) in written {
        writer.push(id, content).await?;
    }
    writer.flush().await?;
    for chunk in changes.unchanged.chunks(CHUNK) {
        pairs::set_positions(transaction, registry, chunk).await?;
    }
    count(transaction, registry).await?;
    revisions::bump(transaction, &[Scope::Catalogue, Scope::Registries]).await
}

/// Keeps refreshes away from the registries of these listings until the transaction ends.
pub(super) async fn lock_registries(
    transaction: &DatabaseTransaction,
    icons: &[(ListingId, String)],
) -> Result<(), StoreError> {
    let mut registries = BTreeSet::new();
    for chunk in icons.chunks(CHUNK) {
        let of_chunk: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::RegistryId)
            .distinct()
            .filter(Column::Id.is_in(chunk.iter().map(|(id, _)| id.to_uuid())))
            .into_tuple()
            .all(transaction)
            .await?;
        registries.extend(of_chunk);
    }
    let _: Vec<Uuid> = registry::Entity::find()
        .select_only()
        .column(registry::Column::Id)
        .filter(registry::Column::Id.is_in(registries))
        .order_by_asc(registry::Column::Id)
        .lock_exclusive()
        .into_tuple()
        .all(transaction)
        .await?;
    Ok(())
}

/// Deletes listings, or marks those that a workspace points to.
async fn withdraw(
    transaction: &DatabaseTransaction,
    registry: RegistryId,
    ids: &[ListingId],
    at: i64,
) -> Result<(), StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.to_uuid()).collect();
    let installed = Query::select()
        .column(workspace::Column::ListingId)
        .from(workspace::Entity)
        .and_where(workspace::Column::ListingId.is_in(ids.iter().copied()))
        .to_owned();
    Entity::delete_many()
        .filter(Column::RegistryId.eq(registry.to_uuid()))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::Id.not_in_subquery(installed))
        .exec(transaction)
        .await?;
    Entity::update_many()
        .col_expr(Column::WithdrawnAt, Expr::value(at))
        .filter(Column::RegistryId.eq(registry.to_uuid()))
        .filter(Column::Id.is_in(ids))
        .filter(Column::WithdrawnAt.is_null())
        .exec(transaction)
        .await?;
    Ok(())
}

/// Writes added and changed listings, many with one statement.
struct Writer<'a> {
    transaction: &'a DatabaseTransaction,
    registry: RegistryId,
    at: i64,
    listings: Vec<ActiveModel>,
    documents: Vec<listing_document::ActiveModel>,
}

impl<'a> Writer<'a> {
    fn new(transaction: &'a DatabaseTransaction, registry: RegistryId, at: i64) -> Self {
        Self {
            transaction,
            registry,
            at,
            listings: Vec::with_capacity(INSERTED),
            documents: Vec::with_capacity(INSERTED),
        }
    }

    async fn push(&mut self, id: ListingId, content: ListingContent) -> Result<(), StoreError> {
        self.listings.push(ActiveModel {
            id: Set(id.to_uuid()),
            registry_id: Set(self.registry.to_uuid()),
            position: Set(content.position),
            friendly_name: Set(storable(content.friendly_name)),
            name_key: Set(storable(content.name_key)),
            image_repository: Set(storable_option(content.image_repository)),
            sha: Set(storable_option(content.sha)),
            json_sha256: Set(content.json_sha256.to_vec()),
            facts: Set(storable(content.facts)),
            image_src: Set(storable_option(content.image_src)),
            icon_hash: Set(None),
            first_seen_at: Set(self.at),
            changed_at: Set(self.at),
            withdrawn_at: Set(None),
        });
        self.documents.push(listing_document::ActiveModel {
            listing_id: Set(id.to_uuid()),
            json: Set(storable(content.json)),
        });
        if self.listings.len() == INSERTED {
            self.flush().await?;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        if self.listings.is_empty() {
            return Ok(());
        }
        let listings = self.listings.drain(..);
        Entity::insert_many(listings)
            .on_conflict(replace_listing())
            .exec_without_returning(self.transaction)
            .await?;
        let documents = self.documents.drain(..);
        let replace_document = OnConflict::column(listing_document::Column::ListingId)
            .update_column(listing_document::Column::Json)
            .to_owned();
        listing_document::Entity::insert_many(documents)
            .on_conflict(replace_document)
            .exec_without_returning(self.transaction)
            .await?;
        Ok(())
    }
}

/// What a changed listing takes over from the new row; it keeps when it was first seen, and its icon as long as it
/// names the same one.
fn replace_listing() -> OnConflict {
    OnConflict::column(Column::Id)
        .update_columns([
            Column::Position,
            Column::FriendlyName,
            Column::NameKey,
            Column::ImageRepository,
            Column::Sha,
            Column::JsonSha256,
            Column::Facts,
            Column::ImageSrc,
            Column::ChangedAt,
            Column::WithdrawnAt,
        ])
        .value(
            Column::IconHash,
            Expr::cust(
                "CASE WHEN listings.image_src IS NOT DISTINCT FROM excluded.image_src \
                 THEN listings.icon_hash END",
            ),
        )
        .to_owned()
}

/// Brings the registry's count of listings up to date.
async fn count(transaction: &DatabaseTransaction, registry: RegistryId) -> Result<(), StoreError> {
    let count = Entity::find()
        .filter(Column::RegistryId.eq(registry.to_uuid()))
        .filter(Column::WithdrawnAt.is_null())
        .count(transaction)
        .await?;
    let columns = registry::ActiveModel {
        listing_count: Set(count as i64),
        ..Default::default()
    };
    registries::write(transaction, registry, columns).await?;
    Ok(())
}
