use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use server::Scope;

use crate::bench::Bench;

async fn observe(bench: &Bench, token: &str) {
    let body = json!({
        "hostname": "dock",
        "engine": "store",
        "version": "1.0",
        "architecture": "amd64",
        "disk": null,
        "images": [],
    });
    let path = "/api/agent/v1/observed";
    let answer = bench.call(Method::PUT, path, token, body).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
}

async fn contact(bench: &Bench, token: &str) -> Value {
    let agents = bench.get("/api/v1/agents", token).await.json();
    agents["items"][0]["contact"].clone()
}

#[tokio::test]
async fn an_agent_is_late_after_half_a_minute_and_offline_after_one() {
    let bench = Bench::new().await;
    let agent = bench.token(Scope::Agent).await;
    let reader = bench.token(Scope::Read).await;
    observe(&bench, &agent).await;
    assert_eq!(contact(&bench, &reader).await, "online");
    bench.app.clock.advance(Duration::from_secs(31));
    assert_eq!(contact(&bench, &reader).await, "late");
    bench.app.clock.advance(Duration::from_secs(30));
    assert_eq!(contact(&bench, &reader).await, "offline");
    observe(&bench, &agent).await;
    assert_eq!(contact(&bench, &reader).await, "online");
    bench.end().await;
}

#[tokio::test]
async fn a_poll_that_is_held_counts_as_heard_of() {
    let bench = Bench::new().await;
    let agent = bench.token(Scope::Agent).await;
    let reader = bench.token(Scope::Read).await;
    observe(&bench, &agent).await;
    bench.app.clock.advance(Duration::from_mins(2));
    let desired = bench.get("/api/agent/v1/desired", &agent).await;
    assert_eq!(desired.status, StatusCode::OK);
    assert_eq!(contact(&bench, &reader).await, "online");
    bench.end().await;
}
