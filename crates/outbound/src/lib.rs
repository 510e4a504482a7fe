#![doc = include_str!("../README.md")]

mod address;
mod answer;
mod body;
mod client;
mod error;
mod exchange;
mod guard;
mod request;
mod resolver;
mod retry_after;

pub use address::{AddressKind, is_loopback_host};
pub use answer::{Fetched, Streaming};
pub use client::{Client, ClientConfig, ClientError, ProxyConfig};
pub use error::{FetchError, TlsProblem};
pub use guard::{Allowed, AllowedError, Refusal};
pub use request::{Authorization, Reach, Request};
pub use resolver::{Resolver, SystemResolver};
pub use retry_after::retry_after;

/// Installs ring as the process's crypto provider; further calls do nothing.
///
/// Must run before the first [`Client`] is made: the TLS library is linked
/// without a default provider, so that only one is ever compiled in.
pub fn install_crypto_provider() {
    // An error means that a provider is installed already, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
