use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::StatusCode;
use outbound::{Authorization, Client, Reach, Request};
use secrecy::SecretString;
use url::Url;

use crate::{Connection, ConnectionError};

/// Most bytes of an answer: some ten thousand placements.
const LARGEST_ANSWER: u64 = 16 * 1024 * 1024;

/// Longer than the agent waits for anything, so that its own times hold.
const DEADLINE: Duration = Duration::from_mins(2);

/// A server asked over HTTP with an agent's token.
#[derive(Clone)]
pub struct HttpConnection {
    client: Client,
    server: Url,
    token: Arc<Mutex<SecretString>>,
    read_token: Arc<dyn Fn() -> Option<SecretString> + Send + Sync>,
    insecure_http: bool,
}

/// An address that is no server's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the address of a server is http or https with a host and without query or fragment: `{0}`"
)]
pub struct ServerUrlError(String);

impl HttpConnection {
    /// The server at an address that the operator typed, which may have a path.
    ///
    /// A token that the server refuses is read anew with `read_token`, so that whoever replaces it need not know where
    /// the agent runs.
    pub fn new(
        client: Client,
        mut server: Url,
        token: SecretString,
        read_token: impl Fn() -> Option<SecretString> + Send + Sync + 'static,
    ) -> Result<Self, ServerUrlError> {
        let valid = matches!(server.scheme(), "http" | "https")
            && server.has_host()
            && server.query().is_none()
            && server.fragment().is_none();
        if !valid {
            return Err(ServerUrlError(server.to_string()));
        }
        let path = server.path().trim_end_matches('/').to_owned();
        server.set_path(&path);
        Ok(Self {
            client,
            server,
            token: Arc::new(Mutex::new(token)),
            read_token: Arc::new(read_token),
            insecure_http: false,
        })
    }

    /// Sends the token without TLS, too, to whatever machine the server is on.
    #[must_use]
    pub fn insecure_http(mut self) -> Self {
        self.insecure_http = true;
        self
    }

    /// The server's address, for people.
    pub fn server(&self) -> &Url {
        &self.server
    }

    fn token(&self) -> SecretString {
        let token = self.token.lock();
        token.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The next request has what the operator gives by then.
    fn renew_token(&self) {
        if let Some(token) = (self.read_token)() {
            *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
        }
    }

    fn address(&self, request: &http::Request<Bytes>) -> Url {
        let mut address = self.server.clone();
        let front = address.path().trim_end_matches('/').to_owned();
        address.set_path(&format!("{front}{}", request.uri().path()));
        address.set_query(request.uri().query());
        address
    }
}

impl fmt::Debug for HttpConnection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpConnection")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl Connection for HttpConnection {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, ConnectionError> {
        let address = self.address(&request);
        let (parts, body) = request.into_parts();
        // A redirect is an answer: a token is for the server that was typed and no other.
        let mut outgoing = Request::new(parts.method, address, Reach::Typed)
            .authorization(Some(Authorization::Bearer(self.token())))
            .body(body)
            .body_limit(LARGEST_ANSWER)
            .deadline(DEADLINE)
            .accept_gzip()
            .redirects(0)
            .insecure_http(self.insecure_http);
        outgoing.headers = parts.headers;
        let fetched = self
            .client
            .fetch(outgoing)
            .await
            .map_err(|error| ConnectionError::new(in_full(&error)))?;
        if matches!(
            fetched.status,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::CONFLICT
        ) {
            self.renew_token();
        }
        let mut answer = http::Response::new(fetched.body);
        *answer.status_mut() = fetched.status;
        *answer.headers_mut() = fetched.headers;
        Ok(answer)
    }
}

fn in_full(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
