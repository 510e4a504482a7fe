use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use server::Scope;
use testkit::{HttpServer, Reply, TestRegistry, wait_until};

use crate::bench::Bench;

/// A registry's site that can be told to be busy for two minutes, and how often its list was asked for.
struct Site {
    server: HttpServer,
    busy: Arc<Mutex<bool>>,
    asked: Arc<Mutex<usize>>,
}

impl Site {
    async fn new() -> Self {
        let files: BTreeMap<String, Bytes> = TestRegistry::numbered("Harbour", 2).files();
        let busy = Arc::new(Mutex::new(false));
        let asked = Arc::new(Mutex::new(0));
        let (is_busy, count) = (Arc::clone(&busy), Arc::clone(&asked));
        let server = HttpServer::start(move |request| {
            if request.path.ends_with("list.json") {
                *count.lock().unwrap() += 1;
            }
            let file = files.get(request.path.trim_start_matches('/'));
            let reply = match file {
                _ if *is_busy.lock().unwrap() => Reply::new(StatusCode::SERVICE_UNAVAILABLE, "")
                    .header(header::RETRY_AFTER, "120"),
                Some(bytes) => Reply::new(StatusCode::OK, bytes.clone()),
                None => Reply::new(StatusCode::NOT_FOUND, ""),
            };
            Box::pin(async { reply })
        })
        .await;
        Self {
            server,
            busy,
            asked,
        }
    }

    fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }
}

async fn add(bench: &Bench, token: &str, site: &Site) -> String {
    let body = json!({"url": format!("http://{}/", site.server.address())});
    let added = bench
        .call(Method::POST, "/api/v1/registries", token, body)
        .await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
    let id = added.json()["id"].as_str().unwrap().to_owned();
    format!("/api/v1/registries/{id}")
}

async fn refresh(bench: &Bench, token: &str, registry: &str) -> StatusCode {
    let path = format!("{registry}/refresh");
    let answer = bench.call(Method::POST, &path, token, Value::Null).await;
    answer.status
}

async fn health(bench: &Bench, token: &str, registry: &str) -> Value {
    bench.get(registry, token).await.json()["health"]["state"].clone()
}

#[tokio::test]
async fn a_registry_is_read_again_after_a_minute() {
    let bench = Bench::new().await;
    let token = bench.token(Scope::Write).await;
    let site = Site::new().await;
    let registry = add(&bench, &token, &site).await;
    let asked = site.asked();
    bench.app.clock.advance(Duration::from_secs(20));
    let path = format!("{registry}/refresh");
    let early = bench.call(Method::POST, &path, &token, Value::Null).await;
    assert_eq!(early.status, StatusCode::ACCEPTED);
    assert_eq!(early.headers[header::RETRY_AFTER], "40");
    assert_eq!(
        site.asked(),
        asked,
        "not within a minute of the first reading"
    );
    // What was asked for too early is done without being asked for again.
    bench.app.clock.advance(Duration::from_secs(41));
    wait_until("the next reading", async || site.asked() > asked).await;
    bench.end().await;
}

#[tokio::test]
async fn a_busy_registry_is_left_alone_as_long_as_it_asks_and_keeps_its_copy() {
    let bench = Bench::new().await;
    let token = bench.token(Scope::Write).await;
    let site = Site::new().await;
    let registry = add(&bench, &token, &site).await;
    *site.busy.lock().unwrap() = true;
    bench.app.clock.advance(Duration::from_secs(61));
    refresh(&bench, &token, &registry).await;
    wait_until("the failure", async || {
        health(&bench, &token, &registry).await == "failing"
    })
    .await;
    let listings = bench.get("/api/v1/listings", &token).await.json();
    assert_eq!(listings["total"], 2, "the last good copy stays");

    bench.app.clock.advance(Duration::from_secs(61));
    let asked = site.asked();
    let path = format!("{registry}/refresh");
    let early = bench.call(Method::POST, &path, &token, Value::Null).await;
    assert_eq!(early.status, StatusCode::TOO_MANY_REQUESTS);
    let wait = early.headers[header::RETRY_AFTER].to_str().unwrap();
    assert!((1..=60).contains(&wait.parse::<u64>().unwrap()), "{wait}");
    assert_eq!(site.asked(), asked);

    *site.busy.lock().unwrap() = false;
    bench.app.clock.advance(Duration::from_secs(61));
    assert_eq!(
        refresh(&bench, &token, &registry).await,
        StatusCode::ACCEPTED
    );
    wait_until("the recovery", async || {
        health(&bench, &token, &registry).await == "ok"
    })
    .await;
    bench.end().await;
}

#[tokio::test]
async fn opening_the_page_reads_registries_with_automatic_updates_once_a_minute() {
    let bench = Bench::new().await;
    let token = bench.token(Scope::Write).await;
    let (followed, left) = (Site::new().await, Site::new().await);
    let registry = add(&bench, &token, &followed).await;
    add(&bench, &token, &left).await;
    let on = json!({"automatic_updates": true});
    let changed = bench.call(Method::PATCH, &registry, &token, on).await;
    assert_eq!(changed.status, StatusCode::OK);
    let cookie = bench.sign_in().await;
    let attempted = async || bench.get(&registry, &token).await.json()["attempted_at"].clone();
    let first = attempted().await;
    let (asked, untouched) = (followed.asked(), left.asked());

    bench.open("/", &cookie).await;
    bench.app.clock.advance(Duration::from_secs(61));
    bench.open("/workspaces", &cookie).await;
    assert_eq!(followed.asked(), asked, "too early, or another page");

    for _ in 0..3 {
        bench.open("/", &cookie).await;
    }
    wait_until("the reading", async || followed.asked() > asked).await;
    bench.open("/", &cookie).await;
    wait_until("its end", async || attempted().await != first).await;
    assert_eq!(followed.asked(), asked + 1, "once, whoever looks");

    bench.app.clock.advance(Duration::from_secs(61));
    bench.open("/", &cookie).await;
    wait_until("the next reading", async || followed.asked() > asked + 1).await;
    assert_eq!(left.asked(), untouched, "Update now alone");
    bench.end().await;
}
