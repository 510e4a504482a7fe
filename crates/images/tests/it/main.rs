//! The client and the layout against an image registry of our own.

mod fake_registry;
mod http_server;
mod layout;
mod pull;
mod resolve;
mod resume;
mod serve;
