use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Waits for Ctrl-C, a polite end from outside, or a shutdown that began elsewhere; then begins it everywhere.
pub(crate) async fn end(shutdown: &CancellationToken) {
    let mut terminate = signal(SignalKind::terminate()).ok();
    let terminated = async {
        match &mut terminate {
            Some(terminate) => terminate.recv().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
        () = shutdown.cancelled() => {}
    }
    shutdown.cancel();
}
