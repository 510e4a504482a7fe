//! The program as its users meet it: by its command line, its API, its demo, and through kills.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod agent_contact;
mod api;
mod authoring;
mod browser;
mod checking;
mod command_line;
mod demo;
mod desk;
mod publish_again;
mod publish_build;
mod publish_diff;
mod publish_preview;
mod restart;

/// The program under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_quayside");
