use std::ops::Deref;
use std::sync::Arc;

use images::ImageRegistry;
use sources::RegistryReader;
use sources::icons::IconReader;
use store::Store;
use tokio_util::sync::CancellationToken;

use crate::auth::password::Passwords;
use crate::clock::Clock;
use crate::config::ServerConfig;
use crate::events::EventHub;
use crate::jobs::JobBoard;
use crate::secrets::Sealer;
use crate::services::catalogue::Catalogue;
use crate::services::contacts::Contacts;
use crate::services::instances::Instances;
use crate::services::progress::ProgressBoard;

/// Everything that handlers, services and jobs share.
#[derive(Clone)]
pub struct App(Arc<Parts>);

impl std::fmt::Debug for App {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("App")
    }
}

/// The parts of an [`App`].
pub struct Parts {
    /// What the server was told at its start.
    pub config: ServerConfig,
    /// The database.
    pub store: Store,
    /// Times and identifiers.
    pub clock: Clock,
    /// Reads registries.
    pub(crate) reader: RegistryReader,
    /// Fetches icons.
    pub(crate) icon_reader: IconReader,
    /// Asks image registries.
    pub(crate) image_registry: ImageRegistry,
    /// The search index in use.
    pub(crate) catalogue: Catalogue,
    /// Events for browsers.
    pub(crate) events: EventHub,
    /// Progress of pulls, in memory only.
    pub(crate) progress: ProgressBoard,
    /// When agents were last heard of.
    pub(crate) contacts: Contacts,
    /// Who speaks for each agent.
    pub(crate) instances: Instances,
    /// Seals secrets.
    pub(crate) sealer: Sealer,
    /// Hashes passwords.
    pub(crate) passwords: Passwords,
    /// Wakes the workers when there is a job.
    pub(crate) jobs: JobBoard,
    /// Ends everything.
    pub(crate) shutdown: CancellationToken,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together. Nothing runs yet: see [`crate::start`].
    pub fn new(
        config: ServerConfig,
        store: Store,
        outbound: outbound::Client,
        shutdown: CancellationToken,
    ) -> Self {
        let clock = Clock::default();
        Self(Arc::new(Parts {
            reader: RegistryReader::new(outbound.clone()),
            icon_reader: IconReader::new(outbound.clone()),
            image_registry: ImageRegistry::new(outbound, images::Options::default()),
            catalogue: Catalogue::default(),
            events: EventHub::new(clock.now_ms().unsigned_abs()),
            progress: ProgressBoard::default(),
            contacts: Contacts::new(clock.monotonic()),
            instances: Instances::default(),
            sealer: Sealer::new(&config.secret_key),
            passwords: Passwords::new(),
            jobs: JobBoard::default(),
            config,
            store,
            clock,
            shutdown,
        }))
    }

    /// Ends everything when it is cancelled.
    pub fn shutdown_token(&self) -> CancellationToken {
        self.shutdown.clone()
    }
}
