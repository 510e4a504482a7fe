mod script;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use model::{Digest, ImageReference};
use tokio_util::sync::CancellationToken;

use script::Script;
pub use script::{Call, Gate};

use crate::{
    Brought, Cause, Disk, Engine, EngineError, EngineImage, EngineInfo, EngineKind, Holder,
    LayerProgress, PinnedImage, Pulled, Removal,
};

/// An engine that holds images in memory only: for tests, with failures and pauses on demand.
///
/// It keeps names as Docker does: an image has names with tag and names with digest, a tag names one
/// image at a time, and the last name takes the image with it.
#[derive(Debug)]
pub struct MemoryEngine {
    architecture: String,
    script: Script,
    state: Mutex<State>,
}

/// An image that a [`MemoryEngine`] can pull.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Under which repository, tag and digest it is offered.
    pub image: PinnedImage,
    /// What it was built for.
    pub architectures: Vec<String>,
    /// Name and size of each layer.
    pub layers: Vec<(String, u64)>,
}

#[derive(Debug, Default)]
struct State {
    offers: Vec<Offer>,
    held: BTreeMap<Digest, Held>,
    containers: Vec<(String, Digest)>,
    pause: Option<Duration>,
    transfers: usize,
}

#[derive(Debug, Default)]
struct Held {
    names: BTreeSet<String>,
    size_bytes: u64,
}

impl MemoryEngine {
    /// An empty engine on a host of that architecture.
    pub fn new(architecture: &str) -> Self {
        Self {
            architecture: architecture.to_owned(),
            script: Script::default(),
            state: Mutex::default(),
        }
    }

    /// Offers an image to be pulled.
    pub fn offer(&self, offer: Offer) {
        self.state().offers.push(offer);
    }

    /// Puts an image here as if a person had pulled it.
    pub fn put(&self, image: &PinnedImage, size_bytes: u64) {
        let mut state = self.state();
        let held = state.held.entry(image.digest.clone()).or_default();
        held.size_bytes = size_bytes;
        held.names.insert(image.canonical());
        state.tag(image, |_, _| true);
    }

    /// Gives an image another name as a person would.
    pub fn name(&self, digest: &Digest, name: &str) {
        if let Some(held) = self.state().held.get_mut(digest) {
            held.names.insert(name.to_owned());
        }
    }

    /// Takes an image away as a person would.
    pub fn lose(&self, digest: &Digest) {
        self.state().held.remove(digest);
    }

    /// Makes a container use an image.
    pub fn run_container(&self, name: &str, digest: &Digest) {
        self.state()
            .containers
            .push((name.to_owned(), digest.clone()));
    }

    /// Ends a container.
    pub fn remove_container(&self, name: &str) {
        self.state().containers.retain(|(known, _)| known != name);
    }

    /// The names of an image, in order; empty if it is not here.
    pub fn names(&self, digest: &Digest) -> Vec<String> {
        self.state()
            .held
            .get(digest)
            .map(|held| held.names.iter().cloned().collect())
            .unwrap_or_default()
    }

    /// Fails the next call of a kind before it does anything.
    pub fn fail_next(&self, call: Call, error: EngineError) {
        self.script.fail_next(call, error);
    }

    /// Fails every call, as an engine that is down; none brings it back.
    pub fn fail_all(&self, error: Option<EngineError>) {
        self.script.fail_all(error);
    }

    /// Fails the call of that number, counted from 0 over all kinds; with `done`, its work is done
    /// all the same and only the answer is lost.
    pub fn fail_nth(&self, number: usize, done: bool, error: EngineError) {
        self.script.fail_nth(number, done, error);
    }

    /// Holds calls of a kind back until the gate opens; a pull stops in the middle of its first layer.
    pub fn gate(&self, call: Call) -> Gate {
        self.script.gate(call)
    }

    /// Makes every layer take that long.
    pub fn pause_layers(&self, pause: Option<Duration>) {
        self.state().pause = pause;
    }

    /// How many images were transferred whole.
    pub fn transfers(&self) -> usize {
        self.state().transfers
    }

    /// Every call so far, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.script.calls()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn holds(&self, image: &PinnedImage) -> bool {
        self.held
            .get(&image.digest)
            .is_some_and(|held| held.names.contains(&image.canonical()))
    }

    /// Moves the published tag to the image if what it names now may lose it.
    fn tag(&mut self, image: &PinnedImage, may_lose: impl Fn(&str, &Digest) -> bool) {
        let Some(tagged) = image.tagged() else { return };
        let named = self
            .held
            .iter_mut()
            .find(|(_, held)| held.names.contains(&tagged));
        if let Some((digest, held)) = named {
            if !may_lose(&image.reference.name(), digest) {
                return;
            }
            held.names.remove(&tagged);
        }
        if let Some(held) = self.held.get_mut(&image.digest) {
            held.names.insert(tagged);
        }
    }

    fn remove(&mut self, image: &PinnedImage, tags: &[String]) -> Removal {
        if !self.holds(image) {
            return Removal::NotThere;
        }
        if let Some((name, _)) = self
            .containers
            .iter()
            .find(|(_, digest)| *digest == image.digest)
        {
            return Removal::Kept {
                by: Holder::Container,
                reason: format!("container {name} uses the image"),
            };
        }
        let Some(held) = self.held.get_mut(&image.digest) else {
            return Removal::NotThere;
        };
        held.names.remove(&image.canonical());
        for tagged in image.all_tagged(tags) {
            held.names.remove(&tagged);
        }
        if let Some(other) = held.names.first() {
            return Removal::Kept {
                by: Holder::Image,
                reason: format!("the image is also named {other}"),
            };
        }
        let bytes = held.size_bytes;
        self.held.remove(&image.digest);
        Removal::Removed { bytes }
    }

    fn offer_of(&self, image: &PinnedImage, architecture: &str) -> Result<Offer, EngineError> {
        let offer = self
            .offers
            .iter()
            .find(|offer| {
                offer.image.digest == image.digest
                    && offer.image.reference.name() == image.reference.name()
            })
            .ok_or_else(|| EngineError::new(Cause::NotFound, format!("nobody offers {image}")))?;
        if offer.architectures.iter().any(|one| one == architecture) {
            return Ok(offer.clone());
        }
        Err(EngineError::new(
            Cause::WrongArchitecture,
            format!("{image} is not for {architecture}"),
        ))
    }
}

#[async_trait]
impl Engine for MemoryEngine {
    fn kind(&self) -> EngineKind {
        EngineKind::Memory
    }

    async fn info(&self) -> Result<EngineInfo, EngineError> {
        let verdict = self.script.enter(Call::Info).await?;
        verdict.give(EngineInfo {
            version: "memory".to_owned(),
            architecture: self.architecture.clone(),
            disk: Some(Disk {
                free_bytes: 1_000_000_000,
                total_bytes: 2_000_000_000,
                filesystem: "memory".to_owned(),
            }),
        })
    }

    async fn images(&self) -> Result<Vec<EngineImage>, EngineError> {
        let verdict = self.script.enter(Call::Images).await?;
        let images = self
            .state()
            .held
            .iter()
            .map(|(digest, held)| EngineImage {
                references: held.names.iter().cloned().collect(),
                digests: vec![digest.clone()],
                size_bytes: held.size_bytes,
            })
            .collect();
        verdict.give(images)
    }

    async fn holds(&self, image: &PinnedImage) -> Result<bool, EngineError> {
        let verdict = self.script.enter(Call::Holds).await?;
        verdict.give(self.state().holds(image))
    }

    async fn pull(
        &self,
        image: &PinnedImage,
        ours: &Brought,
        progress: &(dyn Fn(LayerProgress) + Send + Sync),
        cancel: CancellationToken,
    ) -> Result<Pulled, EngineError> {
        let verdict = self.script.start(Call::Pull)?;
        let held = self.state().holds(image);
        if !held {
            let offer = self.state().offer_of(image, &self.architecture)?;
            let pause = self.state().pause;
            for (id, total) in &offer.layers {
                let tell = |done| {
                    progress(LayerProgress {
                        id: id.clone(),
                        done,
                        total: *total,
                    });
                };
                tell(total / 2);
                tokio::select! {
                    biased;
                    () = cancel.cancelled() => return Err(EngineError::cancelled()),
                    () = self.script.pass(Call::Pull) => {}
                }
                if let Some(pause) = pause {
                    tokio::time::sleep(pause).await;
                }
                tell(*total);
            }
            let mut state = self.state();
            state.transfers += 1;
            let entry = state.held.entry(image.digest.clone()).or_default();
            entry.size_bytes = offer.layers.iter().map(|(_, size)| size).sum();
            entry.names.insert(image.canonical());
        }
        let mut state = self.state();
        if ours.contains(&image.reference.name(), &image.digest) {
            state.tag(image, |name, digest| ours.contains(name, digest));
        }
        let size_bytes = state
            .held
            .get(&image.digest)
            .map_or(0, |held| held.size_bytes);
        verdict.give(Pulled { size_bytes })
    }

    async fn untag(&self, image: &PinnedImage) -> Result<(), EngineError> {
        let verdict = self.script.enter(Call::Untag).await?;
        if let (Some(tagged), Some(held)) =
            (image.tagged(), self.state().held.get_mut(&image.digest))
        {
            held.names.remove(&tagged);
        }
        verdict.give(())
    }

    async fn remove(&self, image: &PinnedImage, tags: &[String]) -> Result<Removal, EngineError> {
        let verdict = self.script.enter(Call::Remove).await?;
        let removal = self.state().remove(image, tags);
        verdict.give(removal)
    }
}

impl Offer {
    /// What most images look like: for amd64 and arm64, in two layers.
    pub fn usual(reference: ImageReference, digest: Digest) -> Self {
        Self {
            image: PinnedImage { reference, digest },
            architectures: vec!["amd64".to_owned(), "arm64".to_owned()],
            layers: vec![("base".to_owned(), 1_000_000), ("top".to_owned(), 20_000)],
        }
    }
}
