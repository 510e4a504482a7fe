use std::time::Duration;

use api::EventData;
use store::{Notices, Revisions};

use crate::app::App;

/// How soon this server sees what another one, or a command beside it, wrote, where nobody tells it.
const EVERY: Duration = Duration::from_secs(2);

/// Changes that come so close together are looked at once.
const TOGETHER: Duration = Duration::from_millis(100);

/// Looks at the database's revision counters, rebuilds the search index where listings changed, and tells browsers.
pub(super) async fn run(app: App) {
    let mut known: Option<Revisions> = None;
    let mut notices = None;
    loop {
        match app.store.revisions().all().await {
            Ok(now) => {
                if known.is_none_or(|before| before.catalogue != now.catalogue)
                    && let Err(error) = app.catalogue.reload(&app, now.catalogue).await
                {
                    tracing::error!(
                        error = error.log_text(),
                        "The search index cannot be rebuilt; the one before stays in use."
                    );
                }
                if let Some(before) = known.filter(|before| app.store.is_shared() && *before != now)
                {
                    tell(&app, before, now);
                }
                known = Some(now);
            }
            Err(error) => tracing::error!(%error, "The database cannot be read."),
        }
        if notices.is_none() {
            notices = app.store.listen().await.ok().flatten();
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = heard(&mut notices) => {}
            () = app.catalogue.reload_asked() => {}
            () = app.shutdown.cancelled() => return,
        }
    }
}

/// Waits for word of a change; where there is none to be had, for ever.
async fn heard(notices: &mut Option<Notices>) {
    if let Some(listening) = notices {
        match listening.next().await {
            Ok(()) => return tokio::time::sleep(TOGETHER).await,
            Err(error) => {
                tracing::warn!(%error, "The database tells of no changes any more; it is asked instead.");
                *notices = None;
            }
        }
    }
    std::future::pending::<()>().await;
}

/// Another server's change has no event of its own here: browsers read anew what it touches.
fn tell(app: &App, before: Revisions, now: Revisions) {
    if before.agents != now.agents || before.workspaces != now.workspaces {
        app.jobs.desired_changed();
    }
    if before.registries != now.registries || before.workspaces != now.workspaces {
        app.events.publish(EventData::Resync);
    }
}
