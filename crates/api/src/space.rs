use model::AgentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the size widget shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Space {
    /// Bytes still needed on the agent where most is needed; a worst case.
    pub needed_bytes: u64,
    /// Agents where something is still needed; all of them when nothing is.
    pub agent_count: u32,
    /// Bytes free, summed over file systems; absent when no agent can tell.
    pub free_bytes: Option<u64>,
    /// One line for each agent.
    pub agents: Vec<AgentSpace>,
    /// The agent with the least left afterwards.
    pub tightest: Option<AgentId>,
}

/// Space on one agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgentSpace {
    /// The agent.
    pub agent: AgentId,
    /// Its name.
    pub name: String,
    /// Its architecture.
    pub architecture: String,
    /// Bytes free; absent when it cannot tell.
    pub free_bytes: Option<u64>,
    /// Bytes its unfinished placements need.
    pub needed_bytes: u64,
    /// Bytes left afterwards, below 0 when it will not fit.
    pub after_bytes: Option<i64>,
}
