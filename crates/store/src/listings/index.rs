//! Narrow readings of very many listings.
//!
//! They go page by page: rows as the driver hands them over take several times the room of what is made of them, and
//! that room is not given back. The caller's transaction makes the pages one state.

use model::{ListingId, RegistryId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use super::{IndexRow, ListingIdentity};
use crate::StoreError;
use crate::entity::listing::{Column, Entity};
use crate::text::to_sha256;

/// Rows that are in memory at once as the driver hands them over.
const PAGE: u64 = 500;

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
        for row in &rows {
            let row = to_index_row(row)?;
            last = row.id.to_uuid();
            each(row);
        }
        if (rows.len() as u64) < PAGE {
            return Ok(());
        }
    }
}

/// The listings of one registry, by their place.
pub(super) async fn of_registry<C: ConnectionTrait>(
    connection: &C,
    registry: RegistryId,
) -> Result<Vec<IndexRow>, StoreError> {
    let mut found: Vec<IndexRow> = Vec::new();
    loop {
        let last = found.last().map(|row| (row.position, row.id));
        let select = after(index_columns(), registry, last);
        let rows = connection.query_all(select.as_query()).await?;
        for row in &rows {
            found.push(to_index_row(row)?);
        }
        if (rows.len() as u64) < PAGE {
            return Ok(found);
        }
    }
}

/// What tells the listings of one registry apart, by their place.
pub(super) async fn identities<C: ConnectionTrait>(
    connection: &C,
    registry: RegistryId,
) -> Result<Vec<ListingIdentity>, StoreError> {
    let mut found: Vec<ListingIdentity> = Vec::new();
    loop {
        let last = found.last().map(|row| (row.position, row.id));
        let select = after(identity_columns(), registry, last);
        let rows = connection.query_all(select.as_query()).await?;
        for row in &rows {
            found.push(to_identity(row)?);
        }
        if (rows.len() as u64) < PAGE {
            return Ok(found);
        }
    }
}

/// The next page of a registry's listings by their place.
fn after(
    select: Select<Entity>,
    registry: RegistryId,
    last: Option<(i32, ListingId)>,
) -> Select<Entity> {
    let mut select = select.filter(Column::RegistryId.eq(registry.to_uuid()));
    if let Some((position, id)) = last {
        let here = Expr::tuple([Expr::col(Column::Position), Expr::col(Column::Id)]);
        let there = Expr::tuple([Expr::value(position), Expr::value(id.to_uuid())]);
        select = select.filter(here.gt(there));
    }
    select
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id)
        .limit(PAGE)
}

fn identity_columns() -> Select<Entity> {
    Entity::find().select_only().columns([
        Column::Id,
        Column::FriendlyName,
        Column::NameKey,
        Column::ImageRepository,
        Column::Sha,
        Column::JsonSha256,
        Column::Position,
        Column::WithdrawnAt,
    ])
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
