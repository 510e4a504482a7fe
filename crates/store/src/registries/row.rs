use model::RegistryId;
use sea_orm::ActiveValue::{NotSet, Set};

use crate::StoreError;
use crate::entity::registry::{ActiveModel, Model};
use crate::text::{storable, storable_option, to_sha256};

/// A registry, with the header and the health of its last good copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryRow {
    /// Its identifier.
    pub id: RegistryId,
    /// Its normalised root, unique.
    pub url: String,
    /// Where the root led to when it was last read.
    pub root_after_redirects: Option<String>,
    /// Whether it came pre-installed.
    pub first_party: bool,
    /// Whether it is refreshed without being asked.
    pub automatic_updates: bool,
    /// Counts the administrators' changes, for `If-Match`.
    pub settings_version: i64,
    /// The name it gives itself.
    pub name: Option<String>,
    /// What it says about itself.
    pub description: Option<String>,
    /// Its icon, as it names it.
    pub icon_src: Option<String>,
    /// Its icon, once fetched.
    pub icon: Option<RegistryIcon>,
    /// The `list_url` it gives.
    pub list_url: Option<String>,
    /// The `contact_url` it gives.
    pub contact_url: Option<String>,
    /// When it says it was made.
    pub modified: Option<i64>,
    /// The schema of its list.
    pub schema: Option<String>,
    /// The folder that the list was read from.
    pub folder: Option<String>,
    /// Its channels, a JSON array.
    pub channels: String,
    /// Its default channel.
    pub default_channel: Option<String>,
    /// The ETag of its list.
    pub etag: Option<String>,
    /// The Last-Modified of its list.
    pub last_modified: Option<String>,
    /// The hash of its list.
    pub list_sha256: Option<[u8; 32]>,
    /// Whether it was read from a public address.
    pub from_public: bool,
    /// The user name it asks for.
    pub username: Option<String>,
    /// The password it asks for, sealed by the caller.
    pub sealed_password: Option<Vec<u8>>,
    /// The entries that could not be used, JSON.
    pub set_aside: String,
    /// Remarks about the list, JSON.
    pub notes: String,
    /// Why the last reading failed; none if it went well.
    pub failure: Option<RegistryFailure>,
    /// When the copy was last known to be what the registry publishes.
    pub copied_at: Option<i64>,
    /// When it was last read or tried.
    pub attempted_at: Option<i64>,
    /// Before when it shall not be tried again.
    pub next_attempt_at: Option<i64>,
    /// When it was added.
    pub added_at: i64,
    /// How many listings it offers, withdrawn ones not counted.
    pub listing_count: i64,
}

/// Why a registry could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryFailure {
    /// The step that failed.
    pub step: String,
    /// The class of the failure.
    pub cause: String,
    /// What happened, for people.
    pub detail: String,
    /// What may be done about it.
    pub hint: Option<String>,
}

/// A registry to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRegistry {
    /// Its identifier.
    pub id: RegistryId,
    /// Its normalised root.
    pub url: String,
    /// Whether it comes pre-installed.
    pub first_party: bool,
    /// Whether it is refreshed without being asked.
    pub automatic_updates: bool,
    /// The user name it asks for.
    pub username: Option<String>,
    /// The password it asks for, sealed by the caller.
    pub sealed_password: Option<Vec<u8>>,
    /// The time.
    pub added_at: i64,
}

/// The icon of a registry itself, as it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryIcon {
    /// The icon.
    pub hash: String,
    /// What the registry named it then.
    pub src: String,
    /// The `ETag` it came with.
    pub etag: Option<String>,
}

/// What a successful reading says about the registry itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryHeader {
    /// Where the root led to.
    pub root_after_redirects: Option<String>,
    /// The name it gives itself.
    pub name: Option<String>,
    /// What it says about itself.
    pub description: Option<String>,
    /// Its icon, as it names it.
    pub icon_src: Option<String>,
    /// The `list_url` it gives.
    pub list_url: Option<String>,
    /// The `contact_url` it gives.
    pub contact_url: Option<String>,
    /// When it says it was made.
    pub modified: Option<i64>,
    /// The schema of the list.
    pub schema: Option<String>,
    /// The folder that the list was read from.
    pub folder: Option<String>,
    /// Its channels, a JSON array.
    pub channels: String,
    /// Its default channel.
    pub default_channel: Option<String>,
    /// The ETag of the list.
    pub etag: Option<String>,
    /// The Last-Modified of the list.
    pub last_modified: Option<String>,
    /// The hash of the list.
    pub list_sha256: [u8; 32],
    /// Whether it was read from a public address.
    pub from_public: bool,
    /// The entries that could not be used, JSON.
    pub set_aside: String,
    /// Remarks about the list, JSON.
    pub notes: String,
    /// Before when it shall not be read again.
    pub next_attempt_at: Option<i64>,
}

/// Settings of a registry to be changed; `None` leaves one as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegistrySettings {
    /// Whether it is refreshed without being asked.
    pub automatic_updates: Option<bool>,
    /// The user name; `Some(None)` forgets it.
    pub username: Option<Option<String>>,
    /// The sealed password; `Some(None)` forgets it.
    pub sealed_password: Option<Option<Vec<u8>>>,
}

/// A registry that still publishes what we have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnchangedRegistry {
    /// Which one.
    pub id: RegistryId,
    /// Before when it shall not be read again.
    pub next_attempt_at: Option<i64>,
}

impl TryFrom<Model> for RegistryRow {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        let failure = model.failure_cause.map(|cause| RegistryFailure {
            step: model.failure_step.unwrap_or_default(),
            cause,
            detail: model.failure_detail.unwrap_or_default(),
            hint: model.failure_hint,
        });
        Ok(Self {
            id: RegistryId::from_uuid(model.id),
            url: model.url,
            root_after_redirects: model.root_after_redirects,
            first_party: model.first_party,
            automatic_updates: model.automatic_updates,
            settings_version: model.settings_version,
            name: model.name,
            description: model.description,
            icon_src: model.icon_src,
            icon: model.icon_hash.map(|hash| RegistryIcon {
                hash,
                src: model.icon_hash_src.unwrap_or_default(),
                etag: model.icon_etag,
            }),
            list_url: model.list_url,
            contact_url: model.contact_url,
            modified: model.modified,
            schema: model.schema,
            folder: model.folder,
            channels: model.channels,
            default_channel: model.default_channel,
            etag: model.etag,
            last_modified: model.last_modified,
            list_sha256: model.list_sha256.map(to_sha256).transpose()?,
            from_public: model.from_public,
            username: model.username,
            sealed_password: model.sealed_password,
            set_aside: model.set_aside,
            notes: model.notes,
            failure,
            copied_at: model.copied_at,
            attempted_at: model.attempted_at,
            next_attempt_at: model.next_attempt_at,
            added_at: model.added_at,
            listing_count: model.listing_count,
        })
    }
}

impl From<NewRegistry> for ActiveModel {
    fn from(new: NewRegistry) -> Self {
        Self {
            id: Set(new.id.to_uuid()),
            url: Set(storable(new.url)),
            first_party: Set(new.first_party),
            automatic_updates: Set(new.automatic_updates),
            settings_version: Set(1),
            username: Set(storable_option(new.username)),
            sealed_password: Set(new.sealed_password),
            channels: Set("[]".to_owned()),
            set_aside: Set("[]".to_owned()),
            notes: Set("[]".to_owned()),
            from_public: Set(false),
            added_at: Set(new.added_at),
            listing_count: Set(0),
            ..Default::default()
        }
    }
}

/// The columns that a successful reading writes, which also clears an earlier failure.
pub(super) fn header_columns(header: RegistryHeader, at: i64) -> ActiveModel {
    ActiveModel {
        root_after_redirects: Set(storable_option(header.root_after_redirects)),
        name: Set(storable_option(header.name)),
        description: Set(storable_option(header.description)),
        icon_src: Set(storable_option(header.icon_src)),
        list_url: Set(storable_option(header.list_url)),
        contact_url: Set(storable_option(header.contact_url)),
        modified: Set(header.modified),
        schema: Set(storable_option(header.schema)),
        folder: Set(storable_option(header.folder)),
        channels: Set(storable(header.channels)),
        default_channel: Set(storable_option(header.default_channel)),
        etag: Set(storable_option(header.etag)),
        last_modified: Set(storable_option(header.last_modified)),
        list_sha256: Set(Some(header.list_sha256.to_vec())),
        from_public: Set(header.from_public),
        set_aside: Set(storable(header.set_aside)),
        notes: Set(storable(header.notes)),
        next_attempt_at: Set(header.next_attempt_at),
        copied_at: Set(Some(at)),
        attempted_at: Set(Some(at)),
        ..without_failure()
    }
}

/// The columns of a registry whose last reading went well.
pub(super) fn without_failure() -> ActiveModel {
    ActiveModel {
        failure_step: Set(None),
        failure_cause: Set(None),
        failure_detail: Set(None),
        failure_hint: Set(None),
        ..Default::default()
    }
}

/// The columns of a registry whose last reading failed.
pub(super) fn failure_columns(
    failure: RegistryFailure,
    at: i64,
    next_attempt_at: Option<i64>,
) -> ActiveModel {
    ActiveModel {
        failure_step: Set(Some(storable(failure.step))),
        failure_cause: Set(Some(storable(failure.cause))),
        failure_detail: Set(Some(storable(failure.detail))),
        failure_hint: Set(storable_option(failure.hint)),
        attempted_at: Set(Some(at)),
        next_attempt_at: Set(next_attempt_at),
        ..Default::default()
    }
}

/// The columns that a change of settings writes.
pub(super) fn settings_columns(settings: RegistrySettings, version: i64) -> ActiveModel {
    ActiveModel {
        settings_version: Set(version),
        automatic_updates: settings.automatic_updates.map_or(NotSet, Set),
        username: settings
            .username
            .map_or(NotSet, |username| Set(storable_option(username))),
        sealed_password: settings.sealed_password.map_or(NotSet, Set),
        ..Default::default()
    }
}
