#![doc = include_str!("../README.md")]

pub mod agent;
mod agents;
mod definitions;
mod events;
mod kept;
mod listings;
mod paging;
mod problem;
mod registries;
mod space;
mod workspaces;

pub use agents::{Agent, AgentContact, AgentImage, Disk, EngineKind};
pub use definitions::{DefinitionFormat, NotExpressed, Remark, WorkspaceDefinition};
pub use events::{Event, EventData, WorkspaceProgress};
pub use kept::{KeptImage, KeptReason};
pub use listings::{
    Compatibility, Facet, Facets, Finding, InstalledBrief, ListingDetail, ListingSummary,
    ListingsQuery, RegistryRef, SortOrder, Unfit, UnfitListings,
};
pub use paging::Paged;
pub use problem::{FieldError, Problem};
pub use registries::{
    CreateRegistry, HealthState, InspectRegistry, Outcome, Registry, RegistryHealth, SetAside,
    Step, StepReport, UpdateRegistry,
};
pub use space::{AgentSpace, Space};
pub use workspaces::{
    Cause, InstallRequest, LayerProgress, Placement, PlacementState, UpdateWorkspace, Workspace,
    WorkspaceState,
};
