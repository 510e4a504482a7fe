use std::sync::Arc;

use agent::AgentConfig;
use engine::{Cause, EngineError, MemoryEngine, Offer, PinnedImage};
use model::{Digest, ImageReference};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::server::FakeServer;

/// A server, an engine, and an agent between them once it is started.
pub(crate) struct Bench {
    pub(crate) server: Arc<FakeServer>,
    pub(crate) engine: Arc<MemoryEngine>,
    running: Option<(JoinHandle<()>, CancellationToken)>,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            server: Arc::new(FakeServer::new()),
            engine: Arc::new(MemoryEngine::new("amd64")),
            running: None,
        }
    }

    /// As [`Self::new`], with an agent running.
    pub(crate) fn started() -> Self {
        let mut bench = Self::new();
        bench.start();
        bench
    }

    pub(crate) fn start(&mut self) {
        let shutdown = CancellationToken::new();
        let config = AgentConfig {
            hostname: "docker-1".to_owned(),
            instance: "a1".to_owned(),
            server: None,
        };
        let agent = agent::run(
            config,
            Arc::clone(&self.server) as Arc<dyn agent::Connection>,
            Arc::clone(&self.engine) as Arc<dyn engine::Engine>,
            shutdown.clone(),
        );
        self.running = Some((tokio::spawn(agent), shutdown));
    }

    /// Cuts the agent off where it is, as a kill would.
    pub(crate) async fn kill(&mut self) {
        let (task, _) = self.running.take().unwrap();
        task.abort();
        assert!(task.await.is_err());
    }

    /// Ends the agent as a signal would.
    pub(crate) async fn stop(&mut self) {
        let (task, shutdown) = self.running.take().unwrap();
        shutdown.cancel();
        task.await.unwrap();
    }

    /// Offers an image in two layers for amd64 and arm64.
    pub(crate) fn offer(&self, reference: &str, number: u8) -> PinnedImage {
        let offer = Offer::usual(ImageReference::parse(reference).unwrap(), digest(number));
        let image = offer.image.clone();
        self.engine.offer(offer);
        image
    }
}

pub(crate) fn digest(number: u8) -> Digest {
    Digest::from_sha256(&[number; 32])
}

pub(crate) fn unreachable() -> EngineError {
    EngineError::new(Cause::EngineUnreachable, "nobody is at home")
}
