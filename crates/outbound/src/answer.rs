use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use tokio::time::timeout;
use url::Url;

use crate::{error::FetchError, retry_after};

/// An answer received whole.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The status.
    pub status: StatusCode,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
    /// Where the answer came from, after redirects.
    pub final_url: Url,
    /// Whether any host on the way was a public one.
    pub from_public: bool,
    /// Bytes of the body as they were transferred.
    pub wire_bytes: u64,
}

impl Fetched {
    /// A header field as text, where it is there and is text.
    pub fn header(&self, name: &http::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How long the server asks to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(&self.headers)
    }
}

/// An answer whose body is still on its way.
#[derive(Debug)]
pub struct Streaming {
    /// The status.
    pub status: StatusCode,
    /// The header fields.
    pub headers: HeaderMap,
    /// Where the answer comes from, after redirects.
    pub final_url: Url,
    /// Whether any host on the way was a public one.
    pub from_public: bool,
    /// What is left of the body; gone once it has ended or failed.
    pub(crate) response: Option<reqwest::Response>,
    pub(crate) host: String,
    pub(crate) idle: Duration,
    pub(crate) limit: u64,
    pub(crate) received: u64,
}

impl Streaming {
    /// The next piece of the body as it was transferred, or `None` at its end.
    ///
    /// Fails after the silence that the request allows, and beyond the body's limit.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, FetchError> {
        let Some(mut response) = self.response.take() else {
            return Ok(None);
        };
        let chunk = timeout(self.idle, response.chunk())
            .await
            .map_err(|_| FetchError::TimedOut {
                host: self.host.clone(),
                after: self.idle,
            })?
            .map_err(|error| FetchError::from_transport(&self.host, self.idle, &error))?;
        let Some(chunk) = chunk else {
            return Ok(None);
        };
        self.received = self.received.saturating_add(chunk.len() as u64);
        if self.received > self.limit {
            return Err(FetchError::TooLarge {
                host: self.host.clone(),
                limit: self.limit,
            });
        }
        self.response = Some(response);
        Ok(Some(chunk))
    }

    /// How long the server asks to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after(&self.headers)
    }
}
