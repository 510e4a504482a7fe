use model::AgentId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

/// An image that stayed on a host when its workspace went; told for a day, or until the image goes too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeptImage {
    /// The agent.
    pub agent: AgentId,
    /// The agent's name.
    pub agent_name: String,
    /// The name that the workspace had.
    pub workspace_name: String,
    /// The image, as published or edited.
    pub image: String,
    /// Why it stays.
    pub reason: KeptReason,
    /// The same for people: a sentence without a full stop, such as `container web uses the image`.
    pub detail: String,
    /// When it was kept.
    #[serde(with = "time::serde::rfc3339")]
    pub kept_at: OffsetDateTime,
}

/// Why an image stays on a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeptReason {
    /// It was there before: we did not bring it.
    NotOurs,
    /// Another workspace on that host wants it.
    Wanted,
    /// A container was made from it, running or not.
    Container,
    /// It has another name, or an image was built on it.
    OtherImage,
    /// The engine did not take it away.
    NotRemoved,
}
