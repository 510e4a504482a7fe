#![doc = include_str!("../README.md")]

mod agents;
mod brought;
mod engine_seat;
mod entity;
mod error;
mod icons;
mod idempotency;
mod jobs;
mod kept;
mod listings;
mod login_failures;
mod login_links;
mod migration;
mod notices;
mod placements;
mod registries;
mod revisions;
mod sessions;
mod settings;
mod store;
mod text;
mod tokens;
mod users;
mod workspaces;

pub use agents::{AgentRow, Agents, Observation};
pub use brought::{Brought, BroughtImage, BroughtRow};
pub use engine_seat::EngineSeat;
pub use error::StoreError;
pub use icons::{IconRow, IconSource, Icons, NewIcon};
pub use idempotency::{Idempotency, IdempotencyKey, Reservation, StoredResponse};
pub use jobs::{JobId, JobRow, Jobs, NewJob};
pub use kept::{Kept, KeptImageRow};
pub use listings::{
    ChangedListing, IndexRow, ListingContent, ListingIdentity, ListingRow, Listings, NewListing,
    RefreshChanges, ShownListing,
};
pub use login_failures::LoginFailures;
pub use login_links::LoginLinks;
pub use notices::Notices;
pub use placements::{
    AssignedPlacement, GoneOutcome, PlacementReport, PlacementRow, PlacementState, Placements,
    ReportOutcome, UnknownPlacementState,
};
pub use registries::{
    AddRegistryError, NewRegistry, Registries, RegistryFailure, RegistryHeader, RegistryIcon,
    RegistryRow, RegistrySettings, UnchangedRegistry,
};
pub use revisions::{RevisionCounters, Revisions, Scope};
pub use sessions::{SessionRow, Sessions};
pub use settings::Settings;
pub use store::Store;
pub use tokens::{NewToken, TokenRow, Tokens};
pub use users::{UserRow, Users};
pub use workspaces::{
    EditError, InstallError, MarkedRemoving, NewPlacement, NewWorkspace, Resolution,
    ResolveFailure, WorkspaceEdit, WorkspaceRow, Workspaces,
};
