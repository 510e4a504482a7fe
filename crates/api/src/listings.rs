use model::{ListingId, RegistryId, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use crate::{Cause, WorkspaceState};

/// A workspace as a registry offers it, short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListingSummary {
    /// Identifier; survives refreshes.
    pub id: ListingId,
    /// The registry that offers it.
    pub registry: RegistryRef,
    /// The name to show.
    pub friendly_name: String,
    /// What it is.
    pub description: Option<String>,
    /// What to know before running it.
    pub notes: Option<String>,
    /// Path of the icon on this server.
    pub icon: String,
    /// Architectures as published.
    pub architectures: Vec<String>,
    /// Categories as published, at most 100.
    pub categories: Vec<String>,
    /// The image reference that an install would use, by the version and channel rules.
    pub image: Option<String>,
    /// The compatibility entry used; `null` for listings without any.
    pub version: Option<String>,
    /// The channel used (1.1).
    pub channel: Option<String>,
    /// The publisher's estimate: unpacked, layers counted in full.
    pub uncompressed_size_mb: Option<u64>,
    /// Security findings, warnings first.
    pub findings: Vec<Finding>,
    /// Whether the tile carries the red border and triangle.
    pub warned: bool,
    /// Not seen before in its registry, for two weeks.
    pub is_new: bool,
    /// Its definition changed within two weeks.
    pub is_changed: bool,
    /// Its registry no longer offers it.
    pub withdrawn: bool,
    /// Why it does not fit the version, channel or agents asked for.
    pub unfit: Option<Unfit>,
    /// The workspace installed from it, the oldest where there are copies.
    pub installed: Option<InstalledBrief>,
    /// When its registry first offered it.
    #[serde(with = "time::serde::rfc3339")]
    pub first_seen_at: OffsetDateTime,
    /// When its definition last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub changed_at: OffsetDateTime,
}

/// A listing with all that is known of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ListingDetail {
    /// The short form.
    #[serde(flatten)]
    pub summary: ListingSummary,
    /// Folder hash as published.
    pub sha: Option<String>,
    /// Where credentials for the image come from; never prefixed to it.
    pub docker_registry: Option<String>,
    /// All versions it names.
    pub compatibility: Vec<Compatibility>,
    /// Cores it asks for.
    pub cores: Option<String>,
    /// Memory it asks for.
    pub memory_mb: Option<u64>,
    /// The JSON as published: its exact bytes.
    #[schema(value_type = Object)]
    pub json: Box<RawValue>,
}

/// One compatibility entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Compatibility {
    /// `1.17.x` or `1.17.0`.
    pub version: String,
    /// Image reference as written.
    pub image: Option<String>,
    /// The publisher's estimate.
    pub uncompressed_size_mb: Option<u64>,
    /// Channels (1.1).
    pub available_tags: Vec<String>,
}

/// A registry, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistryRef {
    /// Identifier.
    pub id: RegistryId,
    /// Name as published.
    pub name: String,
    /// Where it lies, in short, while another registry has the same name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

impl RegistryRef {
    /// The name, with the place where others have it, too.
    pub fn title(&self) -> String {
        title(&self.name, self.place.as_deref())
    }
}

/// A registry's name, with its place where others have the name, too.
pub(crate) fn title(name: &str, place: Option<&str>) -> String {
    match place {
        Some(place) => format!("{name} ({place})"),
        None => name.to_owned(),
    }
}

/// What the security review says about one property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// `user_error`, `privilege` or `flag_property`; links to `/help/warnings#<id>`.
    pub id: String,
    /// Property of the listing it stands in, such as `run_config` or `exec_config.first_launch`.
    pub section: String,
    /// Label of that property in the edit form, such as `Docker Run Config Override (JSON)`.
    pub section_label: String,
    /// The property.
    pub property: String,
    /// Its value as JSON text, cut for display.
    pub value: String,
}

/// Why a listing does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Unfit {
    /// No entry for the version asked for.
    Version {
        /// The version asked for.
        version: String,
    },
    /// Not in the channel asked for.
    Channel {
        /// The channel asked for.
        channel: String,
    },
    /// No agent has an architecture it names.
    Architecture,
    /// Its image reference cannot be used.
    Image {
        /// What is wrong with it.
        detail: String,
    },
}

/// What is installed from a listing, shortly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InstalledBrief {
    /// The workspace.
    pub id: WorkspaceId,
    /// Its state.
    pub state: WorkspaceState,
    /// Done in percent while pulling.
    pub percent: Option<u8>,
    /// Why it failed.
    pub cause: Option<Cause>,
    /// One line for people: what failed, or on how many agents it is ready.
    pub detail: Option<String>,
}

/// Query of `GET /listings`; also the query string of the registry page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ListingsQuery {
    /// Words to look for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Category, as published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Registry id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registry: Option<RegistryId>,
    /// `amd64`, `arm64` or another as published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// `any` or a version such as `1.17.x`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// `default` or a channel's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Only those installed, or only those not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub installed: Option<bool>,
    /// `flagged` or `unflagged`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<String>,
    /// Whether listings that do not fit are shown, too; they are not unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unfit: Option<UnfitListings>,
    /// Order; relevance with a search, name without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<SortOrder>,
    /// Page, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Entries a page, 1 to 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<u32>,
}

/// What becomes of listings that do not fit: not made for the version, the channel or any agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnfitListings {
    /// They are only counted.
    Hide,
    /// They are shown among the others, with the reason.
    Show,
}

/// Order of listings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortOrder {
    /// By friendly name.
    Name,
    /// By registry, then name.
    Registry,
    /// Newest first.
    Newest,
    /// Last changed first.
    Changed,
    /// Smallest first; unknown sizes last.
    Size,
}

/// How many listings of the result each filter value has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Facets {
    /// By category, most first.
    pub category: Vec<Facet>,
    /// By registry id.
    pub registry: Vec<Facet>,
    /// By architecture.
    pub architecture: Vec<Facet>,
    /// `flagged` and `unflagged`.
    pub risk: Vec<Facet>,
    /// Listings not shown because they do not fit, by reason.
    pub unfit: Vec<Facet>,
}

/// One filter value with its count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Facet {
    /// Value for the query.
    pub value: String,
    /// Words for people.
    pub label: String,
    /// How many.
    pub count: u64,
}
