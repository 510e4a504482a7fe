use std::sync::Arc;
use std::time::Duration;

use api::agent::{Desired, INSTANCE_HEADER, Observed, Progress};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
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
    /// Which agent this is, for a server that meets two with one token.
    instance: HeaderValue,
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
    #[error("{detail}")]
    Status {
        status: StatusCode,
        /// The problem's name; empty where a proxy in front answered.
        code: String,
        detail: String,
    },
    /// It leads elsewhere, which a token is not taken to.
    #[error("it leads to {to}")]
    Moved { to: String },
    /// Its answer is none that a server of ours gives.
    #[error("it answered {status} where one has its agent API")]
    NotQuayside { status: StatusCode },
    /// Its answer is not the agent API's.
    #[error("its answer was not understood: {0}")]
    NotUnderstood(String),
}

impl ServerError {
    /// Whether the same report would be refused again, however often it is sent.
    pub(crate) fn is_final(&self) -> bool {
        match self {
            Self::Status { code, .. } if code == "token-in-use" => false,
            Self::Status { status, .. } | Self::NotQuayside { status } => matches!(
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
    pub(crate) fn new(connection: Arc<dyn Connection>, instance: &str) -> Self {
        Self {
            connection,
            instance: HeaderValue::from_str(instance)
                .expect("an instance is made of letters and digits"),
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
        let desired = serde_json::from_slice(answer.body()).map_err(|error| {
            if is_json(&answer) {
                ServerError::NotUnderstood(error.to_string())
            } else {
                let status = answer.status();
                ServerError::NotQuayside { status }
            }
        })?;
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
        mut request: Request<Bytes>,
        limit: Duration,
    ) -> Result<Response<Bytes>, ServerError> {
        request
            .headers_mut()
            .insert(INSTANCE_HEADER, self.instance.clone());
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
    if status.is_redirection() {
        let to = answer.headers().get(LOCATION);
        let to = to.and_then(|to| to.to_str().ok()).unwrap_or("nowhere");
        return Err(ServerError::Moved { to: cut(to) });
    }
    let problem = serde_json::from_slice::<Value>(answer.body()).unwrap_or_default();
    let text = |name: &str| problem[name].as_str().map(cut);
    match text("code") {
        Some(code) => Err(ServerError::Status {
            status,
            code,
            detail: told(&text("detail").unwrap_or_else(|| format!("it answered {status}"))),
        }),
        // A proxy in front, whose server is being restarted.
        None if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            Err(ServerError::Status {
                status,
                code: String::new(),
                detail: format!("it answered {status}"),
            })
        }
        None => Err(ServerError::NotQuayside { status }),
    }
}

/// The server's sentence, to stand within another.
fn told(detail: &str) -> String {
    detail.trim_end_matches('.').to_owned()
}

fn cut(text: &str) -> String {
    let signs = text.chars().take(LONGEST_DETAIL);
    // What answers may be anything, and this goes to somebody's terminal.
    signs
        .map(|sign| if sign.is_control() { ' ' } else { sign })
        .collect()
}

fn is_json(answer: &Response<Bytes>) -> bool {
    let kind = answer.headers().get(CONTENT_TYPE);
    kind.and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json"))
}
