use std::time::Duration;

use api::agent::Desired;
use http::StatusCode;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::backoff::Backoff;
use crate::server::{Polled, Server, ServerError};

/// A server that does not hold the poll is asked no more often than this.
const SHORTEST_POLL: Duration = Duration::from_secs(1);

/// Keeps the desired state up to date, for ever.
pub(crate) async fn follow(server: &Server, desired: &watch::Sender<Option<Desired>>) {
    let mut backoff = Backoff::default();
    let mut tag = None;
    let mut is_lost = false;
    loop {
        let asked = Instant::now();
        match server.desired(tag.as_ref()).await {
            Ok(polled) => {
                backoff.reset();
                if std::mem::take(&mut is_lost) {
                    tracing::info!("the server answers again");
                }
                match polled {
                    Polled::Changed(new, new_tag) => {
                        tag = new_tag;
                        desired.send_replace(Some(new));
                        // Without a tag the server cannot hold the next poll.
                        if tag.is_none() {
                            sleep(SHORTEST_POLL).await;
                        }
                    }
                    Polled::Same => sleep(SHORTEST_POLL.saturating_sub(asked.elapsed())).await,
                }
            }
            Err(error) => {
                let delay = backoff.next();
                if !std::mem::replace(&mut is_lost, true) {
                    report_loss(&error);
                }
                server.pause(delay).await;
            }
        }
    }
}

/// Once for every loss: what follows is the same until the server answers again.
fn report_loss(error: &ServerError) {
    match error {
        ServerError::Status {
            status: StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN,
            ..
        } => tracing::error!(
            %error,
            "the server does not accept this agent's token, it is asked again until it does"
        ),
        error => tracing::warn!(%error, "the server is lost, it is asked again until it answers"),
    }
}
