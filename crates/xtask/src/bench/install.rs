//! Installs, as the server has them done, against the programs that people would use instead.

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{
    DEADLINE, ImagePlan, ServerOptions, TestDocker, TestImageRegistry, TestListing, TestRegistry,
    TestSite, wait_until,
};

use super::connection::Connection;
use super::percentiles::{Times, median};
use super::served::Served;
use super::{Figure, Options};

/// Between two looks at a workspace.
const PAUSE: Duration = Duration::from_millis(10);

/// An image that can be installed.
struct Offer {
    reference: String,
    site: TestSite,
    _images: TestImageRegistry,
}

pub(crate) async fn run(options: &Options) -> Vec<Figure> {
    let offer = Offer::new(options).await;

    let docker = TestDocker::start().await;
    let server = ServerOptions::new(&options.program)
        .with(&["--engine", "docker"])
        .with_environment("DOCKER_HOST", &docker.host());
    let ours = Installer::new(server, &offer).await;
    let pairs = Pairs::measure(options, &ours, async || {
        docker_pull(&docker, &offer.reference)
    });
    let mut figures = pairs.await.figures("Docker Engine", "docker pull", 1.05);
    drop((ours, docker));

    let server = ServerOptions::new(&options.program).with(&["--engine", "store"]);
    let ours = Installer::new(server, &offer).await;
    let pairs = Pairs::measure(options, &ours, async || skopeo_copy(&offer.reference));
    figures.extend(pairs.await.figures("built-in store", "skopeo copy", 0.6));
    figures
}

impl Offer {
    async fn new(options: &Options) -> Self {
        let images = TestImageRegistry::start().await;
        let plan = ImagePlan {
            packed: true,
            ..ImagePlan::new(7, &[options.size(100_000_000, 100_000); 5])
        };
        let reference = images.push("bench/layers", "1.0", &plan.build()).await;
        let listing = TestListing::new("Layers", &reference);
        let site = TestSite::files(TestRegistry::new("Bench", [listing]).files()).await;
        Self {
            reference,
            site,
            _images: images,
        }
    }
}

/// A server that installs the image.
struct Installer {
    served: Served,
    listing: String,
}

impl Installer {
    async fn new(server: ServerOptions, offer: &Offer) -> Self {
        let served = Served::start_with(server).await;
        served.add(&[offer.site.url()]).await;
        wait_until("the agent", async || {
            let agents = served.client.get("/api/v1/agents").await.json();
            agents["items"][0]["contact"] == "online"
        })
        .await;
        let listings = served.client.get("/api/v1/listings").await.json();
        let listing = listings["items"][0]["id"].as_str();
        Self {
            listing: listing.expect("the registry has a listing").to_owned(),
            served,
        }
    }

    /// Installs and gives the time from the request until the workspace is ready; then uninstalls.
    async fn install(&self) -> Duration {
        let authorization = self.served.authorization();
        let fields = [("authorization", authorization.as_str())];
        let connection = Connection::open(&self.served.address(), &fields).await;
        let mut connection = connection.expect("the server takes connections");
        let begin = Instant::now();
        let client = &self.served.client;
        let answer = client
            .post("/api/v1/workspaces", json!({"listing": self.listing}))
            .await
            .expect(StatusCode::ACCEPTED);
        let id = answer.json()["id"].as_str().unwrap_or_default().to_owned();
        let path = format!("/api/v1/workspaces/{id}");
        let taken = loop {
            let answer = connection.get(&path).await.expect("the server answers");
            let workspace: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            if workspace["state"] == "ready" {
                break begin.elapsed();
            }
            assert!(
                workspace["state"] != "failed" && begin.elapsed() < DEADLINE,
                "the workspace does not become ready: {workspace}"
            );
            tokio::time::sleep(PAUSE).await;
        };
        let _ = client
            .send(Method::DELETE, &path, None)
            .await
            .expect(StatusCode::ACCEPTED);
        wait_until("the end of the workspace", async || {
            client.get(&path).await.status == StatusCode::NOT_FOUND
        })
        .await;
        taken
    }
}

/// What both ways took, measured in turn.
#[derive(Default)]
struct Pairs {
    ours: Times,
    theirs: Times,
    ratios: Vec<f64>,
}

impl Pairs {
    async fn measure(
        options: &Options,
        installer: &Installer,
        theirs: impl AsyncFn() -> Duration,
    ) -> Self {
        let mut pairs = Self::default();
        // The first of each only warms up.
        for number in 0..=options.size(7, 1) {
            let (ours, theirs) = if number % 2 == 0 {
                let ours = settled(async || installer.install().await).await;
                (ours, settled(&theirs).await)
            } else {
                let theirs = settled(&theirs).await;
                (settled(async || installer.install().await).await, theirs)
            };
            if number > 0 {
                pairs.ours.add(ours);
                pairs.theirs.add(theirs);
                pairs.ratios.push(ours.as_secs_f64() / theirs.as_secs_f64());
            }
        }
        pairs
    }

    fn figures(&self, engine: &str, rival: &str, limit: f64) -> Vec<Figure> {
        vec![
            Figure::time(&format!("{engine}, median"), self.ours.median()),
            Figure::time(&format!("`{rival}`, median"), self.theirs.median()),
            Figure::ratio(
                &format!("{engine} / `{rival}`, median of the pairs"),
                median(&self.ratios),
            )
            .at_most(limit),
        ]
    }
}

/// Begins with a disk that has nothing left to write.
async fn settled(measure: impl AsyncFn() -> Duration) -> Duration {
    rustix::fs::sync();
    measure().await
}

fn docker_pull(docker: &TestDocker, reference: &str) -> Duration {
    let begin = Instant::now();
    docker.docker(&["pull", "--quiet", reference]);
    let taken = begin.elapsed();
    docker.docker(&["image", "rm", reference]);
    taken
}

/// Copies into a fresh layout and writes it through to the disk, as an install is.
fn skopeo_copy(reference: &str) -> Duration {
    let folder = tempfile::tempdir().expect("a folder for the copy");
    let layout = folder.path().join("layout");
    let begin = Instant::now();
    let output = Command::new("skopeo")
        .args([
            "--insecure-policy",
            "copy",
            "--quiet",
            "--src-tls-verify=false",
        ])
        .arg(format!("docker://{reference}"))
        .arg(format!("oci:{}:bench", layout.display()))
        .output()
        .expect("skopeo starts");
    assert!(
        output.status.success(),
        "skopeo: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    sync(&layout);
    begin.elapsed()
}

fn sync(path: &Path) {
    if path.is_dir() {
        for entry in path.read_dir().into_iter().flatten().flatten() {
            sync(&entry.path());
        }
    }
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
