#![doc = include_str!("../README.md")]

pub mod comparison;
mod facts;
pub mod identity;
mod index;
mod line;
mod placement;
mod space;
#[cfg(test)]
mod testing;
mod workspace_state;

pub use facts::{Facts, FactsError};
pub use index::{
    Facets, Hit, Index, IndexBuilder, InstalledFilter, LabelCount, ListingRow, Page, Query,
    RegistryCount, RegistryRow, RowError, Sort, Unfit,
};
pub use placement::{PlacementEvent, PlacementState, Transition, transition};
pub use space::{AgentDisk, AgentSpace, BYTES_PER_MB, PlacementNeed, Space, space};
pub use workspace_state::{PlacementView, WorkspaceState, WorkspaceSummary, workspace_state};
