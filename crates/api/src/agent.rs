//! The agent API, `/api/agent/v1`: only for tokens of scope `agent`.

use model::{Digest, PlacementId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AgentImage, Cause, Disk, EngineKind, KeptReason, LayerProgress, PlacementState};

/// Header of every request of an agent: which one it is, for as long as its data folder lives. Two with one token would
/// undo each other's work, so the second is refused while the first is connected.
pub const INSTANCE_HEADER: &str = "x-quayside-instance";

/// Answer of `GET desired`: all that this agent shall have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Desired {
    /// Counts changes; the `ETag` is this number in quotes.
    pub generation: u64,
    /// Every placement of this agent, those to be removed included.
    pub placements: Vec<DesiredPlacement>,
    /// Images on this agent that we brought there. What no placement names any more goes again.
    pub brought: Vec<BroughtImage>,
    /// Placements that follow once their image is resolved; until then nothing is left over.
    #[serde(default)]
    pub resolving: u32,
    /// The name that this agent has on the server.
    #[serde(default)]
    pub agent: String,
}

/// What an agent shall do about one placement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DesiredPlacement {
    /// The placement.
    pub placement: PlacementId,
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// Reports carry it; older ones are ignored.
    pub attempt: u32,
    /// Present or absent.
    pub goal: Goal,
    /// The image.
    pub image: PinnedImage,
    /// State as the server knows it; a `failed` one is left alone until its attempt changes.
    pub state: PlacementState,
}

/// What shall be true of a placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// The image is on the host.
    Present,
    /// It is not, unless others need it.
    Absent,
}

/// An image reference with the digest it was pinned to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PinnedImage {
    /// As published or edited, such as `ghcr.io/example/tool:1.0`.
    pub reference: String,
    /// What is pulled: the index where there is one.
    pub digest: Digest,
}

/// An image that an agent pulled for us.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct BroughtImage {
    /// Host and repository, such as `docker.io/library/alpine`.
    pub repository: String,
    /// The pinned digest.
    pub digest: Digest,
    /// Tags of the repository that we may have left on it.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// Body of `PUT observed`: at start, on change, every 15 seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Observed {
    /// The host's own name.
    pub hostname: String,
    /// What holds images.
    pub engine: EngineKind,
    /// The engine's version; absent while it does not answer.
    pub version: Option<String>,
    /// `amd64`, `arm64` or another.
    pub architecture: String,
    /// Disk of the image store, where it can be seen.
    pub disk: Option<Disk>,
    /// What the engine holds.
    pub images: Vec<AgentImage>,
}

/// Body of `POST progress`: at most twice a second, only changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    /// The placement.
    pub placement: PlacementId,
    /// The attempt this speaks of.
    pub attempt: u32,
    /// State on this agent; `removed` is told by `gone`.
    pub state: PlacementState,
    /// Layers under way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<LayerProgress>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// Words on the failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Set when the pull begins and the image was not there: it goes again on uninstall.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bringing: bool,
    /// Bytes the image takes, once ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
    /// With `removing`: the image is gone, or `kept`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
    /// With `gone`: the image stays on the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
}

/// Why an image stays on a host although its workspace goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Kept {
    /// In one word.
    pub reason: KeptReason,
    /// A sentence for people without a full stop, naming who holds it.
    pub detail: String,
}
