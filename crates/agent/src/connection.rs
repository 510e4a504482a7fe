use async_trait::async_trait;
use bytes::Bytes;

/// The way to a server: over HTTP, or within one process.
#[async_trait]
pub trait Connection: Send + Sync {
    /// Sends a request, whose address is a path below the server's own, and gives the whole answer.
    ///
    /// Who asks is added by the connection. It may wait as long as the agent lets it; the agent has
    /// a time for every request.
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, ConnectionError>;
}

/// No answer came from the server.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct ConnectionError {
    /// Why, naming the server.
    pub reason: String,
}

impl ConnectionError {
    /// An error for that reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
        }
    }
}
