use std::sync::Arc;
use std::time::Duration;

use api::agent::{Desired, Observed, Progress};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use serde_json::Value;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use crate::{Connection, ConnectionError};

/// How long the server may hold the long poll; it is told so.
const WAIT_SECONDS: u64 = 25;

/// How long the long poll may take, the way included.
const POLL_LIMIT: Duration = Duration::from_secs(WAIT_SECONDS + 15);

/// How long a report may take.
const REPORT_LIMIT: Duration = Duration::from_secs(20);

/// What a pause lasts at least, unless its delay is shorter.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

/// Longest problem text taken over into a log line.
const LONGEST_DETAIL: usize = 300;

/// The agent API, spoken over any connection.
#[derive(Clone)]
pub(crate) struct Server {
    connection: Arc<dyn Connection>,
    /// Told to all who pause whenever the server did what was asked.
    answered: Arc<Notify>,
}

/// Why the server did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServerError {
    /// No answer came; normal while the server restarts.
    #[error("{0}")]
    Connection(#[from] ConnectionError),
    /// No answer came in time; normal while the server restarts.
    #[error("the server did not answer within {} seconds", .0.as_secs())]
    TimedOut(Duration),
    /// It answered, but not with what was asked for.
    #[error("the server answered {status}: {detail}")]
    Status { status: StatusCode, detail: String },
    /// Its answer is not the agent API's.
    #[error("the server's answer was not understood: {0}")]
    NotUnderstood(String),
}

impl ServerError {
    /// Whether the same report would be refused again, however often it is sent.
    pub(crate) fn is_final(&self) -> bool {
        match self {
            Self::Status { status, .. } => matches!(
                *status,
                StatusCode::BAD_REQUEST
                    | StatusCode::NOT_FOUND
                    | StatusCode::CONFLICT
                    | StatusCode::GONE
                    | StatusCode::PAYLOAD_TOO_LARGE
                    | StatusCode::UNPROCESSABLE_ENTITY
            ),
            _ => false,
        }
    }
}

/// What a poll brought.
#[derive(Debug)]
pub(crate) enum Polled {
    /// It changed; the tag is for the next poll.
    Changed(Desired, Option<HeaderValue>),
    /// Nothing changed.
    Same,
}

impl Server {
    pub(crate) fn new(connection: Arc<dyn Connection>) -> Self {
        Self {
            connection,
            answered: Arc::default(),
        }
    }

    /// Waits before the next try, but not much longer than until the server is heard of again.
    pub(crate) async fn pause(&self, delay: Duration) {
        let answered = self.answered.notified();
        let at_least = delay.min(SHORTEST_PAUSE);
        sleep(at_least).await;
        tokio::select! {
            () = sleep(delay.saturating_sub(at_least)) => {}
            () = answered => {}
        }
    }

    /// Waits for desired state that differs from the one with that tag.
    pub(crate) async fn desired(&self, tag: Option<&HeaderValue>) -> Result<Polled, ServerError> {
        let path = format!("/api/agent/v1/desired?wait={WAIT_SECONDS}");
        let mut request = request(Method::GET, &path, Bytes::new());
        if let Some(tag) = tag {
            request.headers_mut().insert(IF_NONE_MATCH, tag.clone());
        }
        let answer = self.send(request, POLL_LIMIT).await?;
        if answer.status() == StatusCode::NOT_MODIFIED {
            return Ok(Polled::Same);
        }
        accept(&answer)?;
        let new_tag = answer.headers().get(ETAG).cloned();
        if tag.is_some() && tag == new_tag.as_ref() {
            return Ok(Polled::Same);
        }
        let desired = serde_json::from_slice(answer.body())
            .map_err(|error| ServerError::NotUnderstood(error.to_string()))?;
        Ok(Polled::Changed(desired, new_tag))
    }

    /// Tells what the engine holds.
    pub(crate) async fn observed(&self, observed: &Observed) -> Result<(), ServerError> {
        self.report(Method::PUT, "/api/agent/v1/observed", observed)
            .await
    }

    /// Tells how a placement fares.
    pub(crate) async fn progress(&self, progress: &Progress) -> Result<(), ServerError> {
        self.report(Method::POST, "/api/agent/v1/progress", progress)
            .await
    }

    async fn report(
        &self,
        method: Method,
        path: &str,
        body: &impl serde::Serialize,
    ) -> Result<(), ServerError> {
        let body = serde_json::to_vec(body)
            .map_err(|error| ServerError::NotUnderstood(error.to_string()))?;
        let mut request = request(method, path, body.into());
        request
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        accept(&self.send(request, REPORT_LIMIT).await?)
    }

    async fn send(
        &self,
        request: Request<Bytes>,
        limit: Duration,
    ) -> Result<Response<Bytes>, ServerError> {
        let answer = timeout(limit, self.connection.send(request))
            .await
            .map_err(|_| ServerError::TimedOut(limit))??;
        if answer.status().is_success() || answer.status() == StatusCode::NOT_MODIFIED {
            self.answered.notify_waiters();
        }
        Ok(answer)
    }
}

fn request(method: Method, path: &str, body: Bytes) -> Request<Bytes> {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = path.parse().expect("a path written here is one");
    request
}

fn accept(answer: &Response<Bytes>) -> Result<(), ServerError> {
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    let problem = serde_json::from_slice::<Value>(answer.body()).unwrap_or_default();
    let detail = problem["detail"].as_str().unwrap_or("no details");
    Err(ServerError::Status {
        status,
        detail: detail.chars().take(LONGEST_DETAIL).collect(),
    })
}
