//! The client's side of the distribution protocol.

mod challenge;
mod credentials;
mod endpoint;
mod exchange;
mod resolve;
mod token;
mod unpacked;

use std::sync::Arc;
use std::time::Duration;

use outbound::{Client, Reach};

pub use credentials::Credentials;
pub use resolve::{LayerDescriptor, PlatformImage, Resolved};

pub(crate) use endpoint::Endpoint;
pub(crate) use exchange::{Repository, check, too_long};
pub(crate) use resolve::{MAX_UNLABELLED, read_manifest};

/// How image registries are asked.
#[derive(Debug, Clone)]
pub struct Options {
    /// Hosts, with port, that are asked over http although they are not this machine.
    pub insecure_hosts: Vec<String>,
    /// Longest silence within a layer before its transfer counts as broken.
    pub idle: Duration,
    /// Layers fetched at once by one pull.
    pub layers_at_once: usize,
    /// Transfers of one layer that may break without progress before the pull fails.
    pub attempts: u32,
    /// Pause before the second transfer of a layer that made no progress; it doubles with each further one.
    pub pause: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            insecure_hosts: Vec::new(),
            idle: Duration::from_secs(30),
            layers_at_once: 4,
            attempts: 5,
            pause: Duration::from_millis(500),
        }
    }
}

/// Asks image registries; clones share connections and tokens.
#[derive(Clone)]
pub struct ImageRegistry {
    client: Client,
    tokens: Arc<token::Tokens>,
    pub(crate) options: Arc<Options>,
    reach: Reach,
    credentials: Option<Arc<Credentials>>,
}

impl ImageRegistry {
    /// A client that takes references as named by no public source; see [`Self::with_reach`].
    pub fn new(client: Client, options: Options) -> Self {
        Self {
            client,
            tokens: Arc::default(),
            options: Arc::new(options),
            reach: Reach::Supplied { from_public: false },
            credentials: None,
        }
    }

    /// Says who named the references asked for from here on.
    #[must_use]
    pub fn with_reach(&self, reach: Reach) -> Self {
        Self {
            reach,
            ..self.clone()
        }
    }

    /// Gives the credentials to show where a call does not bring its own.
    ///
    /// They are shown to whichever image registry is asked: the caller makes sure that they belong to it.
    #[must_use]
    pub fn with_credentials(&self, credentials: Option<Credentials>) -> Self {
        Self {
            credentials: credentials.map(Arc::new),
            ..self.clone()
        }
    }

    pub(crate) fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_deref()
    }
}
