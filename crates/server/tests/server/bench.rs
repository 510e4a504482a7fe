use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use secrecy::{ExposeSecret as _, SecretBox, SecretString};
use serde_json::Value;
use server::{App, Scope, ServerConfig};
use store::Store;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;
use url::Url;

/// A server without a socket, its database in a folder of its own.
pub(crate) struct Bench {
    pub(crate) app: App,
    router: Router,
    tracker: TaskTracker,
    shutdown: CancellationToken,
    _folder: TempDir,
}

/// What a server answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Bytes,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("quayside.sqlite");
        let store = Store::open(&format!("sqlite:{}", database.display()))
            .await
            .unwrap();
        let config = ServerConfig {
            public_url: Url::parse("http://localhost/").unwrap(),
            trusted_proxies: Vec::new(),
            first_party: None,
            allow_private_networks: false,
            admin_name: "admin".to_owned(),
            secret_key: SecretBox::new(Box::new([7; 32])),
            images: None,
        };
        outbound::install_crypto_provider();
        let client = outbound::Client::new(outbound::ClientConfig::default()).unwrap();
        let shutdown = CancellationToken::new();
        let app = App::new(config, store, client, shutdown.clone());
        let tracker = TaskTracker::new();
        server::start(&app, &tracker).await.unwrap();
        tracker.close();
        Self {
            router: server::build_router(&app),
            app,
            tracker,
            shutdown,
            _folder: folder,
        }
    }

    pub(crate) async fn token(&self, scope: Scope) -> String {
        // One name for each scope: a second token of a name takes the place of the first.
        let name = scope.as_str().parse().unwrap();
        let token = server::create_token(&self.app.store, &name, &[scope], true).await;
        token.unwrap().expose_secret().to_owned()
    }

    /// Gives the administrator a password.
    pub(crate) async fn set_password(&self, password: &str) {
        let password = SecretString::from(password.to_owned());
        let needs_link = server::prepare_administrator(&self.app, Some(password)).await;
        assert!(!needs_link.unwrap());
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (mut parts, body) = request.into_parts();
        parts
            .headers
            .entry(header::HOST)
            .or_insert("localhost".parse().unwrap());
        let request = Request::from_parts(parts, body);
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes(),
        }
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Value,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::from(body.to_string()));
        self.send(request.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.call(Method::GET, path, token, Value::Null).await
    }

    /// Ends everything in order.
    pub(crate) async fn end(self) {
        self.shutdown.cancel();
        self.tracker.wait().await;
        self.app.store.close().await.unwrap();
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
