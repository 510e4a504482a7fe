use model::{Digest, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// A workspace's effective definition: the listing's copy, the edits, both put together, the digest.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceDefinition {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The image with its tag and, once it was resolved, its digest.
    #[schema(
        example = "kasmweb/chromium:1.17.0@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )]
    pub image: String,
    /// What the tag was pinned to; absent until it was resolved.
    pub digest: Option<Digest>,
    /// The version of the listing's entry in use, where it has versions.
    pub version: Option<String>,
    /// The channel in use, where the listing has channels.
    pub channel: Option<String>,
    /// The listing's JSON when it was installed.
    #[schema(value_type = Object)]
    pub base: Box<RawValue>,
    /// The edits, an RFC 7396 merge patch of the base.
    #[schema(value_type = Object)]
    pub changes: Box<RawValue>,
    /// Both put together.
    #[schema(value_type = Object)]
    pub definition: Box<RawValue>,
    /// What the other forms leave out.
    pub not_expressed: NotExpressed,
}

/// What each form of a definition leaves out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotExpressed {
    /// The `docker run` line.
    pub docker: Vec<Remark>,
    /// The Compose file.
    pub compose: Vec<Remark>,
    /// The image of Kasm Workspaces.
    pub kasm: Vec<Remark>,
}

/// A property that a form does not express.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Remark {
    /// Its path.
    #[schema(example = "exec_config.first_launch")]
    pub property: String,
    /// Why, without a capital and a full stop.
    #[schema(
        example = "it is run in the container once after the first start; starting a container has no such step"
    )]
    pub reason: String,
}

/// The forms of a definition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DefinitionFormat {
    /// Everything, as JSON.
    #[default]
    Json,
    /// A `docker run` line for a POSIX shell.
    Docker,
    /// A Compose file.
    Compose,
    /// The JSON of an image of Kasm Workspaces.
    Kasm,
}
