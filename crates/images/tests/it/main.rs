//! The client and the layout against an image registry of our own.

#![allow(
    clippy::unwrap_used,
    reason = "in a test, a panic is how a broken assumption is told"
)]

mod fake_registry;
mod http_server;
mod layout;
mod pull;
mod resolve;
mod resume;
mod serve;
mod unpacked;
