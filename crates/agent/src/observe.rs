use std::sync::Arc;
use std::time::Duration;

use api::agent::Observed;
use engine::{Engine, EngineError, EngineImage, EngineInfo, host_architecture};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::backoff::Backoff;
use crate::convert;
use crate::server::Server;
use crate::server_trouble::ServerTrouble;

/// How often the engine is looked at although nothing happened.
const EVERY: Duration = Duration::from_secs(15);

/// How long the engine may take to say what it holds.
const LIMIT: Duration = Duration::from_mins(1);

/// What was seen of the engine.
#[derive(Debug, Clone)]
pub(crate) struct Observation {
    /// How many of our changes the engine had seen when it was looked at.
    pub(crate) changes: u64,
    /// What it holds, or why it does not answer.
    pub(crate) images: Result<Vec<EngineImage>, EngineError>,
}

/// Where observations go.
pub(crate) struct Observers {
    /// To whoever plans.
    pub(crate) observation: watch::Sender<Option<Observation>>,
    /// To the server.
    pub(crate) observed: watch::Sender<Option<Observed>>,
}

/// Looks at the engine: at the start, whenever `changes` moves, and every 15 seconds; for ever.
///
/// An engine that does not answer is asked more often, with growing delays.
pub(crate) async fn observe(
    engine: &Arc<dyn Engine>,
    hostname: &str,
    mut changes: watch::Receiver<u64>,
    observers: &Observers,
) {
    let mut backoff = Backoff::default();
    let mut architecture = host_architecture().to_owned();
    let mut last_images = Vec::new();
    loop {
        let seen_changes = *changes.borrow_and_update();
        let looked = look(engine).await;
        let delay = match &looked {
            Ok((info, images)) => {
                backoff.reset();
                architecture.clone_from(&info.architecture);
                last_images.clone_from(images);
                EVERY
            }
            Err(_) => backoff.next().min(EVERY),
        };
        let info = looked.as_ref().ok().map(|(info, _)| info);
        observers.observed.send_replace(Some(convert::observed(
            hostname,
            engine.kind(),
            &architecture,
            info,
            &last_images,
        )));
        observers.observation.send_replace(Some(Observation {
            changes: seen_changes,
            images: looked.map(|(_, images)| images),
        }));
        tokio::select! {
            () = sleep(delay) => {}
            changed = changes.changed() => if changed.is_err() {
                // Nobody plans any more: the agent is ending.
                return;
            },
        }
    }
}

async fn look(engine: &Arc<dyn Engine>) -> Result<(EngineInfo, Vec<EngineImage>), EngineError> {
    let both = async { Ok((engine.info().await?, engine.images().await?)) };
    timeout(LIMIT, both).await.unwrap_or_else(|_| {
        Err(EngineError::unreachable(format!(
            "nothing came within {} seconds",
            LIMIT.as_secs()
        )))
    })
}

/// Sends what was observed, the newest only, for ever.
pub(crate) async fn send_observed(
    server: &Server,
    mut observed: watch::Receiver<Option<Observed>>,
) {
    let mut backoff = Backoff::default();
    while observed.changed().await.is_ok() {
        loop {
            let Some(newest) = observed.borrow_and_update().clone() else {
                break;
            };
            match server.observed(&newest).await {
                Ok(()) => {
                    backoff.reset();
                    break;
                }
                Err(error) => {
                    let delay = ServerTrouble::of(&error).delay(&mut backoff);
                    tracing::debug!(%error, ?delay, "What was observed did not arrive and is sent again.");
                    server.pause(delay).await;
                }
            }
        }
    }
}
