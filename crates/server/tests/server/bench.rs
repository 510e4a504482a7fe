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
use url::form_urlencoded::Serializer;

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

    /// Shows a form and sends it with these fields.
    pub(crate) async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = Request::get(path).body(Body::empty()).unwrap();
        let page = self.send(page).await;
        let text = page.text();
        let (_, rest) = text.split_once("name=\"csrf\" value=\"").unwrap();
        let (csrf, _) = rest.split_once('"').unwrap();
        let mut body = Serializer::new(String::new());
        body.append_pair("csrf", csrf).extend_pairs(fields);
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::COOKIE, cookies(&page))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.finish()));
        self.send(request.unwrap()).await
    }

    /// Signs the administrator in and gives the session's cookie.
    pub(crate) async fn sign_in(&self) -> String {
        let address = &self.app.config.public_url;
        let link = server::new_sign_in_link(&self.app.store, address).await;
        let answer = self
            .submit("/sign-in/link", &[("secret", &link.unwrap())])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        cookies(&answer)
    }

    /// Opens a page as whoever has the cookie.
    pub(crate) async fn open(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, cookie);
        let answer = self.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        answer
    }

    /// Ends everything in order.
    pub(crate) async fn end(self) {
        self.shutdown.cancel();
        self.tracker.wait().await;
        self.app.store.close().await.unwrap();
    }
}

/// The cookies that an answer sets, as a browser sends them back.
pub(crate) fn cookies(answer: &Answer) -> String {
    let cookies = answer.headers.get_all(header::SET_COOKIE).iter();
    let pairs = cookies.filter_map(|cookie| cookie.to_str().unwrap().split(';').next());
    pairs.collect::<Vec<_>>().join("; ")
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
