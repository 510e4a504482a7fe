//! The API, version 1, as programs rely on it.

mod access;
mod agents;
mod crawl;
mod definition;
mod described;
mod events;
mod images;
mod listings;
mod registries;
mod secrets;
mod workspaces;

use http::StatusCode;
use serde_json::{Value, json};
use testkit::{ServerOptions, TestClient, TestRegistry, TestServer, TestSite};

use crate::PROGRAM;

/// A server without an engine, a client that may write, and a registry that was added.
struct Fixture {
    server: TestServer,
    client: TestClient,
    site: TestSite,
    registry: Value,
}

async fn server() -> TestServer {
    TestServer::start(ServerOptions::new(PROGRAM).with(&["--engine", "none"])).await
}

async fn with_registry(registry: TestRegistry) -> Fixture {
    let server = server().await;
    let client = server.with_token("write");
    let site = TestSite::files(registry.files()).await;
    let added = client
        .post("/api/v1/registries", json!({"url": site.url()}))
        .await
        .expect(StatusCode::CREATED);
    Fixture {
        registry: added.json(),
        server,
        client,
        site,
    }
}

/// The names in a list of listings, workspaces or registries, in order.
fn names(list: &Value, property: &str) -> Vec<String> {
    let items = list["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item[property].as_str().unwrap().to_owned())
        .collect()
}

/// The id of the only listing with this name.
async fn listing(client: &TestClient, name: &str) -> String {
    let page = client
        .get("/api/v1/listings?per_page=200")
        .await
        .expect(StatusCode::OK)
        .json();
    let items = page["items"].as_array().unwrap();
    let found = items
        .iter()
        .find(|item| item["friendly_name"] == name)
        .unwrap();
    found["id"].as_str().unwrap().to_owned()
}
