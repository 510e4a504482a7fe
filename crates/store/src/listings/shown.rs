//! Listings as a page shows them: what every visitor reads sixty of.

use model::{ListingId, RegistryId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryResult, QuerySelect,
    QueryTrait,
};

use super::ShownListing;
use crate::StoreError;
use crate::entity::listing::{Column, Entity};
use crate::entity::listing_document;

/// These listings, in any order.
pub(super) async fn by_ids<C: ConnectionTrait>(
    connection: &C,
    ids: &[ListingId],
) -> Result<Vec<ShownListing>, StoreError> {
    let select = Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::RegistryId,
            Column::IconHash,
            Column::FirstSeenAt,
            Column::ChangedAt,
            Column::WithdrawnAt,
        ])
        .column(listing_document::Column::Json)
        .inner_join(listing_document::Entity)
        .filter(Column::Id.is_in(ids.iter().map(|id| id.to_uuid())));
    let rows = connection.query_all(select.as_query()).await?;
    let listings: Result<Vec<ShownListing>, DbErr> = rows.iter().map(to_shown).collect();
    Ok(listings?)
}

/// Reads the columns by their place: looking up names costs more than reading.
fn to_shown(row: &QueryResult) -> Result<ShownListing, DbErr> {
    Ok(ShownListing {
        id: ListingId::from_uuid(row.try_get_by_index(0)?),
        registry_id: RegistryId::from_uuid(row.try_get_by_index(1)?),
        icon_hash: row.try_get_by_index(2)?,
        first_seen_at: row.try_get_by_index(3)?,
        changed_at: row.try_get_by_index(4)?,
        withdrawn: row.try_get_by_index::<Option<i64>>(5)?.is_some(),
        json: row.try_get_by_index(6)?,
    })
}
