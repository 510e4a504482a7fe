//! Registries, icons and folders as they are met in the wild, and worse ones.

#![expect(
    clippy::unwrap_used,
    reason = "a test ends where what it stands on fails"
)]

mod failures;
mod folders;
mod git;
mod icon_files;
mod icon_requests;
mod published;
mod reading;
mod refreshing;
// The same small server that the client is tested against.
#[expect(dead_code, reason = "the client's tests ask for more of it")]
#[path = "../../../outbound/tests/outbound/server.rs"]
mod server;
mod site;
