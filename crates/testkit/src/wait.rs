use std::time::{Duration, Instant};

/// How long anything that a test waits for may take; far more than it ever takes.
pub const DEADLINE: Duration = Duration::from_secs(90);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks again and again until something is there, and fails with `what` after [`DEADLINE`].
pub async fn wait_for<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + DEADLINE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(
            Instant::now() < end,
            "waited {} seconds in vain for {what}",
            DEADLINE.as_secs()
        );
        tokio::time::sleep(PAUSE).await;
    }
}

/// Looks again and again until a condition holds, and fails with `what` after [`DEADLINE`].
pub async fn wait_until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    wait_for(what, async || condition().await.then_some(())).await;
}
