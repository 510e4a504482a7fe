use std::time::Duration;

use model::{RegistryId, WorkspaceId};
use store::{JobRow, NewJob};

use crate::app::App;
use crate::error::AppResult;
use crate::services::{icons, refresh, resolve};

/// Jobs done at once: most of them wait for somebody else's server.
pub(super) const WORKERS: usize = 4;

/// A job whose worker was killed is taken over after this.
const LEASE: Duration = Duration::from_mins(1);

/// How often to look for jobs that other servers left, or whose time came.
const IDLE: Duration = Duration::from_secs(5);

/// A kind of work with what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Job {
    /// Read a registry.
    Refresh(RegistryId),
    /// Fetch icons that a registry's listings lack.
    Icons(RegistryId),
    /// Pin a workspace's image to a digest.
    Resolve(WorkspaceId),
}

impl Job {
    fn kind_and_key(self) -> (&'static str, String) {
        match self {
            Self::Refresh(id) => ("refresh", id.to_string()),
            Self::Icons(id) => ("icons", id.to_string()),
            Self::Resolve(id) => ("resolve", id.to_string()),
        }
    }

    fn from_row(row: &JobRow) -> Option<Self> {
        match row.kind.as_str() {
            "refresh" => row.key.parse().ok().map(Self::Refresh),
            "icons" => row.key.parse().ok().map(Self::Icons),
            "resolve" => row.key.parse().ok().map(Self::Resolve),
            _ => None,
        }
    }
}

/// Asks for a job; the same one waits at most once.
pub(crate) async fn enqueue(app: &App, job: Job, delay: Duration) -> AppResult<()> {
    let (kind, key) = job.kind_and_key();
    let now = app.clock.now_ms();
    let run_at = now + i64::try_from(delay.as_millis()).unwrap_or(i64::MAX / 2);
    let new = NewJob {
        kind: kind.to_owned(),
        key,
        payload: "{}".to_owned(),
        run_at,
    };
    app.store.jobs().enqueue(new, now).await?;
    app.jobs.due.notify_one();
    Ok(())
}

/// What became of a job that did not fail.
pub(crate) enum Done {
    /// It is over.
    Finished,
    /// Once more, later.
    Again(Duration),
}

pub(super) async fn run(app: App, number: usize) {
    let name = format!("{}-{number}", app.clock.new_id().simple());
    while !app.shutdown.is_cancelled() {
        let lease = LEASE.as_millis() as i64;
        match app
            .store
            .jobs()
            .claim(app.clock.now_ms(), &name, lease, 1)
            .await
        {
            Ok(jobs) if jobs.is_empty() => idle(&app).await,
            Ok(jobs) => {
                // More may be waiting: another worker shall look while this one works.
                app.jobs.due.notify_one();
                for job in jobs {
                    tokio::select! {
                        () = work(&app, &job) => {}
                        // What is cut off here is claimed anew after its lease, as after a kill.
                        () = app.shutdown.cancelled() => release(&app, &job).await,
                    }
                }
            }
            Err(error) => {
                tracing::error!(%error, "The job queue cannot be read.");
                idle(&app).await;
            }
        }
    }
}

async fn idle(app: &App) {
    let next = app.store.jobs().next_run_at().await.ok().flatten();
    let until_next = next.map_or(IDLE, |at| {
        Duration::from_millis((at - app.clock.now_ms()).max(1).unsigned_abs())
    });
    tokio::select! {
        () = app.jobs.due.notified() => {}
        () = tokio::time::sleep(until_next.min(IDLE)) => {}
        () = app.shutdown.cancelled() => {}
    }
}

async fn work(app: &App, row: &JobRow) {
    let Some(job) = Job::from_row(row) else {
        tracing::error!(job.kind = row.kind, "A job of an unknown kind is dropped.");
        drop(app.store.jobs().finish(row).await);
        return;
    };
    let task = async {
        match job {
            Job::Refresh(id) => refresh::run(app, id).await,
            Job::Icons(id) => icons::run(app, id).await,
            Job::Resolve(id) => resolve::run(app, id, row.attempts).await,
        }
    };
    let result = Box::pin(while_extending(|| extend(app, row), task)).await;
    let ended = match result {
        Ok(Done::Finished) => app.store.jobs().finish(row).await,
        Ok(Done::Again(delay)) => app.store.jobs().retry(row, later(app, delay), "").await,
        Err(error) => {
            tracing::error!(
                job.kind = row.kind,
                job.key = row.key,
                error = error.log_text(),
                "A job failed and is tried again."
            );
            let delay = Duration::from_secs(1 << row.attempts.clamp(0, 10));
            app.store
                .jobs()
                .retry(row, later(app, delay), &error.log_text())
                .await
        }
    };
    if let Err(error) = ended {
        tracing::error!(%error, job.kind = row.kind, "The end of a job cannot be stored; it will run again.");
    }
}

/// Extends the lease while a task runs.
///
/// The task goes on meanwhile: it may hold what extending waits for, the one connection that writes.
async fn while_extending<T, E: Future<Output = ()>>(
    extend: impl Fn() -> E,
    task: impl Future<Output = T>,
) -> T {
    let extending = async {
        loop {
            tokio::time::sleep(LEASE / 3).await;
            extend().await;
        }
    };
    tokio::select! {
        result = task => result,
        never = extending => never,
    }
}

async fn extend(app: &App, row: &JobRow) {
    let until = later(app, LEASE);
    if let Err(error) = app.store.jobs().extend(row, until).await {
        tracing::warn!(%error, job.kind = row.kind, "The lease of a job cannot be extended.");
    }
}

async fn release(app: &App, row: &JobRow) {
    drop(
        app.store
            .jobs()
            .retry(row, app.clock.now_ms(), "cut off by a shutdown")
            .await,
    );
}

fn later(app: &App, delay: Duration) -> i64 {
    app.clock.now_ms() + delay.as_millis() as i64
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Mutex;
    use tokio::time::{sleep, timeout};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_task_that_holds_what_extending_waits_for_goes_on() {
        let writer = Mutex::new(());
        let extended = AtomicUsize::new(0);
        let extend = || async {
            let _writing = writer.lock().await;
            extended.fetch_add(1, Ordering::Relaxed);
        };
        let task = async {
            for _ in 0..100 {
                let _writing = writer.lock().await;
                sleep(Duration::from_secs(1)).await;
            }
            "done"
        };
        let done = timeout(Duration::from_mins(5), while_extending(extend, task)).await;
        assert_eq!(done, Ok("done"));
        assert!(extended.load(Ordering::Relaxed) >= 4);
    }
}
