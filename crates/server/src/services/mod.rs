//! Use cases: the one place where store, pure crates and adapters meet. API and pages both call them.

pub(crate) mod access;
pub(crate) mod agents;
pub(crate) mod catalogue;
pub(crate) mod contacts;
pub(crate) mod definitions;
pub(crate) mod forms;
pub(crate) mod icons;
pub(crate) mod installs;
pub(crate) mod instances;
pub(crate) mod kept;
pub(crate) mod listings;
pub(crate) mod places;
pub(crate) mod progress;
pub(crate) mod read_listings;
pub(crate) mod refresh;
pub(crate) mod registries;
pub(crate) mod resolve;
pub(crate) mod sign_in;
pub(crate) mod space;
pub(crate) mod workspaces;
