use model::{AgentId, Digest, ListingId, PlacementId, RegistryId, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::{AgentContact, Finding};

/// An installed listing: a frozen copy, the edits, the approved image digest.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Workspace {
    /// Identifier, never reused.
    pub id: WorkspaceId,
    /// The listing it came from, while a registry has it.
    pub listing: Option<ListingId>,
    /// The registry it came from, while it is here.
    pub registry: Option<RegistryId>,
    /// That registry's name when it was installed.
    pub registry_name: String,
    /// Where that registry lies, in short, while another one has the same name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry_place: Option<String>,
    /// The name to show, edits applied.
    pub friendly_name: String,
    /// What it is, edits applied.
    pub description: Option<String>,
    /// Path of the icon on this server.
    pub icon: String,
    /// Categories, edits applied.
    pub categories: Vec<String>,
    /// Image reference as published or edited.
    pub image: String,
    /// What that reference was pinned to; absent until it was resolved.
    pub digest: Option<Digest>,
    /// Cores, edits applied, as written.
    pub cores: Option<String>,
    /// Memory, edits applied.
    pub memory_mb: Option<u64>,
    /// The publisher's estimate.
    pub uncompressed_size_mb: Option<u64>,
    /// The run config as JSON text, edits applied.
    pub run_config: Option<String>,
    /// The exec config as JSON text, edits applied.
    pub exec_config: Option<String>,
    /// Security findings of the edited copy.
    pub findings: Vec<Finding>,
    /// In one word; see [`WorkspaceState`].
    pub state: WorkspaceState,
    /// One line for people, such as `ready on 2 of 3`.
    pub detail: Option<String>,
    /// Why it failed.
    pub cause: Option<Cause>,
    /// Placements that are ready.
    pub ready: u32,
    /// Placements chosen.
    pub chosen: u32,
    /// Bytes received, over all placements under way.
    pub bytes_done: u64,
    /// Bytes to receive, over all placements under way.
    pub bytes_total: u64,
    /// Done in percent while pulling.
    pub percent: Option<u8>,
    /// Bytes on disk on the agent where it takes most, once ready.
    pub size_on_disk: Option<u64>,
    /// One for each agent.
    pub placements: Vec<Placement>,
    /// The edits, an RFC 7396 merge patch of the listing's JSON.
    #[schema(value_type = Object)]
    pub changes: Box<RawValue>,
    /// Counts changes; the `ETag` is this number in quotes.
    pub version: u64,
    /// When it was installed.
    #[serde(with = "time::serde::rfc3339")]
    pub installed_at: OffsetDateTime,
}

/// A workspace's state: the first that matches, top to bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkspaceState {
    /// Asked to go.
    Removing,
    /// Some placement failed and none is under way.
    Failed,
    /// Some placement is being pulled.
    Pulling,
    /// Some placement waits for its agent.
    Waiting,
    /// All placements are ready.
    Ready,
    /// There is no agent that can hold it.
    NoAgentFits,
}

/// One workspace on one agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Placement {
    /// Identifier, never reused.
    pub id: PlacementId,
    /// The agent.
    pub agent: AgentId,
    /// The agent's name.
    pub agent_name: String,
    /// Whether the agent is heard of.
    pub contact: AgentContact,
    /// Its state.
    pub state: PlacementState,
    /// Counts what was asked of it: install, retry, remove.
    pub attempt: u32,
    /// Bytes received.
    pub bytes_done: u64,
    /// Bytes to receive.
    pub bytes_total: u64,
    /// Progress of each layer while pulling.
    pub layers: Vec<LayerProgress>,
    /// Why it failed.
    pub cause: Option<Cause>,
    /// The engine's or our words on it.
    pub detail: Option<String>,
    /// When the state last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// A placement's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlacementState {
    /// For its agent, or for the image to be resolved.
    Waiting,
    /// Layers arrive.
    Pulling,
    /// On the host, verified.
    Ready,
    /// It did not work; `cause` says why.
    Failed,
    /// Being taken away.
    Removing,
}

/// Progress of one layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LayerProgress {
    /// The layer, as the engine names it.
    pub id: String,
    /// Bytes received.
    pub done: u64,
    /// Bytes to receive; 0 while unknown.
    pub total: u64,
}

/// Why a placement failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The image registry has no such image or tag.
    NotFound,
    /// The image registry wants other credentials.
    Denied,
    /// The image registry asks to come back later.
    RateLimited,
    /// The image registry's name does not resolve.
    NameNotResolved,
    /// No answer in time.
    TimedOut,
    /// The image has no variant for this host.
    WrongArchitecture,
    /// The disk is full.
    NoSpace,
    /// The bytes are not those that were promised.
    DigestMismatch,
    /// The engine on this host does not answer.
    EngineUnreachable,
    /// A policy or the address guard refused.
    RefusedByPolicy,
    /// Something else; the detail has the engine's text.
    Other,
}

impl Cause {
    /// One sentence for people.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NotFound => "The image registry has no such image or tag.",
            Self::Denied => "The image registry refuses access to this image.",
            Self::RateLimited => "The image registry asks to come back later.",
            Self::NameNotResolved => "The name of the image registry does not resolve.",
            Self::TimedOut => "The image registry did not answer in time.",
            Self::WrongArchitecture => "The image has no variant for this host's architecture.",
            Self::NoSpace => "The disk of the image store is full.",
            Self::DigestMismatch => "The bytes received are not those that were promised.",
            Self::EngineUnreachable => "The engine on this host does not answer.",
            Self::RefusedByPolicy => "The address is one that this server must not ask.",
            Self::Other => "The engine reported an error.",
        }
    }

    /// What a person can do about it.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::NotFound => "Check the image reference under Edit, or ask the publisher.",
            Self::Denied => {
                "Check that the image is public, or give credentials for its image registry."
            }
            Self::RateLimited => "Wait a while, then press Retry.",
            Self::NameNotResolved => {
                "Check the image reference and this host's DNS, then press Retry."
            }
            Self::TimedOut => "Check the network of this host, then press Retry.",
            Self::WrongArchitecture => "Choose an agent with another architecture.",
            Self::NoSpace => "Free space in the image store, then press Retry.",
            Self::DigestMismatch => {
                "Press Retry; if it stays, something changes the bytes on the way."
            }
            Self::EngineUnreachable => {
                "Start the engine on this host; the install goes on by itself."
            }
            Self::RefusedByPolicy => {
                "Allow the address with --allow-private-networks if it is meant to be asked."
            }
            Self::Other => "Read the engine's text, then press Retry.",
        }
    }
}

/// Body of `POST /workspaces`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InstallRequest {
    /// The listing to install.
    pub listing: ListingId,
    /// RFC 7396 merge patch of the listing's JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub changes: Option<Box<RawValue>>,
    /// The agents; all fitting ones, future ones included, unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agents: Option<Vec<AgentId>>,
    /// Install a second one of the same listing.
    #[serde(default)]
    pub copy: bool,
}

/// Body of `PATCH /workspaces/{id}`: what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateWorkspace {
    /// RFC 7396 merge patch of the listing's JSON; replaces the earlier one.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub changes: Option<Box<RawValue>>,
}
