use model::{AgentId, RegistryId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Cause, KeptImage, PlacementState, WorkspaceState};

/// One server-sent event of `GET /events`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// Number, rising; `Last-Event-ID` resumes after it.
    pub id: u64,
    /// What happened.
    #[serde(flatten)]
    pub data: EventData,
}

/// What happened. The name of the server-sent event is the `kind`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventData {
    /// A registry was added, changed, read or removed.
    Registry {
        /// The registry.
        registry: RegistryId,
    },
    /// The listings were read anew.
    Catalogue {
        /// Counts rebuilds of the search index.
        revision: u64,
    },
    /// A workspace was installed, changed or removed.
    Workspace {
        /// The workspace.
        workspace: WorkspaceId,
        /// Whether it is gone.
        gone: bool,
    },
    /// An image stayed on a host when its workspace went.
    Kept(KeptImage),
    /// A workspace's placements moved on.
    Progress(WorkspaceProgress),
    /// An agent appeared, changed or is no longer heard of.
    Agent {
        /// The agent.
        agent: AgentId,
    },
    /// Free or needed space changed.
    Space,
    /// Events were missed: read everything anew.
    Resync,
}

/// How far a workspace is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceProgress {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its listing, while a registry has it.
    pub listing: Option<model::ListingId>,
    /// Its state.
    pub state: WorkspaceState,
    /// The states of its placements.
    pub placements: Vec<PlacementState>,
    /// Bytes received.
    pub bytes_done: u64,
    /// Bytes to receive.
    pub bytes_total: u64,
    /// Done in percent while pulling.
    pub percent: Option<u8>,
    /// Why it failed.
    pub cause: Option<Cause>,
    /// One line for people.
    pub detail: Option<String>,
}
