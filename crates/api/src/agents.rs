use model::{AgentId, Digest};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::KeptImage;

/// A host with an engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Agent {
    /// Identifier, never reused.
    pub id: AgentId,
    /// The name its token was created with.
    pub name: String,
    /// Whether it runs inside this server.
    pub embedded: bool,
    /// The host's own name.
    pub hostname: String,
    /// `amd64`, `arm64` or another.
    pub architecture: String,
    /// What holds images there.
    pub engine: EngineKind,
    /// The engine's version.
    pub engine_version: String,
    /// Disk of the image store; absent where the agent cannot see it.
    pub disk: Option<Disk>,
    /// Whether it is heard of.
    pub contact: AgentContact,
    /// When it was last heard of.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_contact_at: Option<OffsetDateTime>,
    /// What its engine holds.
    pub images: Vec<AgentImage>,
    /// Images that stayed there when their workspace went.
    pub kept: Vec<KeptImage>,
    /// Placements on it.
    pub placements: u32,
}

/// Whether an agent is heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentContact {
    /// Within 30 seconds.
    Online,
    /// Within 60 seconds.
    Late,
    /// Not for a minute.
    Offline,
}

/// What holds images on a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EngineKind {
    /// Docker Engine or a compatible API.
    Docker,
    /// The built-in OCI store.
    Store,
}

/// The file system that an image store lies on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Disk {
    /// Bytes free for us.
    pub free_bytes: u64,
    /// Bytes in all.
    pub total_bytes: u64,
    /// Tells file systems of one host apart, so that shared ones count once; opaque.
    pub filesystem: String,
}

/// An image that an agent's engine holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentImage {
    /// Names, with tag or digest, as the engine has them.
    pub references: Vec<String>,
    /// Manifest or index digests it is known by.
    pub digests: Vec<Digest>,
    /// Bytes on disk, layers counted in full.
    pub size_bytes: u64,
}
