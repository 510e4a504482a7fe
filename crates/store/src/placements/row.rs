use std::fmt;
use std::str::FromStr;

use model::{AgentId, Digest, PlacementId, WorkspaceId};

use crate::StoreError;
use crate::entity::{placement, workspace};
use crate::text::to_digest;

/// How far an agent is with a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlacementState {
    /// The agent has not begun.
    Waiting,
    /// The agent pulls the image.
    Pulling,
    /// The image is there, verified.
    Ready,
    /// The agent gave up; the cause says why.
    Failed,
    /// The agent shall remove it.
    Removing,
}

/// A text that names no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a placement state")]
pub struct UnknownPlacementState;

/// A workspace's place on an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacementRow {
    /// Its identifier.
    pub id: PlacementId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The agent.
    pub agent_id: AgentId,
    /// How far the agent is.
    pub state: PlacementState,
    /// Counts what the agent was asked to do here, so that late reports can be told.
    pub attempt: i32,
    /// The class of the last failure.
    pub cause: Option<String>,
    /// The last failure, for people.
    pub detail: Option<String>,
    /// How large the image is on this agent.
    pub size_bytes: Option<i64>,
    /// When this row last changed.
    pub updated_at: i64,
}

/// What an agent is asked to do about one workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignedPlacement {
    /// The place.
    pub placement: PlacementRow,
    /// The workspace's name.
    pub friendly_name: String,
    /// The image reference.
    pub image: String,
    /// The digest that it is pinned to, once it is.
    pub digest: Option<Digest>,
    /// Whether the reference could not be resolved.
    pub resolve_failed: bool,
    /// The image's platforms with sizes, JSON.
    pub platforms: Option<String>,
}

/// What an agent says about a placement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacementReport {
    /// Who says it.
    pub agent: AgentId,
    /// About what.
    pub placement: PlacementId,
    /// About which attempt.
    pub attempt: i32,
    /// How far it is.
    pub state: PlacementState,
    /// The class of a failure.
    pub cause: Option<String>,
    /// The failure, for people.
    pub detail: Option<String>,
    /// How large the image is there, once known.
    pub size_bytes: Option<i64>,
}

impl PlacementState {
    /// The name that is kept and shown to programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Pulling => "pulling",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Removing => "removing",
        }
    }
}

impl fmt::Display for PlacementState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for PlacementState {
    type Err = UnknownPlacementState;

    fn from_str(text: &str) -> Result<Self, UnknownPlacementState> {
        match text {
            "waiting" => Ok(Self::Waiting),
            "pulling" => Ok(Self::Pulling),
            "ready" => Ok(Self::Ready),
            "failed" => Ok(Self::Failed),
            "removing" => Ok(Self::Removing),
            _ => Err(UnknownPlacementState),
        }
    }
}

impl TryFrom<placement::Model> for PlacementRow {
    type Error = StoreError;

    fn try_from(model: placement::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: PlacementId::from_uuid(model.id),
            workspace_id: WorkspaceId::from_uuid(model.workspace_id),
            agent_id: AgentId::from_uuid(model.agent_id),
            state: model
                .state
                .parse()
                .map_err(|_| StoreError::Corrupt("placement state"))?,
            attempt: model.attempt,
            cause: model.cause,
            detail: model.detail,
            size_bytes: model.size_bytes,
            updated_at: model.updated_at,
        })
    }
}

impl TryFrom<(placement::Model, Option<workspace::Model>)> for AssignedPlacement {
    type Error = StoreError;

    fn try_from(
        (model, workspace): (placement::Model, Option<workspace::Model>),
    ) -> Result<Self, StoreError> {
        let workspace = workspace.ok_or(StoreError::Corrupt("placement"))?;
        Ok(Self {
            placement: model.try_into()?,
            friendly_name: workspace.friendly_name,
            image: workspace.image,
            digest: to_digest(workspace.digest)?,
            resolve_failed: workspace.resolve_cause.is_some(),
            platforms: workspace.platforms,
        })
    }
}
