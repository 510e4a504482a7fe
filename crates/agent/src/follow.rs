use std::time::Duration;

use api::agent::Desired;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::backoff::Backoff;
use crate::server::{Polled, Server};
use crate::server_trouble::ServerTrouble;

/// A server that does not hold the poll is asked no more often than this.
const SHORTEST_POLL: Duration = Duration::from_secs(1);

/// Keeps the desired state up to date, for ever. `address` is the server's, for people.
pub(crate) async fn follow(
    server: &Server,
    address: Option<&str>,
    desired: &watch::Sender<Option<Desired>>,
) {
    let mut backoff = Backoff::default();
    let mut tag = None;
    let mut name = String::new();
    // A trouble is told once for as long as it lasts, another one anew.
    let mut told = Some(ServerTrouble::Starting);
    loop {
        let asked = Instant::now();
        match server.desired(tag.as_ref()).await {
            Ok(polled) => {
                backoff.reset();
                let is_same = matches!(polled, Polled::Same);
                if let Polled::Changed(new, new_tag) = polled {
                    name.clone_from(&new.agent);
                    tag = new_tag;
                    desired.send_replace(Some(new));
                }
                if told.take().is_some() {
                    report_contact(address, &name);
                }
                if is_same {
                    sleep(SHORTEST_POLL.saturating_sub(asked.elapsed())).await;
                } else if tag.is_none() {
                    // Without a tag the server cannot hold the next poll.
                    sleep(SHORTEST_POLL).await;
                }
            }
            Err(error) => {
                let trouble = ServerTrouble::of(&error);
                let delay = trouble.delay(&mut backoff);
                if told.as_ref() != Some(&trouble) {
                    trouble.report(&error, address);
                    told = Some(trouble);
                }
                server.pause(delay).await;
            }
        }
    }
}

fn report_contact(address: Option<&str>, name: &str) {
    if let Some(address) = address {
        tracing::info!(
            server.url = address,
            agent.name = name,
            "Connected to {address} as `{name}`."
        );
    } else {
        tracing::debug!(agent.name = name, "Connected as `{name}`.");
    }
}
