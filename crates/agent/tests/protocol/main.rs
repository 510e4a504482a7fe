//! The agent against a server and an engine that live in memory, on a clock that jumps.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bench;
mod cut_off;
mod failures;
mod install;
mod leftovers;
mod rhythm;
mod server;
mod uninstall;
