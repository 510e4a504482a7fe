use model::{AgentId, Digest, ListingId, PlacementId, RegistryId, WorkspaceId};
use sea_orm::Set;

use crate::StoreError;
use crate::entity::workspace::{ActiveModel, Model};
use crate::text::{storable, storable_option, to_digest};

/// An installed listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceRow {
    /// Its identifier.
    pub id: WorkspaceId,
    /// The listing it was installed from, while that is known.
    pub listing_id: Option<ListingId>,
    /// The registry it was installed from, while that is known.
    pub registry_id: Option<RegistryId>,
    /// The name of that registry when it was installed.
    pub registry_name: String,
    /// Its name, with the administrator's changes.
    pub friendly_name: String,
    /// The listing's JSON as it was when it was installed.
    pub base_json: String,
    /// The administrator's changes, a merge patch.
    pub changes_json: Option<String>,
    /// Both put together.
    pub effective_json: String,
    /// The image reference in use.
    pub image: String,
    /// The version it was chosen for.
    pub version: Option<String>,
    /// The channel it was chosen from.
    pub channel: Option<String>,
    /// Its icon.
    pub icon_hash: Option<String>,
    /// Which agents shall have it, JSON.
    pub agents_rule: String,
    /// The digest that the image is pinned to.
    pub digest: Option<Digest>,
    /// The media type of what the digest names.
    pub media_type: Option<String>,
    /// The image's platforms with sizes, JSON.
    pub platforms: Option<String>,
    /// Why the image could not be resolved.
    pub resolve_failure: Option<ResolveFailure>,
    /// Whether it is on its way out.
    pub removing: bool,
    /// Counts the administrators' changes, for `If-Match`.
    pub etag_version: i64,
    /// When it was installed.
    pub installed_at: i64,
}

/// Why an image could not be resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolveFailure {
    /// The class of the failure.
    pub cause: String,
    /// What happened, for people.
    pub detail: String,
}

/// A workspace to be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWorkspace {
    /// Its identifier.
    pub id: WorkspaceId,
    /// The listing it comes from.
    pub listing_id: Option<ListingId>,
    /// The registry it comes from.
    pub registry_id: Option<RegistryId>,
    /// The name of that registry.
    pub registry_name: String,
    /// Its name, with the administrator's changes.
    pub friendly_name: String,
    /// The listing's JSON.
    pub base_json: String,
    /// The administrator's changes, a merge patch.
    pub changes_json: Option<String>,
    /// Both put together.
    pub effective_json: String,
    /// The image reference to use.
    pub image: String,
    /// The version it was chosen for.
    pub version: Option<String>,
    /// The channel it was chosen from.
    pub channel: Option<String>,
    /// Its icon.
    pub icon_hash: Option<String>,
    /// Which agents shall have it, JSON.
    pub agents_rule: String,
    /// What only one workspace may be installed for; none for a copy.
    pub install_key: Option<String>,
    /// The time.
    pub installed_at: i64,
    /// Where it goes at once.
    pub placements: Vec<NewPlacement>,
}

/// A workspace's place on an agent, to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewPlacement {
    /// Its identifier.
    pub id: PlacementId,
    /// The agent; one that is gone is passed over.
    pub agent_id: AgentId,
}

/// What an administrator changes in a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceEdit {
    /// Its name.
    pub friendly_name: String,
    /// All changes against the base, a merge patch.
    pub changes_json: Option<String>,
    /// Base and changes put together.
    pub effective_json: String,
    /// The image reference to use.
    pub image: String,
    /// The version it is chosen for.
    pub version: Option<String>,
    /// The channel it is chosen from.
    pub channel: Option<String>,
    /// Which agents shall have it, JSON.
    pub agents_rule: String,
    /// Whether the image is another: the digest is forgotten and every agent starts over.
    pub reset_resolution: bool,
    /// Agents that shall have it from now on.
    pub placements: Vec<NewPlacement>,
    /// Agents that shall not have it any more.
    pub unplace: Vec<AgentId>,
}

/// What an image reference answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The digest to pin.
    pub digest: Digest,
    /// The media type of what it names.
    pub media_type: String,
    /// The platforms with sizes, JSON.
    pub platforms: String,
}

impl TryFrom<Model> for WorkspaceRow {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        let resolve_failure = model.resolve_cause.map(|cause| ResolveFailure {
            cause,
            detail: model.resolve_detail.unwrap_or_default(),
        });
        Ok(Self {
            id: WorkspaceId::from_uuid(model.id),
            listing_id: model.listing_id.map(ListingId::from_uuid),
            registry_id: model.registry_id.map(RegistryId::from_uuid),
            registry_name: model.registry_name,
            friendly_name: model.friendly_name,
            base_json: model.base_json,
            changes_json: model.changes_json,
            effective_json: model.effective_json,
            image: model.image,
            version: model.version,
            channel: model.channel,
            icon_hash: model.icon_hash,
            agents_rule: model.agents_rule,
            digest: to_digest(model.digest)?,
            media_type: model.media_type,
            platforms: model.platforms,
            resolve_failure,
            removing: model.removing,
            etag_version: model.etag_version,
            installed_at: model.installed_at,
        })
    }
}

/// The row of a new workspace.
pub(super) fn new_columns(new: NewWorkspace) -> ActiveModel {
    ActiveModel {
        id: Set(new.id.to_uuid()),
        listing_id: Set(new.listing_id.map(ListingId::to_uuid)),
        registry_id: Set(new.registry_id.map(RegistryId::to_uuid)),
        registry_name: Set(storable(new.registry_name)),
        friendly_name: Set(storable(new.friendly_name)),
        base_json: Set(storable(new.base_json)),
        changes_json: Set(storable_option(new.changes_json)),
        effective_json: Set(storable(new.effective_json)),
        image: Set(storable(new.image)),
        version: Set(storable_option(new.version)),
        channel: Set(storable_option(new.channel)),
        icon_hash: Set(new.icon_hash),
        agents_rule: Set(storable(new.agents_rule)),
        removing: Set(false),
        install_key: Set(storable_option(new.install_key)),
        etag_version: Set(1),
        installed_at: Set(new.installed_at),
        ..without_resolution()
    }
}

/// The columns that an administrator's change writes.
pub(super) fn edit_columns(edit: &WorkspaceEdit, etag_version: i64) -> ActiveModel {
    let resolution = if edit.reset_resolution {
        without_resolution()
    } else {
        ActiveModel::default()
    };
    ActiveModel {
        friendly_name: Set(storable(edit.friendly_name.clone())),
        changes_json: Set(storable_option(edit.changes_json.clone())),
        effective_json: Set(storable(edit.effective_json.clone())),
        image: Set(storable(edit.image.clone())),
        version: Set(storable_option(edit.version.clone())),
        channel: Set(storable_option(edit.channel.clone())),
        agents_rule: Set(storable(edit.agents_rule.clone())),
        etag_version: Set(etag_version),
        ..resolution
    }
}

/// The columns of a workspace whose image was resolved.
pub(super) fn resolution_columns(resolution: Resolution) -> ActiveModel {
    ActiveModel {
        digest: Set(Some(resolution.digest.into())),
        media_type: Set(Some(storable(resolution.media_type))),
        platforms: Set(Some(storable(resolution.platforms))),
        resolve_cause: Set(None),
        resolve_detail: Set(None),
        ..Default::default()
    }
}

/// The columns of a workspace whose image could not be resolved.
pub(super) fn failure_columns(failure: ResolveFailure) -> ActiveModel {
    ActiveModel {
        resolve_cause: Set(Some(storable(failure.cause))),
        resolve_detail: Set(Some(storable(failure.detail))),
        ..Default::default()
    }
}

fn without_resolution() -> ActiveModel {
    ActiveModel {
        digest: Set(None),
        media_type: Set(None),
        platforms: Set(None),
        resolve_cause: Set(None),
        resolve_detail: Set(None),
        ..Default::default()
    }
}
