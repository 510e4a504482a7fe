mod index;
mod pairs;
pub(crate) mod refresh;
mod row;
mod shown;

use std::collections::HashMap;

use model::{ListingId, RegistryId};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use crate::entity::listing::{Column, Entity};
use crate::entity::{icon_source, listing_document, workspace};
use crate::icons::ASKED_FOR;
use crate::revisions::{self, Scope};
use crate::{RegistryHeader, Store, StoreError, workspaces};

pub use row::{
    ChangedListing, IndexRow, ListingContent, ListingIdentity, ListingRow, NewListing,
    RefreshChanges, ShownListing,
};

/// How many identifiers one statement carries.
const CHUNK: usize = 500;

/// The listings of all registries.
#[derive(Debug, Clone, Copy)]
pub struct Listings<'a>(pub(crate) &'a Store);

impl Listings<'_> {
    /// Takes over a successful reading, all or nothing; `NotFound` if the registry is gone.
    pub async fn apply_refresh(
        &self,
        registry: RegistryId,
        header: RegistryHeader,
        changes: RefreshChanges,
        at: i64,
    ) -> Result<(), StoreError> {
        let transaction = self.0.begin().await?;
        refresh::apply(&transaction, registry, header, changes, at).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// What tells a registry's listings apart, withdrawn ones included, by their place.
    pub async fn identities(
        &self,
        registry: RegistryId,
    ) -> Result<Vec<ListingIdentity>, StoreError> {
        let snapshot = self.0.begin_snapshot().await?;
        let identities = index::identities(&snapshot, registry).await?;
        snapshot.commit().await?;
        Ok(identities)
    }

    /// One listing.
    pub async fn find(&self, id: ListingId) -> Result<Option<ListingRow>, StoreError> {
        Entity::find_by_id(id.to_uuid())
            .find_also_related(listing_document::Entity)
            .one(self.0.reader())
            .await?
            .map(ListingRow::try_from)
            .transpose()
    }

    /// These listings, in the order given; what is gone is left out.
    pub async fn by_ids(&self, ids: &[ListingId]) -> Result<Vec<ShownListing>, StoreError> {
        let mut found = HashMap::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            for row in shown::by_ids(self.0.reader(), chunk).await? {
                found.insert(row.id, row);
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// Hands out every listing once, as one consistent state, and returns the catalogue's revision at that state.
    pub async fn stream_index(&self, each: impl FnMut(IndexRow) + Send) -> Result<i64, StoreError> {
        let snapshot = self.0.begin_snapshot().await?;
        let revision = revisions::catalogue(&snapshot).await?;
        index::stream(&snapshot, each).await?;
        snapshot.commit().await?;
        Ok(revision)
    }

    /// What the search index is made of, of one registry.
    pub async fn registry_index(&self, registry: RegistryId) -> Result<Vec<IndexRow>, StoreError> {
        let snapshot = self.0.begin_snapshot().await?;
        let rows = index::of_registry(&snapshot, registry).await?;
        snapshot.commit().await?;
        Ok(rows)
    }

    /// Gives listings their fetched icons, and workspaces installed from them that have none.
    pub async fn set_icons(&self, icons: &[(ListingId, String)]) -> Result<(), StoreError> {
        if icons.is_empty() {
            return Ok(());
        }
        let transaction = self.0.begin().await?;
        refresh::lock_registries(&transaction, icons).await?;
        let installed = icons.chunks(CHUNK).map(installed_from).collect();
        workspaces::lock_where(&transaction, installed).await?;
        for chunk in icons.chunks(CHUNK) {
            pairs::set_icons(&transaction, chunk).await?;
        }
        revisions::bump(&transaction, &[Scope::Catalogue, Scope::Workspaces]).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The listings of a registry whose icon is still to be fetched, with the name it has there: those without one, and
    /// those whose name was asked for again.
    pub async fn without_icon(
        &self,
        registry: RegistryId,
    ) -> Result<Vec<(ListingId, String)>, StoreError> {
        let rows: Vec<(uuid::Uuid, String)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::ImageSrc])
            .filter(Column::RegistryId.eq(registry.to_uuid()))
            .filter(
                Condition::any()
                    .add(Column::IconHash.is_null())
                    .add(Column::ImageSrc.in_subquery(unfetched(registry))),
            )
            .filter(Column::ImageSrc.is_not_null())
            .order_by_asc(Column::Position)
            .into_tuple()
            .all(self.0.reader())
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, source)| (ListingId::from_uuid(id), source))
            .collect())
    }
}

/// Names of a registry's icons that were asked for again.
fn unfetched(registry: RegistryId) -> SelectStatement {
    icon_source::Entity::find()
        .select_only()
        .column(icon_source::Column::ImageSrc)
        .filter(icon_source::Column::RegistryId.eq(registry.to_uuid()))
        .filter(icon_source::Column::FetchedAt.eq(ASKED_FOR))
        .into_query()
}

/// The workspaces that were made from these listings.
fn installed_from(icons: &[(ListingId, String)]) -> Condition {
    let listings = icons.iter().map(|(id, _)| id.to_uuid());
    Condition::all().add(workspace::Column::ListingId.is_in(listings))
}
