//! Work that outlives a request: rows in the database, claimed with a lease, so that a kill loses none of them.

mod contacts;
mod revisions;
mod sweep;
mod worker;

use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::{Notify, watch};

pub(crate) use worker::{Done, Job, enqueue};

use crate::app::App;
use crate::error::AppResult;
use crate::services::registries::PAUSE_MS;

/// Wakes who waits for work.
#[derive(Debug)]
pub(crate) struct JobBoard {
    due: Notify,
    desired: watch::Sender<u64>,
    /// When an opened page last led to registries being read, Unix milliseconds.
    opened: AtomicI64,
}

impl Default for JobBoard {
    fn default() -> Self {
        Self {
            due: Notify::new(),
            desired: watch::Sender::new(0),
            opened: AtomicI64::new(0),
        }
    }
}

impl JobBoard {
    /// Whether a page opened now may lead to registries being read: that happens once a minute, whoever opens it.
    pub(crate) fn may_follow_opening(&self, now: i64) -> bool {
        let last = self.opened.load(Ordering::Relaxed);
        now.abs_diff(last) >= PAUSE_MS.unsigned_abs()
            && self
                .opened
                .compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    /// Some agent shall do something else now.
    pub(crate) fn desired_changed(&self) {
        self.desired.send_modify(|count| *count += 1);
    }

    /// Tells when [`JobBoard::desired_changed`] was called.
    pub(crate) fn watch_desired(&self) -> watch::Receiver<u64> {
        self.desired.subscribe()
    }
}

/// Takes up at once what a killed server was doing: nobody else works on a database that is not shared.
pub(crate) async fn resume(app: &App) -> AppResult<()> {
    if app.store.is_shared() {
        return Ok(());
    }
    for job in app.store.jobs().list().await? {
        if job.running {
            app.store
                .jobs()
                .retry(&job, app.clock.now_ms(), "cut off by a kill")
                .await?;
        }
    }
    Ok(())
}

/// Starts the workers; they end with the server.
pub(crate) fn start(app: &App, tracker: &tokio_util::task::TaskTracker) {
    for number in 0..worker::WORKERS {
        tracker.spawn(worker::run(app.clone(), number));
    }
    tracker.spawn(contacts::run(app.clone()));
    tracker.spawn(sweep::run(app.clone()));
    tracker.spawn(revisions::run(app.clone()));
}
