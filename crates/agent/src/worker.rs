mod act;
mod ends;
mod report;
mod trouble;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use api::LayerProgress;
use api::agent::{Desired, Goal, Progress};
use engine::{Brought, Cause, Engine, EngineError, PinnedImage, Removal};
use model::PlacementId;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::observe::Observation;
use crate::outbox::Outbox;
use crate::plan::{Held, ImageKey, Member, Pulling, Situation, plan};
use crate::pull::{PullEnd, PullNews};
use trouble::Trouble;

/// Pulls under way at once; what waits stays `waiting`.
const PULLS_AT_ONCE: usize = 3;

/// How long running pulls may take to stop when the agent ends.
const FAREWELL: Duration = Duration::from_secs(5);

/// Brings the engine to what the server wants. All state that plans depend on is here, in one task.
pub(crate) struct Worker {
    engine: Arc<dyn Engine>,
    outbox: Arc<Outbox>,
    /// Counts what we changed in the engine; an observation from before says nothing any more.
    changes: watch::Sender<u64>,
    desired: Option<Desired>,
    held: Option<Held>,
    /// Why the engine does not answer, while it does not.
    lost: Option<EngineError>,
    brought: Brought,
    /// What was brought since the start: the server's list may have been written before.
    added: Brought,
    /// Tags that we may have left on images.
    tags: HashMap<ImageKey, BTreeSet<String>>,
    /// Images that could not be taken away, and until when that is not tried again.
    staying: HashMap<ImageKey, Instant>,
    reported: HashMap<PlacementId, Progress>,
    troubles: HashMap<PlacementId, Trouble>,
    pulls: HashMap<ImageKey, RunningPull>,
    removals: HashMap<ImageKey, Vec<Member>>,
    turns: Arc<Semaphore>,
    tasks: JoinSet<TaskEnd>,
    /// What each task is about, for one that ends without a word.
    subjects: HashMap<Id, (ImageKey, Subject)>,
    /// Waiting for reports to be acknowledged.
    waits: JoinSet<()>,
    told: mpsc::Sender<PullNews>,
    news: mpsc::Receiver<PullNews>,
}

struct RunningPull {
    members: Vec<Member>,
    /// The images that it tags, from when that began.
    tagged: Vec<PinnedImage>,
    cancel: CancellationToken,
    /// Whether it had its turn and brings the image.
    is_bringing: bool,
    /// Whether the image is here and only tags are left to do.
    is_tagging: bool,
    layers: Vec<LayerProgress>,
}

enum TaskEnd {
    Pull(PullEnd),
    Untag(Result<(), EngineError>),
    Remove(Result<Removal, EngineError>),
}

#[derive(Debug, Clone, Copy)]
enum Subject {
    Pull,
    Untag,
    Remove,
}

impl Worker {
    pub(crate) fn new(
        engine: Arc<dyn Engine>,
        outbox: Arc<Outbox>,
        changes: watch::Sender<u64>,
    ) -> Self {
        let (told, news) = mpsc::channel(64);
        Self {
            engine,
            outbox,
            changes,
            desired: None,
            held: None,
            lost: None,
            brought: Brought::default(),
            added: Brought::default(),
            tags: HashMap::new(),
            staying: HashMap::new(),
            reported: HashMap::new(),
            troubles: HashMap::new(),
            pulls: HashMap::new(),
            removals: HashMap::new(),
            turns: Arc::new(Semaphore::new(PULLS_AT_ONCE)),
            tasks: JoinSet::new(),
            subjects: HashMap::new(),
            waits: JoinSet::new(),
            told,
            news,
        }
    }

    /// Works until it is told to end.
    pub(crate) async fn run(
        mut self,
        mut desired: watch::Receiver<Option<Desired>>,
        mut observations: watch::Receiver<Option<Observation>>,
        shutdown: CancellationToken,
    ) {
        loop {
            let rested = self.next_rested();
            tokio::select! {
                biased;
                () = shutdown.cancelled() => break,
                changed = desired.changed() => {
                    let newest = desired.borrow_and_update().clone();
                    match (changed, newest) {
                        (Ok(()), Some(newest)) => self.take_desired(newest),
                        (Ok(()), None) => {}
                        (Err(_), _) => break,
                    }
                }
                changed = observations.changed() => {
                    let newest = observations.borrow_and_update().clone();
                    match (changed, newest) {
                        (Ok(()), Some(newest)) => self.take_observation(newest),
                        (Ok(()), None) => {}
                        (Err(_), _) => break,
                    }
                }
                // Before the ends: what a task said last must not be taken for the next one's words.
                Some(news) = self.news.recv() => {
                    self.take_news(news);
                    continue;
                }
                Some(ended) = self.tasks.join_next_with_id() => {
                    let (id, end) = match ended {
                        Ok((id, end)) => (id, Ok(end)),
                        Err(error) => (error.id(), Err(error.to_string())),
                    };
                    self.take_end(id, end);
                }
                Some(_) = self.waits.join_next() => continue,
                () = until(rested) => {}
            }
            self.step();
        }
        self.end().await;
    }

    fn take_desired(&mut self, desired: Desired) {
        self.brought = desired
            .brought
            .iter()
            .map(|image| (image.repository.clone(), image.digest.clone()))
            .collect();
        self.brought.extend(&self.added);
        for image in &desired.brought {
            let key = ImageKey {
                repository: image.repository.clone(),
                digest: image.digest.clone(),
            };
            self.note_tags(key, image.tags.iter().cloned());
        }
        let attempts: HashMap<PlacementId, u32> = desired
            .placements
            .iter()
            .map(|placement| (placement.placement, placement.attempt))
            .collect();
        let is_current = |id: &PlacementId, attempt: u32| attempts.get(id) == Some(&attempt);
        self.reported
            .retain(|id, report| is_current(id, report.attempt));
        self.troubles
            .retain(|id, trouble| is_current(id, trouble.attempt));
        self.outbox.keep(|id| attempts.contains_key(&id));
        self.repeat_what_the_server_missed(&desired);
        self.desired = Some(desired);
        self.prune();
    }

    fn take_observation(&mut self, observation: Observation) {
        if observation.changes != *self.changes.borrow() {
            return;
        }
        match observation.images {
            Ok(images) => {
                self.held = Some(Held::of(&images));
                if self.lost.take().is_some() {
                    self.engine_is_back();
                }
            }
            Err(error) => {
                self.held = None;
                self.engine_is_lost(error);
            }
        }
    }

    /// Plans and starts what was planned.
    fn step(&mut self) {
        let Some(desired) = self.desired.take() else {
            return;
        };
        let now = Instant::now();
        let pulling: HashMap<ImageKey, Pulling> = self
            .pulls
            .iter()
            .map(|(key, pull)| (key.clone(), pull.as_planned()))
            .collect();
        let removing: HashSet<ImageKey> = self.removals.keys().cloned().collect();
        let resting: HashSet<PlacementId> = self
            .troubles
            .iter()
            .filter(|(_, trouble)| trouble.until.is_some_and(|until| until > now))
            .map(|(placement, _)| *placement)
            .collect();
        self.staying.retain(|_, until| *until > now);
        let staying: HashSet<ImageKey> = self.staying.keys().cloned().collect();
        let actions = plan(&Situation {
            desired: &desired,
            held: self.held.as_ref(),
            brought: &self.brought,
            reported: &self.reported,
            pulling: &pulling,
            removing: &removing,
            resting: &resting,
            staying: &staying,
        });
        self.desired = Some(desired);
        for action in actions {
            self.act(action);
        }
    }

    fn note_tags(&mut self, key: ImageKey, tags: impl Iterator<Item = String>) {
        self.tags.entry(key).or_default().extend(tags);
    }

    /// Forgets that we brought an image, because it is gone.
    fn forget_brought(&mut self, key: &ImageKey) {
        self.brought.remove(&key.repository, &key.digest);
        self.added.remove(&key.repository, &key.digest);
        self.tags.remove(key);
    }

    /// Drops from pulls whoever does not want the image any more, or wants it anew.
    fn prune(&mut self) {
        let Some(desired) = &self.desired else {
            return;
        };
        let present: HashSet<(PlacementId, u32)> = desired
            .placements
            .iter()
            .filter(|placement| placement.goal == Goal::Present)
            .map(|placement| (placement.placement, placement.attempt))
            .collect();
        for pull in self.pulls.values_mut() {
            pull.members
                .retain(|member| present.contains(&(member.placement, member.attempt)));
        }
    }

    /// What was seen of the engine counts no more; it is looked at again at once.
    fn engine_changed(&mut self) {
        self.held = None;
        self.changes.send_modify(|changes| *changes += 1);
    }

    fn next_rested(&self) -> Option<Instant> {
        let now = Instant::now();
        self.troubles
            .values()
            .filter_map(|trouble| trouble.until)
            .filter(|until| *until > now)
            .min()
    }

    async fn end(mut self) {
        for pull in self.pulls.values() {
            pull.cancel.cancel();
        }
        self.news.close();
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(FAREWELL, all).await.is_err() {
            tracing::warn!("Work under way did not stop in time and is cut off.");
        }
    }
}

impl RunningPull {
    fn as_planned(&self) -> Pulling {
        Pulling {
            members: self
                .members
                .iter()
                .map(|member| (member.placement, member.attempt))
                .collect(),
            is_tagging: self.is_tagging,
        }
    }
}

async fn until(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}

/// A task that ended without a word: a defect of ours, told like any other failure.
fn broke_off(reason: &str) -> EngineError {
    EngineError::new(Cause::Other, format!("the work broke off: {reason}"))
}
