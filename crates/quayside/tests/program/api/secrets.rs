use http::StatusCode;
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
