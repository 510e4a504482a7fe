use http::{Method, StatusCode};
use serde_json::json;
use testkit::{ServerOptions, TestRegistry, TestServer, TestSite};

use crate::PROGRAM;

const PASSWORD: &str = "tide-table-90210";

#[tokio::test]
async fn no_secret_is_ever_told() {
    let options = ServerOptions::new(PROGRAM)
        .with(&["--engine", "none"])
        .with_environment("QUAYSIDE_LOG", "debug");
    let mut server = TestServer::start(options).await;
    let token = server.token("scripts", "write");
    let client = server.client().with_token(&token);
    let link = server.sign_in_link().await;
    let session = server.sign_in().await;
    let site = TestSite::files(TestRegistry::numbered("Harbour", 2).files()).await;
    let body = json!({"url": site.url(), "username": "harbour", "password": PASSWORD});
    let registry = client
        .post("/api/v1/registries", body)
        .await
        .expect(StatusCode::CREATED);
    let id = registry.json()["id"].as_str().unwrap().to_owned();
    client
        .post(&format!("/api/v1/registries/{id}/refresh"), json!({}))
        .await;

    let secret = link.split('#').nth(1).unwrap();
    let mut told = vec![("the answer".to_owned(), registry.text())];
    // Refusals repeat what was wrong, not what was secret.
    let site_url = site.url();
    let with_password = site_url.replace("//", &format!("//harbour:{PASSWORD}@"));
    for body in [
        json!({"url": site_url, "username": "harbour", "password": PASSWORD}),
        json!({"url": "http://127.0.0.1:9/", "username": "harbour", "password": PASSWORD}),
        json!({"url": format!("http://harbour:{PASSWORD}@127.0.0.1:9/"), "keep": true}),
        json!({"url": with_password}),
        json!({"url": [], "password": PASSWORD}),
        json!({"url": "http://127.0.0.1:9/", "password": {"is": PASSWORD}}),
    ] {
        let answer = client.post("/api/v1/registries", body.clone()).await;
        told.push(("an answer".to_owned(), answer.text()));
        let inspected = client.post("/api/v1/registries/inspect", body).await;
        told.push(("an inspection".to_owned(), inspected.text()));
    }
    let body = json!({"username": "harbour", "password": PASSWORD});
    let path = format!("/api/v1/registries/{id}");
    let changed = client.send(Method::PATCH, &path, Some(body)).await;
    told.push(("a change".to_owned(), changed.expect(StatusCode::OK).text()));
    let mut stream = session.open("/api/v1/events?last_event_id=1").await;
    let first = stream.chunk().await.unwrap().unwrap();
    let events = String::from_utf8_lossy(&first).into_owned();
    told.push(("an event".to_owned(), events));
    for path in [
        "/api/v1/registries".to_owned(),
        format!("/api/v1/registries/{id}"),
        "/api/v1/listings".to_owned(),
        "/api/v1/agents".to_owned(),
        "/api/v1/space".to_owned(),
        "/".to_owned(),
        "/registries".to_owned(),
        format!("/registries/{id}"),
        "/workspaces".to_owned(),
        "/agents".to_owned(),
        "/metrics".to_owned(),
        "/api/v1/openapi.json".to_owned(),
        "/api/v1/workspaces".to_owned(),
        "/registries/new".to_owned(),
        format!("/registries/{id}/remove"),
    ] {
        let page = session.get(&path).await.expect(StatusCode::OK);
        told.push((path, page.text()));
    }
    let log = server.process().errors();
    assert!(!log.is_empty());
    told.push(("the log".to_owned(), log));
    for (place, text) in &told {
        for hidden in [PASSWORD, &token, secret] {
            assert!(!text.contains(hidden), "{place} tells `{hidden}`");
        }
    }
    // Nor does the disk: what must be read back is sealed, what need not be is hashed.
    server.process().terminate().await;
    for entry in std::fs::read_dir(server.data()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        for hidden in [PASSWORD, &token, secret] {
            let found = bytes
                .windows(hidden.len())
                .any(|window| window == hidden.as_bytes());
            assert!(!found, "{} holds `{hidden}`", path.display());
        }
    }
}
