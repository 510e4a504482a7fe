//! What the rest of Quayside relies on, on both databases.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[macro_use]
mod support;

mod agents;
mod icons;
mod jobs;
mod kill;
mod listings;
mod open;
mod placements;
mod registries;
mod requests;
mod sign_in;
mod workspaces;
