//! A server with its listener, jobs and embedded agent, as `serve` and the demo run it.

use std::sync::Arc;

use agent::{AgentConfig, Connection, ConnectionError};
use anyhow::Context as _;
use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use engine::Engine;
use http::{HeaderValue, header};
use http_body_util::BodyExt as _;
use outbound::{Client, ClientConfig};
use secrecy::{ExposeSecret as _, SecretString};
use server::{App, Listener, ServerConfig, Tls};
use store::Store;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

/// What a server is started from.
pub(crate) struct Start {
    pub(crate) config: ServerConfig,
    pub(crate) store: Store,
    pub(crate) listener: Listener,
    pub(crate) tls: Option<Tls>,
    /// The engine of the embedded agent, if there shall be one.
    pub(crate) engine: Option<Arc<dyn Engine>>,
    pub(crate) shutdown: CancellationToken,
}

/// A server that answers.
pub(crate) struct RunningServer {
    pub(crate) app: App,
    tracker: TaskTracker,
    shutdown: CancellationToken,
    store: Store,
}

impl RunningServer {
    /// Starts everything; requests are answered from here on.
    pub(crate) async fn start(start: Start) -> anyhow::Result<Self> {
        let Start {
            config,
            store,
            listener,
            tls,
            engine,
            shutdown,
        } = start;
        let client = ClientConfig {
            allow_private_networks: config.allow_private_networks,
            ..ClientConfig::default()
        };
        let client = Client::new(client).context("failed to set up the HTTP client")?;
        let app = App::new(config, store.clone(), client, shutdown.clone());
        let router = server::build_router(&app);
        let tracker = TaskTracker::new();
        server::start(&app, &tracker).await?;
        if let Some(engine) = engine {
            start_agent(&app, &router, engine, &tracker).await?;
        }
        let serving = listener.serve(router, tls, shutdown.clone());
        let failed = shutdown.clone();
        tracker.spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "The listener failed.");
                failed.cancel();
            }
        });
        tracker.close();
        Ok(Self {
            app,
            tracker,
            shutdown,
            store,
        })
    }

    /// Waits until everything has ended after the shutdown was asked for.
    pub(crate) async fn ended(self) {
        self.shutdown.cancelled().await;
        self.tracker.wait().await;
        if let Err(error) = self.store.close().await {
            tracing::warn!(%error, "The database was not closed in order.");
        }
    }
}

/// The embedded agent speaks the agent API like any other, without a socket in between.
async fn start_agent(
    app: &App,
    router: &Router,
    engine: Arc<dyn Engine>,
    tracker: &TaskTracker,
) -> anyhow::Result<()> {
    let name = agent::hostname();
    let token = server::embedded_agent_token(app, &name).await?;
    let connection = Arc::new(InProcess {
        router: router.clone(),
        host: host_of(app)?,
        token,
    });
    let running = agent::run(
        AgentConfig {
            instance: "embedded".to_owned(),
            hostname: name,
            server: None,
        },
        connection,
        engine,
        app.shutdown_token(),
    );
    tracker.spawn(running);
    Ok(())
}

/// The server's own name, which its host check wants to see.
fn host_of(app: &App) -> anyhow::Result<HeaderValue> {
    let url = &app.config.public_url;
    let host = url.host_str().context("the public address has no host")?;
    let host = url
        .port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    HeaderValue::try_from(host).context("the public address makes no Host header")
}

struct InProcess {
    router: Router,
    host: HeaderValue,
    token: SecretString,
}

#[async_trait]
impl Connection for InProcess {
    async fn send(
        &self,
        mut request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, ConnectionError> {
        let bearer = HeaderValue::try_from(format!("Bearer {}", self.token.expose_secret()));
        let bearer = bearer.map_err(|error| ConnectionError::new(error.to_string()))?;
        request.headers_mut().insert(header::AUTHORIZATION, bearer);
        request
            .headers_mut()
            .insert(header::HOST, self.host.clone());
        let answer = self.router.clone().oneshot(request.map(Body::from)).await;
        let (parts, body) = answer.unwrap_or_else(|never| match never {}).into_parts();
        let bytes = body
            .collect()
            .await
            .map_err(|error| ConnectionError::new(error.to_string()))?
            .to_bytes();
        Ok(http::Response::from_parts(parts, bytes))
    }
}
