//! The image endpoint of a server.

use data_encoding::BASE64;
use http::{Method, StatusCode, header};
use testkit::{ServerOptions, TestClient, TestServer};

use crate::PROGRAM;

async fn server(who: &str) -> TestServer {
    let options = ["--engine", "store", "--serve-images", who];
    TestServer::start(ServerOptions::new(PROGRAM).with(&options)).await
}

/// A client that sends what `docker login` does.
fn logged_in(server: &TestServer, password: &str) -> TestClient {
    let pair = BASE64.encode(format!("anybody:{password}").as_bytes());
    let value = format!("Basic {pair}");
    server.client().with(header::AUTHORIZATION, &value)
}

#[tokio::test]
async fn images_are_for_tokens_of_their_scope() {
    let server = server("token").await;
    let refused = server.client().get("/v2/").await;
    let refused = refused.expect(StatusCode::UNAUTHORIZED);
    let challenge = refused.header(header::WWW_AUTHENTICATE).unwrap();
    assert!(challenge.starts_with("Basic realm="), "{challenge}");
    for wrong in ["nonsense", &server.token("scripts", "write")] {
        let refused = logged_in(&server, wrong).get("/v2/").await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    }
    let token = server.token("puller", "images:read");
    let puller = logged_in(&server, &token);
    assert_eq!(puller.get("/v2/").await.status, StatusCode::OK);
    let missing = puller.get("/v2/notes/manifests/1.0").await;
    assert_eq!(
        missing.expect(StatusCode::NOT_FOUND).json()["errors"][0]["code"],
        "NAME_UNKNOWN"
    );
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let refused = puller.send(method, "/v2/notes/manifests/1.0", None).await;
        assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED);
    }
    // The token is for images alone.
    let bearer = server.client().with_token(&token);
    let refused = bearer.get("/api/v1/registries").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn images_are_open_only_where_that_was_said() {
    let open = server("anonymous").await;
    assert_eq!(open.client().get("/v2/").await.status, StatusCode::OK);
    let none = super::server().await;
    assert_eq!(
        none.client().get("/v2/").await.status,
        StatusCode::NOT_FOUND
    );
}
