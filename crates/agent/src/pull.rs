use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use api::LayerProgress;
use engine::{Brought, Engine, EngineError, PinnedImage, Pulled};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::convert;
use crate::plan::ImageKey;

/// How often progress is passed on.
const EVERY: Duration = Duration::from_millis(500);

/// A pull as it was planned.
pub(crate) struct PullTask {
    pub(crate) key: ImageKey,
    /// One for each tag to leave.
    pub(crate) images: Vec<PinnedImage>,
    /// Whether the image was here when it was planned, so that only its tags are in question.
    pub(crate) held: bool,
    pub(crate) brought: Brought,
    pub(crate) cancel: CancellationToken,
    pub(crate) told: mpsc::Sender<PullNews>,
}

/// What a pull says while it runs.
#[derive(Debug)]
pub(crate) struct PullNews {
    pub(crate) key: ImageKey,
    pub(crate) kind: PullNewsKind,
}

#[derive(Debug)]
pub(crate) enum PullNewsKind {
    /// It is its turn and the image is not here. It goes on once the server knows: until then
    /// nobody could tell later that we brought the image.
    Begins(oneshot::Sender<()>),
    /// Layers have changed.
    Layers(Vec<LayerProgress>),
}

/// How a pull ended.
#[derive(Debug)]
pub(crate) enum PullEnd {
    /// The image is here and tagged.
    Here(Pulled),
    /// The engine could not.
    Failed(EngineError),
    /// Nobody wants it any more.
    Cancelled,
    /// The server did not take the report without which a pull must not begin.
    Unacknowledged,
}

impl PullTask {
    /// Brings the image, in its turn.
    pub(crate) async fn run(mut self, engine: Arc<dyn Engine>, turns: Arc<Semaphore>) -> PullEnd {
        let cancel = self.cancel.clone();
        let end = if self.held {
            self.pull(&engine).await
        } else {
            let turn = tokio::select! {
                biased;
                () = cancel.cancelled() => return PullEnd::Cancelled,
                turn = turns.acquire_owned() => turn,
            };
            if let Err(end) = self.begin(&engine).await {
                return end;
            }
            let end = self.pull(&engine).await;
            drop(turn);
            end
        };
        match end {
            Ok(pulled) => PullEnd::Here(pulled),
            Err(_) if cancel.is_cancelled() => PullEnd::Cancelled,
            Err(error) => PullEnd::Failed(error),
        }
    }

    /// Says that it begins, if the image is not here by now.
    async fn begin(&mut self, engine: &Arc<dyn Engine>) -> Result<(), PullEnd> {
        let Some(image) = self.images.first() else {
            return Err(PullEnd::Cancelled);
        };
        if engine.holds(image).await.map_err(PullEnd::Failed)? {
            return Ok(());
        }
        let (sender, known) = oneshot::channel();
        self.tell(PullNewsKind::Begins(sender)).await;
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(PullEnd::Cancelled),
            known = known => match known {
                Ok(()) => {
                    let ImageKey { repository, digest } = self.key.clone();
                    self.brought.insert(repository, digest);
                    Ok(())
                }
                Err(_) => Err(PullEnd::Unacknowledged),
            },
        }
    }

    async fn pull(&self, engine: &Arc<dyn Engine>) -> Result<Pulled, EngineError> {
        let mut pulled = Pulled { size_bytes: 0 };
        for image in &self.images {
            let layers = Layers::default();
            let progress = |layer| layers.take(layer);
            let work = engine.pull(image, &self.brought, &progress, self.cancel.clone());
            let mut work = std::pin::pin!(work);
            let mut ticks = interval(EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            pulled = loop {
                tokio::select! {
                    pulled = &mut work => break pulled?,
                    _ = ticks.tick() => if let Some(changed) = layers.changed() {
                        self.tell(PullNewsKind::Layers(changed)).await;
                    },
                }
            };
        }
        Ok(pulled)
    }

    async fn tell(&self, kind: PullNewsKind) {
        let key = self.key.clone();
        // Nobody listens once the agent is ending.
        let _ = self.told.send(PullNews { key, kind }).await;
    }
}

/// Layers as the engine last told them.
#[derive(Debug, Default)]
struct Layers(Mutex<(bool, BTreeMap<String, LayerProgress>)>);

impl Layers {
    fn take(&self, layer: engine::LayerProgress) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let layer = convert::layer(layer);
        if known.1.get(&layer.id) != Some(&layer) {
            known.0 = true;
            known.1.insert(layer.id.clone(), layer);
        }
    }

    /// All layers, if any changed since the last call.
    fn changed(&self) -> Option<Vec<LayerProgress>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut known.0).then(|| known.1.values().cloned().collect())
    }
}
