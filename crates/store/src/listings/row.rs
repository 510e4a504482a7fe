use model::{ListingId, RegistryId};

use crate::StoreError;
use crate::entity::{listing, listing_document};
use crate::text::to_sha256;

/// What a registry publishes about one workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingContent {
    /// Its place in the list.
    pub position: i32,
    /// Its name, as published.
    pub friendly_name: String,
    /// Its folded name.
    pub name_key: String,
    /// The repository of its image.
    pub image_repository: Option<String>,
    /// The `sha` it carries.
    pub sha: Option<String>,
    /// Its JSON, exactly as published.
    pub json: String,
    /// The hash of that JSON.
    pub json_sha256: [u8; 32],
    /// What the catalogue wants to know for its search index.
    pub facts: String,
    /// Its icon, as it names it.
    pub image_src: Option<String>,
}

/// A listing that was not there before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewListing {
    /// Its identifier.
    pub id: ListingId,
    /// What is published.
    pub content: ListingContent,
}

/// A listing that is published in another form than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedListing {
    /// Its identifier, as before.
    pub id: ListingId,
    /// What is published now.
    pub content: ListingContent,
}

/// What a refresh changes in the listings of one registry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RefreshChanges {
    /// Listings that were not there before.
    pub added: Vec<NewListing>,
    /// Listings that are published in another form.
    pub changed: Vec<ChangedListing>,
    /// Listings that are published as before, with their place now; one that was withdrawn is back.
    pub unchanged: Vec<(ListingId, i32)>,
    /// Listings that are gone; those that a workspace points to are kept as withdrawn.
    pub withdrawn: Vec<ListingId>,
}

/// What tells a listing from the others of its registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingIdentity {
    /// Its identifier.
    pub id: ListingId,
    /// Its name, as published.
    pub friendly_name: String,
    /// Its folded name.
    pub name_key: String,
    /// The repository of its image.
    pub image_repository: Option<String>,
    /// The `sha` it carries.
    pub sha: Option<String>,
    /// The hash of its JSON.
    pub json_sha256: [u8; 32],
    /// Its place in the list.
    pub position: i32,
    /// Whether it is kept only for a workspace.
    pub withdrawn: bool,
}

/// A listing with everything that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingRow {
    /// Its identifier.
    pub id: ListingId,
    /// The registry that publishes it.
    pub registry_id: RegistryId,
    /// What is published.
    pub content: ListingContent,
    /// Its icon, once fetched.
    pub icon_hash: Option<String>,
    /// When it was first seen.
    pub first_seen_at: i64,
    /// When it last changed.
    pub changed_at: i64,
    /// When it vanished from its registry.
    pub withdrawn_at: Option<i64>,
}

/// What is shown of a listing among many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownListing {
    /// Its identifier.
    pub id: ListingId,
    /// The registry that publishes it.
    pub registry_id: RegistryId,
    /// Its JSON, exactly as published.
    pub json: String,
    /// Its icon, once fetched.
    pub icon_hash: Option<String>,
    /// When it was first seen.
    pub first_seen_at: i64,
    /// When it last changed.
    pub changed_at: i64,
    /// Whether it is kept only for a workspace.
    pub withdrawn: bool,
}

/// What the search index is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexRow {
    /// The listing.
    pub id: ListingId,
    /// The registry that publishes it.
    pub registry_id: RegistryId,
    /// Its place in the list.
    pub position: i32,
    /// What the catalogue wanted to know.
    pub facts: String,
    /// Its icon, once fetched.
    pub icon_hash: Option<String>,
    /// When it was first seen.
    pub first_seen_at: i64,
    /// When it last changed.
    pub changed_at: i64,
    /// Whether it is kept only for a workspace.
    pub withdrawn: bool,
}

impl TryFrom<(listing::Model, Option<listing_document::Model>)> for ListingRow {
    type Error = StoreError;

    fn try_from(
        (model, document): (listing::Model, Option<listing_document::Model>),
    ) -> Result<Self, StoreError> {
        let document = document.ok_or(StoreError::Corrupt("listing"))?;
        Ok(Self {
            id: ListingId::from_uuid(model.id),
            registry_id: RegistryId::from_uuid(model.registry_id),
            content: ListingContent {
                position: model.position,
                friendly_name: model.friendly_name,
                name_key: model.name_key,
                image_repository: model.image_repository,
                sha: model.sha,
                json: document.json,
                json_sha256: to_sha256(model.json_sha256)?,
                facts: model.facts,
                image_src: model.image_src,
            },
            icon_hash: model.icon_hash,
            first_seen_at: model.first_seen_at,
            changed_at: model.changed_at,
            withdrawn_at: model.withdrawn_at,
        })
    }
}

impl From<ListingRow> for ShownListing {
    fn from(row: ListingRow) -> Self {
        Self {
            id: row.id,
            registry_id: row.registry_id,
            json: row.content.json,
            icon_hash: row.icon_hash,
            first_seen_at: row.first_seen_at,
            changed_at: row.changed_at,
            withdrawn: row.withdrawn_at.is_some(),
        }
    }
}
