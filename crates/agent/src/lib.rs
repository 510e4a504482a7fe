#![doc = include_str!("../README.md")]

mod backoff;
mod connection;
mod convert;
mod follow;
mod hostname;
mod http_connection;
mod observe;
mod outbox;
mod plan;
mod pull;
mod server;
mod server_trouble;
mod worker;

use std::sync::Arc;

use engine::Engine;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub use connection::{Connection, ConnectionError};
pub use hostname::hostname;
pub use http_connection::{HttpConnection, ServerUrlError};

use observe::Observers;
use outbox::Outbox;
use server::Server;
use worker::Worker;

/// What an agent is told of itself.
#[derive(Debug, Clone)]
pub struct AgentConfig {
    /// The name of its host, for people; see [`hostname`].
    pub hostname: String,
    /// Tells it apart from any other with the same token: letters and digits, the same at every start.
    pub instance: String,
    /// The server's address, for people; nothing where the server is in the same process.
    pub server: Option<String>,
}

/// Brings an engine to what a server wants, until `shutdown`.
///
/// Dropping the future cuts everything off; the next run takes it up from there.
pub async fn run(
    config: AgentConfig,
    connection: Arc<dyn Connection>,
    engine: Arc<dyn Engine>,
    shutdown: CancellationToken,
) {
    let server = Server::new(connection, &config.instance);
    let outbox = Arc::new(Outbox::default());
    let (desired, wanted) = watch::channel(None);
    let (changes, seen_changes) = watch::channel(0);
    let (observation, observations) = watch::channel(None);
    let (observed, newest_observed) = watch::channel(None);
    let observers = Observers {
        observation,
        observed,
    };
    let worker = Worker::new(Arc::clone(&engine), Arc::clone(&outbox), changes);
    let exchange = async {
        tokio::join!(
            follow::follow(&server, config.server.as_deref(), &desired),
            outbox.deliver(&server),
            observe::observe(&engine, &config.hostname, seen_changes, &observers),
            observe::send_observed(&server, newest_observed),
        )
    };
    tokio::select! {
        () = worker.run(wanted, observations, shutdown) => {}
        _ = exchange => {}
    }
}
