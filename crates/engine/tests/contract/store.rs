use async_trait::async_trait;
use engine::{Cause, Engine, PinnedImage, StoreEngine, host_architecture};
use images::{ImageRegistry, Layout, Options};
use model::{Digest, ImageReference};
use outbound::{Client, ClientConfig, Reach};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::contract;
use crate::fixture::{Fixture, brought};
use crate::image::Built;
use crate::server::Server;

struct Store {
    engine: StoreEngine,
    server: Server,
    _folder: TempDir,
}

async fn store() -> Store {
    outbound::install_crypto_provider();
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(ClientConfig::default()).unwrap();
    let options = Options {
        attempts: 1,
        ..Options::default()
    };
    let registry = ImageRegistry::new(client, options).with_reach(Reach::Typed);
    let layout = Layout::open(folder.path()).unwrap();
    Store {
        engine: StoreEngine::new(layout, registry, host_architecture()),
        server: Server::start().await,
        _folder: folder,
    }
}

impl Store {
    fn reference(&self, repository: &str, tag: &str) -> ImageReference {
        ImageReference::parse(&format!("{}/{repository}:{tag}", self.server.host)).unwrap()
    }
}

#[async_trait]
impl Fixture for Store {
    fn engine(&self) -> &dyn Engine {
        &self.engine
    }

    fn mark(&self) -> &'static str {
        "store"
    }

    async fn publish(&self, repository: &str, tag: &str, image: &Built) -> PinnedImage {
        self.server.offer(repository, tag, image);
        PinnedImage {
            reference: self.reference(repository, tag),
            digest: image.top.digest.clone(),
        }
    }

    fn missing(&self, repository: &str) -> PinnedImage {
        PinnedImage {
            reference: self.reference(repository, "1.0"),
            digest: Digest::from_sha256(&[7; 32]),
        }
    }
}

contract!(store().await);

#[tokio::test]
async fn an_image_registry_that_is_down_has_timed_out() {
    let fixture = store().await;
    let image = PinnedImage {
        reference: ImageReference::parse("127.0.0.1:1/tool:1.0").unwrap(),
        digest: Digest::from_sha256(&[7; 32]),
    };
    let ours = brought(&[&image]);
    let pulled = fixture
        .engine
        .pull(&image, &ours, &|_| {}, CancellationToken::new())
        .await;
    assert_eq!(pulled.unwrap_err().cause, Cause::TimedOut);
}
