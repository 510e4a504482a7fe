#![doc = include_str!("../README.md")]

pub mod identity;
mod line;
mod placement;
mod space;
#[cfg(test)]
mod testing;
mod workspace_state;

pub use placement::{PlacementEvent, PlacementState, Transition, transition};
pub use space::{AgentDisk, AgentSpace, BYTES_PER_MB, PlacementNeed, Space, space};
pub use workspace_state::{PlacementView, WorkspaceState, WorkspaceSummary, workspace_state};
