use std::time::Duration;

use crate::app::App;
use crate::services::kept::TOLD_MS;
use crate::services::sign_in::FAILURE_WINDOW_MS;

const EVERY: Duration = Duration::from_hours(1);
const DAY_MS: i64 = 24 * 3600 * 1000;

/// Removes what is over: sessions, failed sign-ins, remembered answers, icons that nothing shows, news of kept images.
pub(super) async fn run(app: App) {
    loop {
        let now = app.clock.now_ms();
        let results = [
            app.store.sessions().sweep(now).await,
            app.store
                .login_failures()
                .sweep(now - FAILURE_WINDOW_MS)
                .await,
            app.store.idempotency().sweep(now - DAY_MS).await,
            app.store.icons().prune(now - DAY_MS).await,
            app.store.kept().sweep(now - TOLD_MS).await,
        ];
        for error in results.into_iter().filter_map(Result::err) {
            tracing::error!(%error, "Old rows cannot be removed.");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = app.shutdown.cancelled() => return,
        }
    }
}
