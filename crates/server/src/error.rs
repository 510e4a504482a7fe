use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use api::{FieldError, Problem, Step};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use model::{AgentId, ByteLimit, ListingId, RegistryId, WorkspaceId};

/// Why a request is not answered as asked. Becomes a problem (RFC 9457), or a page for browsers.
#[derive(Debug)]
pub(crate) struct AppError(Box<Fields>);

/// Boxed, so that results stay small.
#[derive(Debug)]
pub(crate) struct Fields {
    status: StatusCode,
    code: &'static str,
    detail: Cow<'static, str>,
    hint: Option<Cow<'static, str>>,
    step: Option<Step>,
    registry: Option<RegistryId>,
    errors: Vec<FieldError>,
    retry_after: Option<Duration>,
    challenge: Option<&'static str>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl std::ops::Deref for AppError {
    type Target = Fields;

    fn deref(&self) -> &Fields {
        &self.0
    }
}

impl std::ops::DerefMut for AppError {
    fn deref_mut(&mut self) -> &mut Fields {
        &mut self.0
    }
}

/// Code of the answer to a browser whose session is over.
pub(crate) const SIGNED_OUT: &str = "signed-out";

/// What handlers and services answer with.
pub(crate) type AppResult<T> = Result<T, AppError>;

impl AppError {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Fields {
            status,
            code,
            detail: detail.into(),
            hint: None,
            step: None,
            registry: None,
            errors: Vec::new(),
            retry_after: None,
            challenge: None,
            source: None,
        }))
    }

    fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Nothing is at this address.
    pub(crate) fn page_not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "There is nothing at this address.",
        )
    }

    pub(crate) fn registry_not_found(id: RegistryId) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "registry-not-found",
            format!("There is no registry {id}."),
        )
        .with_hint("It may have been removed; read the list of registries again.")
    }

    pub(crate) fn listing_not_found(id: ListingId) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "listing-not-found",
            format!("There is no listing {id}."),
        )
        .with_hint("Its registry may have withdrawn it; search again.")
    }

    pub(crate) fn workspace_not_found(id: WorkspaceId) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "workspace-not-found",
            format!("There is no workspace {id}."),
        )
        .with_hint("It may have been uninstalled; read the list of workspaces again.")
    }

    pub(crate) fn agent_not_found(id: AgentId) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "agent-not-found",
            format!("There is no agent {id}."),
        )
    }

    /// The registry is here already.
    pub(crate) fn registry_exists(id: RegistryId, name: &str) -> Self {
        let mut error = Self::new(
            StatusCode::CONFLICT,
            "registry-exists",
            format!("The registry `{name}` is here already."),
        )
        .with_hint("Use Update now on its card to read it again.");
        error.registry = Some(id);
        error
    }

    pub(crate) fn too_many_registries(most: u64) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "too-many-registries",
            format!("There are {most} registries, the most there may be."),
        )
        .with_hint("Remove one first.")
    }

    /// Reading a registry failed at a step; nothing was stored.
    pub(crate) fn registry_unreadable(step: Step, detail: String, hint: Option<String>) -> Self {
        let mut error = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "registry-unreadable",
            detail,
        );
        error.hint = hint.map(Cow::Owned);
        error.step = Some(step);
        error
    }

    /// Fields of the request are wrong.
    pub(crate) fn invalid_fields(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] => only.detail.clone(),
            _ => format!("{} fields are wrong.", errors.len()),
        };
        let mut error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-fields", detail);
        error.errors = errors;
        error
    }

    /// The request cannot be understood.
    pub(crate) fn bad_request(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    /// A condition that must hold first.
    pub(crate) fn conflict(
        code: &'static str,
        detail: impl Into<Cow<'static, str>>,
        hint: &'static str,
    ) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail).with_hint(hint)
    }

    pub(crate) fn version_conflict() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "version-conflict",
            "Somebody changed it in the meantime.",
        )
        .with_hint("Read it again, then apply your change to what is there now.")
    }

    pub(crate) fn sign_in_needed() -> Self {
        let mut error = Self::new(
            StatusCode::UNAUTHORIZED,
            "sign-in-needed",
            "This needs a person signed in, or a token.",
        )
        .with_hint(
            "Sign in, or send `Authorization: Bearer` with a token from `quayside token create`.",
        );
        error.challenge = Some("Bearer");
        error
    }

    /// The token sent is nobody's.
    pub(crate) fn token_unknown() -> Self {
        let mut error = Self::new(
            StatusCode::UNAUTHORIZED,
            "token-unknown",
            "This server does not know the token: it was revoked or replaced, is another server's, or is not whole.",
        )
        .with_hint("Make another with `quayside token create NAME --scope SCOPE`.");
        error.challenge = Some("Bearer error=\"invalid_token\"");
        error
    }

    /// The browser's session is over, or there is none any more.
    pub(crate) fn signed_out() -> Self {
        let mut error = Self::new(StatusCode::UNAUTHORIZED, SIGNED_OUT, "You are signed out.")
            .with_hint("Sign in again; nothing was changed.");
        error.challenge = Some("Bearer");
        error
    }

    /// The image endpoint wants a token as password.
    pub(crate) fn image_token_needed() -> Self {
        let mut error = Self::new(
            StatusCode::UNAUTHORIZED,
            "image-token-needed",
            "This needs a token of scope `images:read` as password.",
        );
        error.challenge = Some("Basic realm=\"Quayside images\", charset=\"UTF-8\"");
        error
    }

    pub(crate) fn wrong_credentials() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "wrong-credentials",
            "Name and password do not belong together.",
        )
    }

    pub(crate) fn link_used_up() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "link-used-up",
            "This sign-in link was used, replaced or is over an hour old.",
        )
        .with_hint("Print a new one with `quayside admin link`.")
    }

    pub(crate) fn scope_missing(scope: &str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "scope-missing",
            format!("The token lacks the scope `{scope}`."),
        )
        .with_hint("Create another with `quayside token create NAME --scope`.")
    }

    /// Two programs say that they are the same agent.
    pub(crate) fn token_in_use(name: &str) -> Self {
        Self::conflict(
            "token-in-use",
            format!("Another agent is connected with the token `{name}`."),
            "Give each host a token of its own: `quayside token create NAME --scope agent`.",
        )
    }

    pub(crate) fn forged_request() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "forged-request",
            "This change does not come from a page of this server, or the page is too old.",
        )
        .with_hint("Load the page again and repeat what you did.")
    }

    pub(crate) fn misdirected() -> Self {
        Self::new(
            StatusCode::MISDIRECTED_REQUEST,
            "misdirected",
            "This server is not reached by that name.",
        )
        .with_hint("Use the address in --public-url, or change it.")
    }

    /// Too often; come back later.
    pub(crate) fn too_many_requests(
        detail: impl Into<Cow<'static, str>>,
        retry_after: Duration,
    ) -> Self {
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", detail);
        error.retry_after = Some(retry_after);
        error
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-large",
            format!("The request is larger than {}.", ByteLimit(limit as u64)),
        )
    }

    /// The same `Idempotency-Key` with another body.
    pub(crate) fn idempotency_conflict() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency-key-reused",
            "This Idempotency-Key came with another request before.",
        )
        .with_hint("Use a fresh key for a fresh request.")
    }

    /// The same request is being answered right now.
    pub(crate) fn idempotency_in_flight() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "idempotency-key-in-flight",
            "The same request is being answered right now.",
        )
    }

    /// It took too long.
    pub(crate) fn timed_out() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "timed-out",
            "The request was not answered in time.",
        )
        .with_hint("Try again later.")
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "This address does not take that method.",
        )
    }

    /// The server went wrong; the cause goes to the log, once.
    pub(crate) fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let mut error = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong inside the server.",
        )
        .with_hint("Try again. If it stays, look for the request id in the server's log.");
        error.source = Some(source.into());
        error
    }

    /// The answer's status.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// How long to wait before trying again.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The step of reading a registry that failed.
    pub(crate) fn step(&self) -> Option<Step> {
        self.step
    }

    /// What is wrong with which field.
    pub(crate) fn field_errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// What failed and why, for people.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The whole story, for the log.
    pub(crate) fn log_text(&self) -> String {
        self.source
            .as_deref()
            .map_or_else(|| self.detail.to_string(), |source| chain(source))
    }

    /// What is answered.
    pub(crate) fn to_problem(&self) -> Problem {
        Problem {
            kind: "about:blank".to_owned(),
            title: self.status.canonical_reason().unwrap_or("Error").to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail.clone().into_owned(),
            hint: self.hint.clone().map(Cow::into_owned),
            step: self.step,
            registry: self.registry,
            errors: self.errors.clone(),
            request_id: None,
        }
    }
}

/// Lets the outer layers show the problem as a page and add the request id.
#[derive(Debug, Clone)]
pub(crate) struct ProblemExtension(pub(crate) Arc<Problem>);

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let problem = self.to_problem();
        if self.source.is_some() {
            tracing::error!(
                error = self.log_text(),
                "A request failed inside the server."
            );
        }
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(wait) = self.retry_after {
            headers.insert(
                header::RETRY_AFTER,
                HeaderValue::from(wait.as_secs().max(1)),
            );
        }
        if let Some(challenge) = self.challenge {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(challenge),
            );
        }
        response
            .extensions_mut()
            .insert(ProblemExtension(Arc::new(problem)));
        response
    }
}

/// An error with its causes, in one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

impl From<store::StoreError> for AppError {
    fn from(error: store::StoreError) -> Self {
        Self::internal(error)
    }
}
