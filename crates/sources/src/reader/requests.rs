use http::{HeaderValue, header};
use outbound::{Client, FetchError, Fetched, Reach, Request};
use tokio::time::Instant;
use url::Url;

use super::{ReadFailure, ReadRequest, Step, Validators};
use crate::credentials::Credentials;

/// The requests of one attempt, which share its time and its credentials.
pub(crate) struct Requests<'r> {
    client: &'r Client,
    request: &'r ReadRequest,
    end: Instant,
    /// Whether a public host has answered so far.
    pub(crate) from_public: bool,
}

impl<'r> Requests<'r> {
    pub(crate) fn new(client: &'r Client, request: &'r ReadRequest) -> Self {
        Self {
            client,
            request,
            end: Instant::now() + request.deadline,
            from_public: false,
        }
    }

    pub(crate) async fn fetch(
        &mut self,
        url: Url,
        limit: u64,
        conditional: Option<&Validators>,
    ) -> Result<Fetched, FetchError> {
        let mut request = Request::get(url, Reach::Typed)
            .authorization(
                self.request
                    .credentials
                    .as_ref()
                    .map(Credentials::to_authorization),
            )
            .body_limit(limit)
            .deadline(self.end.saturating_duration_since(Instant::now()))
            .accept_gzip();
        if let Some(validators) = conditional {
            let fields = [
                (header::IF_NONE_MATCH, &validators.etag),
                (header::IF_MODIFIED_SINCE, &validators.last_modified),
            ];
            for (name, value) in fields {
                if let Some(value) = value.as_deref().and_then(|v| HeaderValue::from_str(v).ok()) {
                    request = request.header(name, value);
                }
            }
        }
        let fetched = self.client.fetch(request).await?;
        self.from_public |= fetched.from_public;
        Ok(fetched)
    }

    pub(crate) fn failed(&self, step: Step, error: &FetchError) -> ReadFailure {
        ReadFailure::from_fetch(step, error, self.request.deadline)
    }

    pub(crate) fn failed_status(&self, step: Step, fetched: &Fetched) -> Option<ReadFailure> {
        ReadFailure::from_status(step, fetched, self.request.credentials.is_some())
    }
}

/// Whether an error means that no host has answered at all.
pub(crate) fn is_no_answer(error: &FetchError) -> bool {
    error.is_connect()
        || matches!(
            error,
            FetchError::NotHttp { .. }
                | FetchError::Address { .. }
                | FetchError::CredentialsOverHttp { .. }
                | FetchError::TimedOut { .. }
                | FetchError::NotUnderstood { .. }
        )
}
