//! What a kill of the server, of an agent or of an engine interrupts goes on by itself.
//!
//! Each test brings a placement into one state, with an answer of the image registry held at a byte where that
//! matters, kills one of the three there, starts it again, and looks at what has become of everything.

use std::fs;
use std::path::Path;

use http::{Method, StatusCode};
use model::Digest;
use serde_json::{Value, json};
use testkit::{
    AgentOptions, GatedRegistry, ImagePlan, ServerOptions, TestAgent, TestClient, TestDocker,
    TestImage, TestImageRegistry, TestListing, TestRegistry, TestServer, TestSite, wait_for,
    wait_until,
};

use crate::PROGRAM;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Victim {
    Server,
    Agent,
    /// Docker: the built-in store lives and dies with its agent.
    Engine,
}

struct Stage {
    victim: Victim,
    gate: GatedRegistry,
    image: TestImage,
    server: TestServer,
    agent: TestAgent,
    docker: Option<TestDocker>,
    client: TestClient,
    listing: String,
    _images: TestImageRegistry,
    _site: TestSite,
}

impl Stage {
    async fn new(victim: Victim) -> Self {
        let images = TestImageRegistry::start().await;
        let image = ImagePlan::new(victim as u64, &[400_000, 300_000, 200_000]).build();
        images.push("harbour/notes", "1.0", &image).await;
        let gate = GatedRegistry::start(images.address()).await;
        let reference = format!("{}/harbour/notes:1.0", gate.address());
        let offered = TestRegistry::new("Harbour", [TestListing::new("Notes", &reference)]);
        let site = TestSite::files(offered.files()).await;

        let server =
            TestServer::start(ServerOptions::new(PROGRAM).with(&["--engine", "none"])).await;
        let docker = match victim {
            Victim::Engine => Some(TestDocker::start().await),
            Victim::Server | Victim::Agent => None,
        };
        let options = match &docker {
            Some(docker) => AgentOptions::with_docker(PROGRAM, "dock", &docker.host()),
            None => AgentOptions::with_store(PROGRAM, "dock"),
        };
        let agent = TestAgent::start(options, &server);
        let client = server.with_token("write");
        wait_until("the agent", async || {
            let agents = client.get("/api/v1/agents").await.json();
            let architecture = &agents["items"][0]["architecture"];
            architecture
                .as_str()
                .is_some_and(|architecture| !architecture.is_empty())
        })
        .await;
        let _registry = client
            .post("/api/v1/registries", json!({"url": site.url()}))
            .await
            .expect(StatusCode::CREATED);
        let listings = client.get("/api/v1/listings").await.json();
        let listing = listings["items"][0]["id"].as_str().unwrap().to_owned();
        Self {
            victim,
            gate,
            image,
            server,
            agent,
            docker,
            client,
            listing,
            _images: images,
            _site: site,
        }
    }

    /// Asks for the workspace and gives its path.
    async fn install(&self) -> String {
        let answer = self
            .client
            .post("/api/v1/workspaces", json!({"listing": self.listing}))
            .await;
        let workspace = answer.expect(StatusCode::ACCEPTED).json();
        format!("/api/v1/workspaces/{}", workspace["id"].as_str().unwrap())
    }

    /// The only placement, while there is one.
    async fn placement(&self, path: &str) -> Option<Value> {
        let workspace = self.client.get(path).await;
        if workspace.status != StatusCode::OK {
            return None;
        }
        workspace.json()["placements"].get(0).cloned()
    }

    async fn wait_for_state(&self, path: &str, state: &str) -> Value {
        wait_for(&format!("state {state}"), async || {
            self.placement(path)
                .await
                .filter(|placement| placement["state"] == state)
        })
        .await
    }

    /// Kills at once.
    fn kill(&mut self) {
        match self.victim {
            Victim::Server => self.server.kill(),
            Victim::Agent => self.agent.kill(),
            Victim::Engine => self.docker.as_mut().unwrap().kill(),
        }
    }

    async fn restart(&mut self) {
        match self.victim {
            Victim::Server => self.server.restart().await,
            Victim::Agent => self.agent.restart(),
            Victim::Engine => self.docker.as_mut().unwrap().restart().await,
        }
    }

    /// Waits until the agent has reported to the server anew, twice, so that a report under way does not count.
    async fn wait_for_reports(&self) {
        for _ in 0..2 {
            let contact = async || {
                self.client.get("/api/v1/agents").await.json()["items"][0]["last_contact_at"]
                    .clone()
            };
            let before = contact().await;
            wait_until("a report of the agent", async || contact().await != before).await;
        }
    }

    fn blobs(&self) -> Vec<Digest> {
        self.image
            .layers
            .iter()
            .map(|layer| layer.digest.clone())
            .collect()
    }

    /// The image is there whole, each layer came at most once more than needed, nothing half-done is left.
    fn assert_installed(&self) {
        for layer in self.blobs() {
            let fetches = self.gate.fetches_of(&layer);
            assert!((1..=2).contains(&fetches.len()), "{layer}: {fetches:?}");
        }
        if let Some(docker) = &self.docker {
            assert_eq!(docker.images().len(), 1, "{:?}", docker.images());
            assert_eq!(names(&docker.data().join("tmp")), Vec::<String>::new());
        } else {
            let blobs = names(&self.agent.data().join("images/blobs/sha256"));
            for layer in self.blobs() {
                assert!(
                    blobs.contains(&layer.hex().to_owned()),
                    "{layer} is missing"
                );
            }
            assert_eq!(half_done(&self.agent.data()), Vec::<String>::new());
        }
    }

    /// Nothing of the image is left, or will be.
    async fn assert_removed(&self) {
        wait_until("the last of the image to go", async || {
            if let Some(docker) = &self.docker {
                docker.images().is_empty() && names(&docker.data().join("tmp")).is_empty()
            } else {
                let images = self.agent.data().join("images");
                names(&images.join("blobs/sha256")).is_empty()
                    && half_done(&self.agent.data()).is_empty()
            }
        })
        .await;
    }
}

/// The names in a folder; none if there is no such folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// What is being written in the built-in store, or was.
fn half_done(data: &Path) -> Vec<String> {
    let ingest = data.join("images/.ingest");
    let mut found = Vec::new();
    for name in names(&ingest) {
        let path = ingest.join(&name);
        if path.is_dir() {
            found.extend(
                names(&path)
                    .into_iter()
                    .map(|inner| format!("{name}/{inner}")),
            );
        } else {
            found.push(name);
        }
    }
    found
}

async fn while_waiting(victim: Victim) {
    let mut stage = Stage::new(victim).await;
    let hold = stage.gate.hold("/manifests/", 0);
    let path = stage.install().await;
    hold.reached().await;
    stage.wait_for_state(&path, "waiting").await;

    stage.kill();
    hold.release();
    stage.restart().await;

    stage.wait_for_state(&path, "ready").await;
    stage.assert_installed();
}

async fn while_pulling(victim: Victim) {
    let mut stage = Stage::new(victim).await;
    let hold = stage
        .gate
        .hold(&format!("/blobs/{}", stage.image.layers[0].digest), 150_000);
    let path = stage.install().await;
    hold.reached().await;
    stage.wait_for_state(&path, "pulling").await;

    stage.kill();
    hold.release();
    stage.restart().await;

    stage.wait_for_state(&path, "ready").await;
    stage.assert_installed();
}

async fn while_ready(victim: Victim) {
    let mut stage = Stage::new(victim).await;
    let path = stage.install().await;
    stage.wait_for_state(&path, "ready").await;
    let fetches = stage.gate.fetches().len();

    stage.kill();
    stage.restart().await;

    stage.wait_for_reports().await;
    stage.wait_for_state(&path, "ready").await;
    stage.assert_installed();
    assert_eq!(
        stage.gate.fetches().len(),
        fetches,
        "what is there is not asked for again"
    );
}

async fn while_failed(victim: Victim) {
    let mut stage = Stage::new(victim).await;
    stage.gate.fail(
        &format!("/blobs/{}", stage.image.layers[0].digest),
        StatusCode::NOT_FOUND,
    );
    let path = stage.install().await;
    let failed = stage.wait_for_state(&path, "failed").await;
    assert!(failed["cause"].is_string(), "{failed}");

    stage.kill();
    stage.restart().await;

    stage.wait_for_reports().await;
    let still = stage.wait_for_state(&path, "failed").await;
    assert_eq!(still["cause"], failed["cause"]);
    stage.gate.heal();
    let retried = stage.client.post(&format!("{path}/retry"), json!({})).await;
    assert_eq!(retried.status, StatusCode::ACCEPTED);
    stage.wait_for_state(&path, "ready").await;
}

async fn while_removing(victim: Victim) {
    let mut stage = Stage::new(victim).await;
    let hold = stage
        .gate
        .hold(&format!("/blobs/{}", stage.image.layers[0].digest), 150_000);
    let path = stage.install().await;
    hold.reached().await;
    stage.wait_for_state(&path, "pulling").await;
    // The agent must not get to know before the kill.
    stage.agent.process().pause();
    let removed = stage.client.send(Method::DELETE, &path, None).await;
    assert_eq!(removed.status, StatusCode::ACCEPTED);
    stage.wait_for_state(&path, "removing").await;

    stage.kill();
    hold.release();
    stage.restart().await;
    stage.agent.process().resume();

    wait_until("the workspace to go", async || {
        stage.client.get(&path).await.status == StatusCode::NOT_FOUND
    })
    .await;
    stage.assert_removed().await;
}

macro_rules! each_victim {
    ($($state:ident),*) => {
        $(
            mod $state {
                use super::Victim;

                #[tokio::test]
                async fn the_server_is_killed() {
                    super::$state(Victim::Server).await;
                }

                #[tokio::test]
                async fn the_agent_is_killed() {
                    super::$state(Victim::Agent).await;
                }

                #[tokio::test]
                async fn the_engine_is_killed() {
                    super::$state(Victim::Engine).await;
                }
            }
        )*
    };
}

each_victim!(
    while_waiting,
    while_pulling,
    while_ready,
    while_failed,
    while_removing
);
