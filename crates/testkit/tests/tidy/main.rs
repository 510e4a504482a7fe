//! Rules over the repository itself: layers, licences, dependencies, files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod files;
mod layers;
mod licences;
