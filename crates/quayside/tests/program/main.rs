//! The program as its users meet it: by its command line, its API, its demo, and through kills.

mod api;
mod command_line;
mod demo;
mod restart;

/// The program under test.
const PROGRAM: &str = env!("CARGO_BIN_EXE_quayside");
