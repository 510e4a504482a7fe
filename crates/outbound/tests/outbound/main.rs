//! The client against servers of our own on loopback.

#![expect(
    clippy::unwrap_used,
    reason = "a test ends where what it stands on fails"
)]

mod limits;
mod names;
mod redirects;
mod server;
mod tls;
