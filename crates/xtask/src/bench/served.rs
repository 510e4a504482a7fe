//! A server with registries, as the benches measure it.

use http::{StatusCode, header};
use serde_json::json;
use testkit::{ServerOptions, TestClient, TestServer, wait_until};

use super::Options;

/// A server, and somebody who is signed in to it.
pub(crate) struct Served {
    pub(crate) server: TestServer,
    /// The session cookie, which outlives a restart of the server.
    pub(crate) cookie: String,
    /// A client with a token that may read and write.
    pub(crate) client: TestClient,
    token: String,
}

impl Served {
    /// Starts a server with the built-in store.
    pub(crate) async fn start(options: &Options) -> Self {
        Self::start_with(ServerOptions::new(&options.program).with(&["--engine", "store"])).await
    }

    /// Starts a server.
    pub(crate) async fn start_with(options: ServerOptions) -> Self {
        let server = TestServer::start(options).await;
        let session = server.sign_in().await;
        let cookie = session.header(&header::COOKIE).unwrap_or_default();
        let token = server.token("bench", "read,write");
        Self {
            cookie: cookie.to_owned(),
            client: server.client().with_token(&token),
            token,
            server,
        }
    }

    /// Adds registries and waits until nothing is left to be done for them.
    pub(crate) async fn add(&self, urls: &[String]) {
        for url in urls {
            let answer = self
                .client
                .post("/api/v1/registries", json!({ "url": url }))
                .await;
            assert!(
                answer.status == StatusCode::CREATED,
                "{url}: {}",
                answer.text()
            );
        }
        wait_until("the end of all jobs", async || {
            let metrics = self.client.get("/metrics").await.text();
            metrics.lines().any(|line| line == "quayside_jobs 0")
        })
        .await;
    }

    /// Host and port.
    pub(crate) fn address(&self) -> String {
        let port = self.server.origin().port().unwrap_or_default();
        format!("127.0.0.1:{port}")
    }

    /// What the browser of the signed-in person sends with every request.
    pub(crate) fn browser_fields(&self) -> [(&'static str, &str); 2] {
        [("cookie", &self.cookie), ("accept-encoding", "gzip")]
    }

    /// The value of the header field that carries the token.
    pub(crate) fn authorization(&self) -> String {
        format!("Bearer {}", self.token)
    }

    /// The process measured.
    pub(crate) fn process(&mut self) -> u32 {
        self.server.process().id()
    }
}
