use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use api::Problem;
use bytes::Bytes;
use http::{HeaderValue, Method, header};
use outbound::{Authorization, Client, ClientConfig, Reach, Request};
use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

/// How often to look whether something came true.
const PAUSE: Duration = Duration::from_millis(50);

/// Speaks to the server as any program would: over HTTP, with a token.
#[derive(Debug, Clone)]
pub(super) struct ApiClient {
    client: Client,
    server: Url,
    token: SecretString,
}

impl ApiClient {
    pub(super) fn new(server: Url, token: SecretString) -> anyhow::Result<Self> {
        Ok(Self {
            client: Client::new(ClientConfig::default())
                .context("failed to set up the HTTP client")?,
            server,
            token,
        })
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let bytes = self.send(Method::GET, path, Bytes::new()).await?;
        serde_json::from_slice(&bytes)
            .with_context(|| format!("{path} answered with something else than expected"))
    }

    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> anyhow::Result<T> {
        let bytes = self
            .send(Method::POST, path, serde_json::to_vec(body)?.into())
            .await?;
        serde_json::from_slice(&bytes)
            .with_context(|| format!("{path} answered with something else than expected"))
    }

    pub(super) async fn delete(&self, path: &str) -> anyhow::Result<()> {
        self.send(Method::DELETE, path, Bytes::new())
            .await
            .map(drop)
    }

    async fn send(&self, method: Method, path: &str, body: Bytes) -> anyhow::Result<Bytes> {
        let url = self
            .server
            .join(path)
            .context("the path makes no address")?;
        let request = Request::new(method, url, Reach::Typed)
            .header(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json"),
            )
            .authorization(Some(Authorization::Bearer(self.token.clone())))
            .body_limit(32 << 20)
            .deadline(Duration::from_mins(1))
            .body(body);
        let fetched = self.client.fetch(request).await?;
        if fetched.status.is_success() {
            return Ok(fetched.body);
        }
        match serde_json::from_slice::<Problem>(&fetched.body) {
            Ok(problem) => bail!("{}", problem.detail),
            Err(_) => bail!("{path} answered {}", fetched.status),
        }
    }

    /// Asks again and again until the answer is the one waited for.
    pub(super) async fn wait<T: DeserializeOwned>(
        &self,
        path: &str,
        longest: Duration,
        mut is_it: impl FnMut(&T) -> anyhow::Result<bool>,
    ) -> anyhow::Result<T> {
        let started = Instant::now();
        loop {
            let answer: T = self.get(path).await?;
            if is_it(&answer)? {
                return Ok(answer);
            }
            if started.elapsed() > longest {
                bail!("it took longer than {} seconds", longest.as_secs());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
