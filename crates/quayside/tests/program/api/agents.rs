//! The agent API, played by hand.

use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use testkit::{
    HttpServer, ImagePlan, Reply, TestClient, TestImage, TestListing, TestRegistry, wait_for,
};

use super::{Fixture, listing, with_registry};

/// A server that offers one image, and an agent whose words are ours.
struct Hand {
    fixture: Fixture,
    agent: TestClient,
    repository: String,
    image: TestImage,
    _images: HttpServer,
}

impl Hand {
    async fn new() -> Self {
        let image = ImagePlan::new(1, &[1_000]).build();
        let images = serve(image.clone()).await;
        let repository = format!("{}/notes", images.address());
        let offered = TestListing::new("Notes", &format!("{repository}:1.0"));
        let fixture = with_registry(TestRegistry::new("Harbour", [offered])).await;
        let token = fixture.server.token("dock", "agent");
        let agent = fixture.server.client().with_token(&token);
        let hand = Self {
            fixture,
            agent,
            repository,
            image,
            _images: images,
        };
        hand.observe(&[]).await;
        hand
    }

    /// Says that the engine holds these, each under repository and digest.
    async fn observe(&self, images: &[&str]) {
        let images: Vec<Value> = images
            .iter()
            .map(|name| json!({"references": [name], "digests": [], "size_bytes": 1000}))
            .collect();
        self.put(json!("1.0"), images).await;
    }

    async fn put(&self, version: Value, images: Vec<Value>) {
        let body = json!({
            "hostname": "dock",
            "engine": "docker",
            "version": version,
            "architecture": "amd64",
            "disk": null,
            "images": images,
        });
        let answer = self
            .agent
            .send(Method::PUT, "/api/agent/v1/observed", Some(body))
            .await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    }

    async fn desired(&self) -> Value {
        let answer = self.agent.get("/api/agent/v1/desired").await;
        answer.expect(StatusCode::OK).json()
    }

    async fn progress(&self, report: Value) {
        let answer = self.agent.post("/api/agent/v1/progress", report).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    }

    /// Asks for the workspace; gives its path and what the agent is told of it.
    async fn install(&self) -> (String, Value) {
        let id = listing(&self.fixture.client, "Notes").await;
        let answer = self
            .fixture
            .client
            .post("/api/v1/workspaces", json!({"listing": id}))
            .await;
        let workspace = answer.expect(StatusCode::ACCEPTED).json();
        let placement = wait_for("the placement", async || {
            self.desired().await["placements"].get(0).cloned()
        })
        .await;
        let path = format!("/api/v1/workspaces/{}", workspace["id"].as_str().unwrap());
        (path, placement)
    }

    /// Brings it, as far as the server is told.
    async fn bring(&self, placement: &Value) {
        self.progress(report(placement, "pulling", &json!({"bringing": true})))
            .await;
        self.observe(&[&self.held()]).await;
        self.progress(report(placement, "ready", &json!({"size_bytes": 1000})))
            .await;
    }

    /// Takes the workspace away; gives what the agent is told then.
    async fn uninstall(&self, path: &str) -> Value {
        let answer = self.fixture.client.send(Method::DELETE, path, None).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
        self.desired().await["placements"][0].clone()
    }

    /// The image as an engine names it.
    fn held(&self) -> String {
        format!("{}@{}", self.repository, self.image.digest())
    }

    async fn kept(&self) -> Value {
        let agents = self.fixture.client.get("/api/v1/agents").await;
        agents.expect(StatusCode::OK).json()["items"][0]["kept"].clone()
    }
}

/// Serves one image under every name and tag.
async fn serve(image: TestImage) -> HttpServer {
    HttpServer::start(move |request| {
        let blobs = [&image.top].into_iter();
        let blobs = blobs.chain(&image.manifests).chain(&image.configs);
        let mut found = blobs.filter(|blob| request.path.ends_with(blob.digest.as_str()));
        let found = found.next().unwrap_or(&image.top);
        let reply = Reply::new(StatusCode::OK, found.bytes.clone())
            .header(header::CONTENT_TYPE, found.media_type);
        Box::pin(async { reply })
    })
    .await
}

fn report(placement: &Value, state: &str, more: &Value) -> Value {
    let mut report = json!({
        "placement": placement["placement"],
        "attempt": placement["attempt"],
        "state": state,
    });
    for (name, value) in more.as_object().unwrap() {
        report[name] = value.clone();
    }
    report
}

#[tokio::test]
async fn it_is_told_which_image_stays_on_which_host_and_why() {
    let hand = Hand::new().await;
    let (path, placement) = hand.install().await;
    hand.bring(&placement).await;
    assert_eq!(hand.kept().await, json!([]));
    let placement = hand.uninstall(&path).await;
    let kept = json!({"reason": "container", "detail": "container web uses the image"});
    let gone = json!({"gone": true, "kept": kept});
    let mut events = hand.fixture.client.open("/api/v1/events").await;

    hand.progress(report(&placement, "removing", &gone)).await;

    let told = super::events::read_until(&mut events, |event| event["kind"] == "kept").await;
    for kept in [told.last().unwrap(), &hand.kept().await[0]] {
        assert_eq!(kept["agent_name"], "dock", "{kept}");
        assert_eq!(kept["workspace_name"], "Notes");
        assert_eq!(kept["image"], format!("{}:1.0", hand.repository));
        assert_eq!(kept["reason"], "container");
        assert_eq!(kept["detail"], "container web uses the image");
    }
    let gone = hand.fixture.client.get(&path).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    // An engine that does not answer says nothing; one without the image ends it.
    hand.put(Value::Null, Vec::new()).await;
    assert_eq!(hand.kept().await.as_array().unwrap().len(), 1);
    hand.observe(&[]).await;
    assert_eq!(hand.kept().await, json!([]));
}

#[tokio::test]
async fn what_is_no_longer_there_was_not_brought_any_more() {
    let hand = Hand::new().await;
    let (path, placement) = hand.install().await;
    hand.bring(&placement).await;
    let brought = async || hand.desired().await["brought"].clone();
    let ours = json!([{
        "repository": hand.repository,
        "digest": hand.image.digest(),
        "tags": ["1.0"],
    }]);
    assert_eq!(brought().await, ours);
    // Whoever wants it pulls it again.
    hand.observe(&[]).await;
    assert_eq!(brought().await, ours);

    let image = format!("{}-next:2.0", hand.repository);
    let changes = json!({"compatibility": [{"version": "1.17.x", "image": image}]});
    let body = Some(json!({"changes": changes}));
    let edited = hand.fixture.client.send(Method::PATCH, &path, body).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.text());
    wait_for("the other image", async || {
        let desired = hand.desired().await;
        let placement = desired["placements"].get(0)?.clone();
        assert_eq!(desired["brought"], ours);
        (placement["image"]["reference"] == image.as_str()).then_some(())
    })
    .await;
    assert_eq!(hand.desired().await["resolving"], 0);
    hand.observe(&[&hand.held()]).await;
    hand.put(Value::Null, Vec::new()).await;
    assert_eq!(brought().await, ours);
    hand.observe(&[]).await;
    assert_eq!(brought().await, json!([]));
}

#[tokio::test]
async fn absurd_sizes_are_bounded_and_old_or_foreign_words_ignored() {
    let hand = Hand::new().await;
    let (path, placement) = hand.install().await;
    let layer = |id: &str| json!({"id": id, "done": u64::MAX, "total": u64::MAX});
    let layers = json!({"layers": [layer("a"), layer("b")]});
    let pulling = report(&placement, "pulling", &layers);
    hand.progress(pulling.clone()).await;
    let state = async || {
        let workspace = hand.fixture.client.get(&path).await;
        workspace.expect(StatusCode::OK).json()
    };
    let shown = state().await;
    assert_eq!(shown["state"], "pulling");
    assert_eq!(shown["bytes_total"], u64::MAX);
    assert_eq!(shown["percent"], 99);

    let failed = json!({"cause": "no_space", "detail": "no room ".repeat(9_999)});
    let failed = report(&placement, "failed", &failed);
    let token = hand.fixture.server.token("other", "agent");
    let other = hand.fixture.server.client().with_token(&token);
    let answer = other.post("/api/agent/v1/progress", failed.clone()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(state().await["state"], "pulling", "another agent's word");
    hand.progress(failed).await;
    let shown = state().await;
    assert_eq!(shown["cause"], "no_space");
    let words = shown["placements"][0]["detail"].as_str().unwrap();
    assert_eq!(words.chars().count(), 2_001, "cut, with a sign of that");
    let retry = format!("{path}/retry");
    let retry = hand.fixture.client.post(&retry, json!({})).await;
    assert_eq!(retry.status, StatusCode::ACCEPTED);
    hand.progress(pulling).await;
    assert_eq!(state().await["state"], "waiting", "an older attempt");
}

#[tokio::test]
async fn only_what_is_to_go_can_be_gone() {
    let hand = Hand::new().await;
    let (path, placement) = hand.install().await;
    hand.bring(&placement).await;
    let kept = json!({"reason": "not_ours", "detail": "the image was on this host before"});
    for gone in [json!({"gone": true}), json!({"gone": true, "kept": kept})] {
        hand.progress(report(&placement, "removing", &gone)).await;
    }
    assert_eq!(hand.kept().await, json!([]));
    assert_eq!(hand.desired().await["brought"].as_array().unwrap().len(), 1);
    let workspace = hand.fixture.client.get(&path).await;
    assert_eq!(workspace.expect(StatusCode::OK).json()["state"], "ready");
}

#[tokio::test]
async fn what_waits_for_an_agent_can_be_forgotten() {
    let hand = Hand::new().await;
    let client = &hand.fixture.client;
    let (path, placement) = hand.install().await;
    hand.bring(&placement).await;
    let forget = format!("{path}?forget=true");
    let early = client.send(Method::DELETE, &forget, None).await;
    let problem = early.expect(StatusCode::CONFLICT).json();
    assert_eq!(problem["code"], "workspace-not-removing");
    hand.uninstall(&path).await;
    let workspace = client.get(&path).await.expect(StatusCode::OK).json();
    assert_eq!(workspace["state"], "removing");
    assert_eq!(workspace["placements"][0]["contact"], "online");

    let forgotten = client.send(Method::DELETE, &forget, None).await;

    assert_eq!(forgotten.status, StatusCode::NO_CONTENT);
    assert_eq!(client.get(&path).await.status, StatusCode::NOT_FOUND);
    // The agent is left to clear away what it holds.
    let desired = hand.desired().await;
    assert_eq!(desired["placements"], json!([]));
    assert_eq!(desired["brought"].as_array().unwrap().len(), 1);
    let again = client.send(Method::DELETE, &forget, None).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}
