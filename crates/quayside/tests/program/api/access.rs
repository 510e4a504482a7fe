use http::{HeaderName, Method, StatusCode, header};
use serde_json::json;
use testkit::{ServerOptions, TestRegistry, TestServer};

use super::{server, with_registry};
use crate::PROGRAM;

#[tokio::test]
async fn tokens_do_what_their_scopes_say() {
    let server = server().await;
    let anonymous = server.client();
    let read = server.with_token("read");
    let write = server.with_token("write");
    let agent = server.with_token("agent");
    let body = || json!({"url": "http://127.0.0.1:9/"});

    let refused = anonymous.get("/api/v1/registries").await;
    assert_eq!(
        refused.expect(StatusCode::UNAUTHORIZED).json()["code"],
        "sign-in-needed"
    );
    let refused = anonymous
        .clone()
        .with_token("no such token")
        .get("/api/v1/registries")
        .await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(read.get("/api/v1/registries").await.status, StatusCode::OK);
    let refused = read.post("/api/v1/registries", body()).await;
    assert_eq!(
        refused.expect(StatusCode::FORBIDDEN).json()["code"],
        "scope-missing"
    );
    // Allowed, and then told that nothing answers there.
    let tried = write.post("/api/v1/registries", body()).await;
    assert_eq!(tried.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        agent.get("/api/v1/registries").await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        agent.get("/api/agent/v1/desired").await.status,
        StatusCode::OK
    );
    for client in [&read, &write] {
        assert_eq!(
            client.get("/api/agent/v1/desired").await.status,
            StatusCode::FORBIDDEN
        );
    }
    assert_eq!(
        anonymous.get("/api/agent/v1/desired").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_sign_in_link_works_once() {
    let server = server().await;
    let link = server.sign_in_link().await;
    let (_, first) = server.use_link(&link).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let (_, again) = server.use_link(&link).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn cookies_are_for_this_host_over_tls_alone() {
    let options = ServerOptions::new(PROGRAM).with(&["--engine", "none"]);
    let public = options
        .clone()
        .with(&["--public-url", "https://quayside.example"]);
    for (options, host, name, secure) in [
        (options, None, "quayside-visitor=", false),
        (
            public,
            Some("quayside.example"),
            "__Host-quayside-visitor=",
            true,
        ),
    ] {
        let server = TestServer::start(options).await;
        let client = match host {
            Some(host) => server.client().with(header::HOST, host),
            None => server.client(),
        };
        let page = client.get("/sign-in").await.expect(StatusCode::OK);
        let cookie = page.header(header::SET_COOKIE).unwrap();
        assert!(cookie.starts_with(name), "{cookie}");
        let parts: Vec<&str> = cookie.split("; ").skip(1).collect();
        for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(parts.contains(&part), "{cookie}");
        }
        assert_eq!(parts.contains(&"Secure"), secure, "{cookie}");
    }
}

#[tokio::test]
async fn changes_of_a_session_need_its_token_and_its_origin() {
    let server = server().await;
    let session = server.sign_in().await;
    let token = HeaderName::from_static("x-csrf-token");
    let body = || json!({"url": "http://127.0.0.1:9/"});
    let post =
        async |client: &testkit::TestClient| client.post("/api/v1/registries", body()).await.status;
    assert_eq!(
        session.get("/api/v1/registries").await.status,
        StatusCode::OK
    );
    assert_eq!(post(&session).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        post(&session.clone().without(&token)).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        post(&session.clone().with(token, "guessed")).await,
        StatusCode::FORBIDDEN
    );
    let elsewhere = session
        .clone()
        .with(header::ORIGIN, "https://elsewhere.example");
    assert_eq!(post(&elsewhere).await, StatusCode::FORBIDDEN);
    let own = server.origin().origin().ascii_serialization();
    let own = session.clone().with(header::ORIGIN, &own);
    assert_eq!(post(&own).await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn other_host_names_are_misdirected() {
    let server = server().await;
    let rebound = server
        .with_token("read")
        .with(header::HOST, "rebound.example");
    for path in ["/", "/api/v1/registries", "/sign-in"] {
        assert_eq!(
            rebound.get(path).await.status,
            StatusCode::MISDIRECTED_REQUEST,
            "{path}"
        );
    }
    assert_eq!(rebound.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_answer_has_the_headers_that_protect_it() {
    let fixture = with_registry(TestRegistry::numbered("Harbour", 1)).await;
    let session = fixture.server.sign_in().await;
    for path in [
        "/",
        "/sign-in",
        "/workspaces",
        "/nothing",
        "/api/v1/listings",
        "/api/v1/nothing",
        "/healthz",
    ] {
        let answer = session.get(path).await;
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'self'"), "{path}: {policy}");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(
            answer.header("referrer-policy"),
            Some("same-origin"),
            "{path}"
        );
    }
    let health = fixture.server.client().get("/healthz").await;
    assert_eq!(health.text().trim(), "ok");
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems() {
    let server = server().await;
    let client = server.with_token("write");
    let missing = client
        .get("/api/v1/nothing")
        .await
        .expect(StatusCode::NOT_FOUND);
    assert_eq!(
        missing.header(header::CONTENT_TYPE),
        Some("application/problem+json")
    );
    let refused = client
        .send(Method::PUT, "/api/v1/registries", Some(json!({})))
        .await;
    assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED);
    let malformed = client
        .post("/api/v1/registries", json!({"address": "x"}))
        .await;
    assert!(malformed.status.is_client_error(), "{}", malformed.status);
    let wrong = client.get("/api/v1/registries/not-an-id").await;
    assert!(wrong.status.is_client_error(), "{}", wrong.status);
}

#[tokio::test]
async fn the_api_describes_itself() {
    let server = server().await;
    let document = server.with_token("read").get("/api/v1/openapi.json").await;
    let document = document.expect(StatusCode::OK).json();
    for path in [
        "/api/v1/registries",
        "/api/v1/listings",
        "/api/v1/workspaces",
        "/api/v1/agents",
        "/api/v1/space",
    ] {
        assert!(document["paths"].get(path).is_some(), "{path}");
    }
}

#[tokio::test]
async fn measurements_are_for_this_machine_or_those_who_may() {
    let server = server().await;
    let forwarded = HeaderName::from_static("x-forwarded-for");
    let local = server.client();
    assert_eq!(local.get("/metrics").await.status, StatusCode::OK);
    let proxied = local.with(forwarded.clone(), "198.51.100.7");
    let refused = proxied
        .get("/metrics")
        .await
        .expect(StatusCode::UNAUTHORIZED);
    assert_eq!(refused.header(header::WWW_AUTHENTICATE), Some("Bearer"));
    let reader = server
        .with_token("write")
        .with(forwarded.clone(), "198.51.100.7");
    let refused = reader.get("/metrics").await.expect(StatusCode::FORBIDDEN);
    assert_eq!(refused.json()["code"], "scope-missing");
    let allowed = server.with_token("metrics").with(forwarded, "198.51.100.7");
    assert_eq!(allowed.get("/metrics").await.status, StatusCode::OK);
}
