//! Narrow readings of very many listings.

use model::{ListingId, RegistryId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use super::{IndexRow, ListingIdentity};
use crate::StoreError;
use crate::entity::listing::{Column, Entity};
use crate::text::to_sha256;

/// Rows that are in memory at once while all are handed out.
const PAGE: u64 = 2_000;

/// Hands out every listing in the order of identifiers.
pub(super) async fn stream<C: ConnectionTrait>(
    connection: &C,
    mut each: impl FnMut(IndexRow) + Send,
) -> Result<(), StoreError> {
    // No listing has the nil identifier, so all come after it.
    let mut last = Uuid::nil();
    loop {
        let select = index_columns()
            .filter(Column::Id.gt(last))
            .order_by_asc(Column::Id)
            .limit(PAGE);
        let rows = connection.query_all(select.as_query()).await?;
        let full = rows.len() as u64 == PAGE;
        for row in &rows {
            let row = to_index_row(row)?;
            last = row.id.to_uuid();
            each(row);
        }
        if !full {
            return Ok(());
        }
    }
}

/// The listings of one registry, by their place.
pub(super) async fn of_registry<C: ConnectionTrait>(
    connection: &C,
    registry: RegistryId,
) -> Result<Vec<IndexRow>, StoreError> {
    let select = index_columns()
        .filter(Column::RegistryId.eq(registry.to_uuid()))
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id);
    let rows = connection.query_all(select.as_query()).await?;
    Ok(rows
        .iter()
        .map(to_index_row)
        .collect::<Result<_, DbErr>>()?)
}

/// What tells the listings of one registry apart, by their place.
pub(super) async fn identities<C: ConnectionTrait>(
    connection: &C,
    registry: RegistryId,
) -> Result<Vec<ListingIdentity>, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::FriendlyName,
            Column::NameKey,
            Column::ImageRepository,
            Column::Sha,
            Column::JsonSha256,
            Column::Position,
            Column::WithdrawnAt,
        ])
        .filter(Column::RegistryId.eq(registry.to_uuid()))
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id);
    let rows = connection.query_all(select.as_query()).await?;
    rows.iter().map(to_identity).collect()
}

fn index_columns() -> Select<Entity> {
    Entity::find().select_only().columns([
        Column::Id,
        Column::RegistryId,
        Column::Position,
        Column::Facts,
        Column::IconHash,
        Column::FirstSeenAt,
        Column::ChangedAt,
        Column::WithdrawnAt,
    ])
}

/// Reads the columns by their place, because looking up their names 100,000 times is felt.
fn to_index_row(row: &QueryResult) -> Result<IndexRow, DbErr> {
    Ok(IndexRow {
        id: ListingId::from_uuid(row.try_get_by_index(0)?),
        registry_id: RegistryId::from_uuid(row.try_get_by_index(1)?),
        position: row.try_get_by_index(2)?,
        facts: row.try_get_by_index(3)?,
        icon_hash: row.try_get_by_index(4)?,
        first_seen_at: row.try_get_by_index(5)?,
        changed_at: row.try_get_by_index(6)?,
        withdrawn: row.try_get_by_index::<Option<i64>>(7)?.is_some(),
    })
}

fn to_identity(row: &QueryResult) -> Result<ListingIdentity, StoreError> {
    Ok(ListingIdentity {
        id: ListingId::from_uuid(row.try_get_by_index(0)?),
        friendly_name: row.try_get_by_index(1)?,
        name_key: row.try_get_by_index(2)?,
        image_repository: row.try_get_by_index(3)?,
        sha: row.try_get_by_index(4)?,
        json_sha256: to_sha256(row.try_get_by_index(5)?)?,
        position: row.try_get_by_index(6)?,
        withdrawn: row.try_get_by_index::<Option<i64>>(7)?.is_some(),
    })
}
