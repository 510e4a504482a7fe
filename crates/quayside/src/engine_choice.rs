//! Which engine an agent uses, from what was asked and what answers.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use engine::{Detected, DockerAddress, Engine, StoreEngine, Wanted, host_architecture};
use images::{ImageRegistry, Layout, Options};
use outbound::{Client, ClientConfig};

use crate::arguments::EngineChoice;

/// Folder of the built-in store below a data folder.
pub(crate) const STORE_FOLDER: &str = "images";

/// Chooses the engine of this host; `None` when none was asked for.
pub(crate) async fn choose(choice: EngineChoice, data: &Path) -> anyhow::Result<Option<Detected>> {
    let wanted = match choice {
        EngineChoice::None => return Ok(None),
        EngineChoice::Auto => Wanted::Auto(docker_address()?),
        EngineChoice::Docker => Wanted::Docker(docker_address()?),
        EngineChoice::Store => Wanted::Store,
    };
    let detected = engine::detect(wanted, || open_store(data)).await?;
    tracing::info!("{}", detected.reason);
    Ok(Some(detected))
}

/// Where Docker listens: `DOCKER_HOST`, as for Docker's own programs, else the usual socket.
pub(crate) fn docker_address() -> anyhow::Result<DockerAddress> {
    match std::env::var("DOCKER_HOST") {
        Ok(address) if !address.is_empty() => {
            address.parse().context("`DOCKER_HOST` cannot be used")
        }
        _ => Ok(DockerAddress::local()),
    }
}

/// Opens the built-in store of a data folder.
pub(crate) fn open_store(data: &Path) -> anyhow::Result<Arc<dyn Engine>> {
    let folder = data.join(STORE_FOLDER);
    let layout = Layout::open(&folder)
        .with_context(|| format!("failed to open the image store `{}`", folder.display()))?;
    let client =
        Client::new(ClientConfig::default()).context("failed to set up the HTTP client")?;
    let registry = ImageRegistry::new(client, Options::default());
    Ok(Arc::new(StoreEngine::new(
        layout,
        registry,
        host_architecture(),
    )))
}
