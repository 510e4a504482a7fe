use model::RegistryId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

/// A publisher's catalogue as this server knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Registry {
    /// Identifier, never reused.
    pub id: RegistryId,
    /// The registry's root address, normalised.
    pub url: String,
    /// The registry's own storefront, where it is an http or https address.
    pub site_url: Option<String>,
    /// How to reach the publisher, where it is an http, https or mailto address.
    pub contact_url: Option<String>,
    /// Name as published; the host until the first list was read.
    pub name: String,
    /// Where it lies, in short, while another registry has the same name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Description as published.
    pub description: Option<String>,
    /// Path of the logo on this server.
    pub icon: String,
    /// Whether this is the first-party registry.
    pub first_party: bool,
    /// Whether it is refreshed by itself.
    pub automatic_updates: bool,
    /// The form of its list, told by content: `1.0` or `1.1`.
    pub schema: Option<String>,
    /// The folder its list was read from; empty when the list lies at the root.
    pub folder: Option<String>,
    /// Channels it names (1.1).
    pub channels: Vec<String>,
    /// Its default channel (1.1).
    pub default_channel: Option<String>,
    /// Listings of the copy in use.
    pub listing_count: u64,
    /// Entries of the copy in use that could not be read.
    pub set_aside: Vec<SetAside>,
    /// Paths of the icons of up to seven listings, on this server.
    pub preview_icons: Vec<String>,
    /// How the last attempt to read it went.
    pub health: RegistryHealth,
    /// User name sent to it; the password is never told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Counts changes of its settings; the `ETag` is this number in quotes.
    pub version: u64,
    /// When the copy in use was read or last confirmed.
    #[serde(with = "time::serde::rfc3339::option")]
    pub copied_at: Option<OffsetDateTime>,
    /// When reading it was last tried.
    #[serde(with = "time::serde::rfc3339::option")]
    pub attempted_at: Option<OffsetDateTime>,
    /// When it was added.
    #[serde(with = "time::serde::rfc3339")]
    pub added_at: OffsetDateTime,
}

impl Registry {
    /// The name, with the place where others have it, too.
    pub fn title(&self) -> String {
        crate::listings::title(&self.name, self.place.as_deref())
    }
}

/// How the last attempt to read a registry went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegistryHealth {
    /// In one word.
    pub state: HealthState,
    /// The step that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// What failed and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// A registry's health in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HealthState {
    /// Not read yet.
    Loading,
    /// The last attempt succeeded.
    Ok,
    /// The last attempt succeeded and there is no listing.
    Empty,
    /// The last attempt failed; the last good copy, if any, stays in use.
    Failing,
}

/// An entry of a list that could not be read, kept apart so that the rest can be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetAside {
    /// Position in the list, from 0; absent when the trouble is not one entry's.
    pub position: Option<u64>,
    /// The entry's name, where it could be read.
    pub name: Option<String>,
    /// JSON pointer and line of the trouble, such as `/workspaces/3/friendly_name (line 1, column 512)`.
    pub place: String,
    /// Why it was set aside.
    pub reason: String,
}

/// A step of reading a registry, in the order they happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The address is one that can be asked.
    Address,
    /// The host's name resolves; not told of an address without a name.
    Dns,
    /// The host answers.
    Connection,
    /// TLS came about; not told of http.
    Tls,
    /// `versions.txt` names folders, or there is none.
    Versions,
    /// A `list.json` was found and received whole.
    List,
    /// It is JSON of a form we understand.
    Schema,
    /// Listings that can be used here.
    Listings,
    /// Icons were received.
    Icons,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it should be.
    Passed,
    /// Usable, with something to tell.
    Warned,
    /// It ends here.
    Failed,
}

/// One line of `POST /registries/inspect`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StepReport {
    /// Which step.
    pub step: Step,
    /// How it ended.
    pub outcome: Outcome,
    /// What was found.
    pub detail: String,
    /// What to try where it failed or warned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// How long it took.
    pub duration_ms: u64,
}

/// Body of `POST /registries`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateRegistry {
    /// Address as a person pastes it.
    pub url: String,
    /// For a registry behind basic auth.
    #[serde(default)]
    pub username: Option<String>,
    /// For a registry behind basic auth; sealed, never told again.
    #[serde(default)]
    pub password: Option<String>,
    /// Store it even when it cannot be read now.
    #[serde(default)]
    pub keep: bool,
}

/// Body of `POST /registries/inspect`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectRegistry {
    /// Address as a person pastes it.
    pub url: String,
    /// For a registry behind basic auth.
    #[serde(default)]
    pub username: Option<String>,
    /// For a registry behind basic auth.
    #[serde(default)]
    pub password: Option<String>,
}

/// Body of `PATCH /registries/{id}`: what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateRegistry {
    /// Whether it is refreshed by itself.
    #[serde(default)]
    pub automatic_updates: Option<bool>,
    /// New user name; an empty text removes user name and password.
    #[serde(default)]
    pub username: Option<String>,
    /// New password; sealed, never told again.
    #[serde(default)]
    pub password: Option<String>,
}
