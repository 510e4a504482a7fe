//! Reading a registry over HTTP.

mod attempt;
mod candidate;
mod failure;
mod requests;
mod steps;

use std::time::Duration;

use model::list::ListDocument;
use outbound::Client;
use url::Url;

use crate::{address::RegistryAddress, credentials::Credentials};

pub use failure::{FailureCause, ReadFailure};
pub use steps::{Outcome, Step, StepReport};

/// Which registry to read, and how.
#[derive(Debug, Clone)]
pub struct ReadRequest {
    /// Where it lies.
    pub address: RegistryAddress,
    /// For a registry behind basic authorization.
    pub credentials: Option<Credentials>,
    /// What was noted when the copy in use was read, to ask for changes only.
    pub conditional: Option<Validators>,
    /// Longest time in all.
    pub deadline: Duration,
}

impl ReadRequest {
    /// Reads a registry for the first time: no credentials, 30 seconds in all.
    pub fn new(address: RegistryAddress) -> Self {
        Self {
            address,
            credentials: None,
            conditional: None,
            deadline: Duration::from_secs(30),
        }
    }
}

/// What the next read needs in order to ask for changes only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// The folder that the list was read from; empty for the root.
    pub folder: String,
    /// The list's entity tag.
    pub etag: Option<String>,
    /// When the list was last modified, in the server's own words.
    pub last_modified: Option<String>,
}

/// How reading a registry ended well.
#[derive(Debug, Clone)]
pub enum ReadOutcome {
    /// The list is the one that was read before.
    NotModified,
    /// The list was read.
    Read(Box<RegistryCopy>),
}

/// What a registry offers, as read from its list.
#[derive(Debug, Clone)]
pub struct RegistryCopy {
    /// The registry's root, after redirects, with a slash at its end.
    pub root: Url,
    /// The folder that the list was read from; empty for the root.
    pub folder: String,
    /// The list.
    pub list: ListDocument,
    /// For the next read.
    pub validators: Validators,
    /// SHA-256 of the list as it was received, decompressed.
    pub list_sha256: [u8; 32],
    /// Bytes of the list, decompressed.
    pub bytes: u64,
    /// Whether a public address had a part in it.
    pub from_public: bool,
    /// Folders that `versions.txt` names and that are tried, in that order.
    pub versions: Vec<String>,
}

/// Reads registries over HTTP.
#[derive(Debug, Clone)]
pub struct RegistryReader {
    client: Client,
}

impl RegistryReader {
    /// A reader over the one HTTP client.
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// Reads a registry and tells each step when it has ended.
    ///
    /// The folders of the registry format, section 4, are tried in their order. What is missing
    /// or cannot be read is passed over; what may be there in a minute (a server's failure, a
    /// broken connection) ends the attempt, so that a hiccup never puts an older folder in the
    /// place of a newer one.
    pub async fn read(
        &self,
        request: &ReadRequest,
        on_step: &mut (dyn FnMut(StepReport) + Send),
    ) -> Result<ReadOutcome, ReadFailure> {
        attempt::run(&self.client, request, on_step).await
    }
}
