mod address;
mod cause;
mod connection;
mod layers;
mod pull;
mod remove;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use bollard::Docker;
use bollard::models::ImageInspect;
use bollard::query_parameters::ListImagesOptionsBuilder;
use model::ImageReference;
use tokio_util::sync::CancellationToken;

pub use address::{DockerAddress, DockerAddressError};
use connection::{classify, connect, status, within};

use crate::{
    Brought, Engine, EngineError, EngineImage, EngineInfo, EngineKind, LayerProgress, PinnedImage,
    Pulled, Removal, architecture_of, disk_of, host_architecture,
};

/// For answers that cost the engine nothing.
const QUICK: Duration = Duration::from_secs(30);

/// For answers that come after files were deleted.
const SLOW: Duration = Duration::from_mins(5);

/// Docker Engine, or another engine that speaks its API, on a local socket or over plain TCP.
#[derive(Debug, Clone)]
pub struct DockerEngine {
    address: DockerAddress,
}

impl DockerEngine {
    /// The engine at an address; it need not answer yet.
    pub fn new(address: DockerAddress) -> Self {
        Self { address }
    }

    /// Where it listens.
    pub fn address(&self) -> &DockerAddress {
        &self.address
    }
}

#[async_trait]
impl Engine for DockerEngine {
    fn kind(&self) -> EngineKind {
        EngineKind::Docker
    }

    async fn info(&self) -> Result<EngineInfo, EngineError> {
        let docker = connect(&self.address).await?;
        let info = within(QUICK, docker.info())
            .await
            .map_err(|error| classify(&error))?;
        let root = info.docker_root_dir.filter(|_| self.address.is_this_host());
        Ok(EngineInfo {
            version: info.server_version.unwrap_or_default(),
            architecture: info
                .architecture
                .as_deref()
                .map_or(host_architecture(), architecture_of)
                .to_owned(),
            disk: root.and_then(|root| disk_of(Path::new(&root))),
        })
    }

    async fn images(&self) -> Result<Vec<EngineImage>, EngineError> {
        let docker = connect(&self.address).await?;
        let options = ListImagesOptionsBuilder::new().digests(true).build();
        let images = within(QUICK, docker.list_images(Some(options)))
            .await
            .map_err(|error| classify(&error))?;
        Ok(images
            .into_iter()
            .map(|image| engine_image(image.repo_tags, image.repo_digests, image.size))
            .filter(|image| !image.references.is_empty())
            .collect())
    }

    async fn holds(&self, image: &PinnedImage) -> Result<bool, EngineError> {
        let docker = connect(&self.address).await?;
        let found = inspect(&docker, &image.canonical()).await?;
        Ok(found.is_some())
    }

    async fn pull(
        &self,
        image: &PinnedImage,
        ours: &Brought,
        progress: &(dyn Fn(LayerProgress) + Send + Sync),
        cancel: CancellationToken,
    ) -> Result<Pulled, EngineError> {
        let docker = connect(&self.address).await?;
        pull::pull(&docker, image, ours, progress, cancel).await
    }

    async fn untag(&self, image: &PinnedImage) -> Result<(), EngineError> {
        let docker = connect(&self.address).await?;
        remove::untag(&docker, image).await
    }

    async fn remove(&self, image: &PinnedImage, tags: &[String]) -> Result<Removal, EngineError> {
        let docker = connect(&self.address).await?;
        remove::remove(&docker, image, tags).await
    }
}

/// What the engine knows of a name; none if it knows none such.
async fn inspect(docker: &Docker, name: &str) -> Result<Option<ImageInspect>, EngineError> {
    match within(QUICK, docker.inspect_image(name)).await {
        Ok(found) => Ok(Some(found)),
        Err(error) if status(&error) == Some(404) => Ok(None),
        Err(error) => Err(classify(&error)),
    }
}

fn engine_image(tags: Vec<String>, names_with_digest: Vec<String>, size: i64) -> EngineImage {
    // Engines before API 1.43 say `<none>` where an image has no name.
    let references: Vec<String> = tags
        .into_iter()
        .chain(names_with_digest)
        .filter(|name| !name.contains("<none>"))
        .collect();
    let mut digests = Vec::new();
    for name in &references {
        let digest = ImageReference::parse(name)
            .ok()
            .and_then(|reference| reference.digest().cloned());
        if let Some(digest) = digest
            && !digests.contains(&digest)
        {
            digests.push(digest);
        }
    }
    EngineImage {
        references,
        digests,
        size_bytes: u64::try_from(size).unwrap_or(0),
    }
}
