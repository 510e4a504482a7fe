//! The server in this process, on a clock that jumps: what happens later.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bench;
mod contacts;
mod hosts;
mod refresh;
mod sign_in;
