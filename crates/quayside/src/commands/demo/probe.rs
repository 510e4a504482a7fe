use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use engine::{Brought, DockerAddress, DockerEngine, Engine, PinnedImage};
use model::ImageReference;
use tokio_util::sync::CancellationToken;

use super::example_images::MadeImage;
use crate::arguments::DemoEngine;
use crate::engine_choice;

/// The engine that the demo uses, and why.
pub(super) struct Chosen {
    pub(super) engine: Arc<dyn Engine>,
    pub(super) reason: String,
    pub(super) is_docker: bool,
}

/// Docker over a local socket once it has pulled the smallest example image; else the built-in store, with the reason.
pub(super) async fn choose(
    wanted: DemoEngine,
    data: &Path,
    image_host: &str,
    smallest: &MadeImage,
) -> anyhow::Result<Chosen> {
    if wanted == DemoEngine::Store {
        return store(data, "the built-in store, as asked".to_owned());
    }
    match docker(image_host, smallest).await {
        Ok(chosen) => Ok(chosen),
        Err(error) if wanted == DemoEngine::Docker => Err(error),
        Err(error) => {
            let address = engine_choice::docker_address()?;
            let reason = if address.is_absent() {
                format!("the built-in store, because there is no Docker at {address}")
            } else {
                format!("the built-in store, because Docker cannot be used: {error:#}")
            };
            store(data, reason)
        }
    }
}

fn store(data: &Path, reason: String) -> anyhow::Result<Chosen> {
    Ok(Chosen {
        engine: engine_choice::open_store(data)?,
        reason,
        is_docker: false,
    })
}

/// Whether there is a Docker Engine at all, which is soon known.
pub(super) async fn docker_answers() -> anyhow::Result<()> {
    let address = engine_choice::docker_address()?;
    let info = DockerEngine::new(address).info().await;
    info.map(drop).context(
        "Docker cannot be used: install it and start its service, name its socket with `DOCKER_HOST`, or leave `--engine` \
         out for the built-in store",
    )
}

async fn docker(image_host: &str, smallest: &MadeImage) -> anyhow::Result<Chosen> {
    let address = engine_choice::docker_address()?;
    if !matches!(address, DockerAddress::Socket(_)) {
        bail!("`DOCKER_HOST` names no local socket");
    }
    let docker = DockerEngine::new(address);
    let info = docker.info().await?;
    let reference = ImageReference::parse(&format!(
        "{image_host}/{}:{}",
        smallest.repository, smallest.tag
    ))?;
    let image = PinnedImage {
        reference,
        digest: smallest.digest.clone(),
    };
    docker
        .pull(
            &image,
            &Brought::default(),
            &|_| {},
            CancellationToken::new(),
        )
        .await
        .context("it did not pull the smallest example image")?;
    docker.remove(&image, &[]).await?;
    let reason = format!(
        "Docker Engine {}, which pulled the smallest example image",
        info.version
    );
    Ok(Chosen {
        engine: Arc::new(docker),
        reason,
        is_docker: true,
    })
}
