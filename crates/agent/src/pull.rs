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
    pub(crate) image: PinnedImage,
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
    /// The image is here. Who wants which tag is asked only now: some may have come or gone.
    Arrived(oneshot::Sender<Vec<PinnedImage>>),
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
            self.tag(&engine).await
        } else {
            let turn = tokio::select! {
                biased;
                () = cancel.cancelled() => return PullEnd::Cancelled,
                turn = turns.acquire_owned() => turn,
            };
            if let Err(end) = self.begin(&engine).await {
                return end;
            }
            let transferred = self.transfer(&engine).await;
            drop(turn);
            match transferred {
                Ok(_) => self.tag(&engine).await,
                Err(error) => Err(error),
            }
        };
        match end {
            Ok(pulled) => PullEnd::Here(pulled),
            Err(_) if cancel.is_cancelled() => PullEnd::Cancelled,
            Err(error) => PullEnd::Failed(error),
        }
    }

    /// Says that it begins, if the image is not here by now.
    async fn begin(&mut self, engine: &Arc<dyn Engine>) -> Result<(), PullEnd> {
        if engine.holds(&self.image).await.map_err(PullEnd::Failed)? {
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

    /// Brings the image without a tag, and passes progress on.
    async fn transfer(&self, engine: &Arc<dyn Engine>) -> Result<Pulled, EngineError> {
        let untagged = untagged(&self.image);
        let layers = Layers::default();
        let progress = |layer| layers.take(layer);
        let work = engine.pull(&untagged, &self.brought, &progress, self.cancel.clone());
        let mut work = std::pin::pin!(work);
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                pulled = &mut work => return pulled,
                _ = ticks.tick() => if let Some(changed) = layers.changed() {
                    self.tell(PullNewsKind::Layers(changed)).await;
                },
            }
        }
    }

    /// Leaves the tags that are wanted by now on an image that is here.
    async fn tag(&self, engine: &Arc<dyn Engine>) -> Result<Pulled, EngineError> {
        let (sender, wanted) = oneshot::channel();
        self.tell(PullNewsKind::Arrived(sender)).await;
        let Ok(wanted) = wanted.await else {
            return Err(EngineError::cancelled());
        };
        let mut pulled = Pulled { size_bytes: 0 };
        for image in wanted {
            let cancel = self.cancel.clone();
            pulled = engine.pull(&image, &self.brought, &|_| {}, cancel).await?;
        }
        Ok(pulled)
    }

    async fn tell(&self, kind: PullNewsKind) {
        let key = self.key.clone();
        // Nobody listens once the agent is ending.
        let _ = self.told.send(PullNews { key, kind }).await;
    }
}

/// The image by its digest alone, which leaves no tag.
fn untagged(image: &PinnedImage) -> PinnedImage {
    PinnedImage {
        reference: image.reference.with_digest(&image.digest),
        digest: image.digest.clone(),
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
