use std::fmt;

use data_encoding::BASE64;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256};

/// A user name and a password (or an access token in its place) for one image registry.
#[derive(Clone)]
pub struct Credentials {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: SecretString,
}

impl Credentials {
    /// Tells accounts apart in a cache without keeping what they prove themselves with.
    pub(super) fn fingerprint(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update((self.username.len() as u64).to_le_bytes());
        hasher.update(&self.username);
        hasher.update(self.password.expose_secret());
        BASE64.encode(&hasher.finalize())
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}
