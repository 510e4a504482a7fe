use std::collections::BTreeMap;
use std::error::Error;

use async_trait::async_trait;
use images::{ImageCause, ImageError, ImageRegistry, Layout, LayoutError, StoredImage};
use model::Digest;
use outbound::FetchError;
use tokio_util::sync::CancellationToken;

use crate::{
    Brought, Cause, Engine, EngineError, EngineImage, EngineInfo, EngineKind, LayerProgress,
    PinnedImage, Pulled, Removal, disk_of,
};

/// The built-in store: an OCI image layout in a folder of this host.
///
/// It runs no containers and all its names are ours, so nothing keeps an image that shall go.
#[derive(Clone)]
pub struct StoreEngine {
    layout: Layout,
    registry: ImageRegistry,
    architecture: String,
}

impl StoreEngine {
    /// Keeps images of one architecture in a layout, pulled from image registries.
    pub fn new(layout: Layout, registry: ImageRegistry, architecture: &str) -> Self {
        Self {
            layout,
            registry,
            architecture: architecture.to_owned(),
        }
    }

    /// Runs on a thread that may wait for the disk.
    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Layout) -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        let layout = self.layout.clone();
        tokio::task::spawn_blocking(move || work(&layout))
            .await
            .map_err(|error| EngineError::new(Cause::Other, format!("the store failed: {error}")))
    }
}

#[async_trait]
impl Engine for StoreEngine {
    fn kind(&self) -> EngineKind {
        EngineKind::Store
    }

    async fn info(&self) -> Result<EngineInfo, EngineError> {
        let disk = self.on_disk(|layout| disk_of(layout.path())).await?;
        Ok(EngineInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            architecture: self.architecture.clone(),
            disk,
        })
    }

    async fn images(&self) -> Result<Vec<EngineImage>, EngineError> {
        let stored = self.on_disk(Layout::images).await?;
        let mut images = BTreeMap::<Digest, EngineImage>::new();
        let ours = |image: &StoredImage| image.architectures.contains(&self.architecture);
        for image in stored.into_iter().filter(ours) {
            let entry = images
                .entry(image.digest.clone())
                .or_insert_with(|| EngineImage {
                    references: Vec::new(),
                    digests: vec![image.digest.clone()],
                    size_bytes: image.size_bytes,
                });
            let canonical = format!("{}@{}", image.name.repository(), image.digest);
            if !entry.references.contains(&canonical) {
                entry.references.push(canonical);
            }
            if image.name.tag().is_some() {
                entry.references.push(image.name.to_string());
            }
        }
        Ok(images.into_values().collect())
    }

    async fn holds(&self, image: &PinnedImage) -> Result<bool, EngineError> {
        let image = image.clone();
        let architecture = self.architecture.clone();
        self.on_disk(move |layout| layout.holds(&image.reference, &image.digest, &architecture))
            .await
    }

    async fn pull(
        &self,
        image: &PinnedImage,
        _ours: &Brought,
        progress: &(dyn Fn(LayerProgress) + Send + Sync),
        cancel: CancellationToken,
    ) -> Result<Pulled, EngineError> {
        let tell = |layer: images::LayerProgress| {
            progress(LayerProgress {
                id: layer.digest.short().to_owned(),
                done: layer.done,
                total: layer.total,
            });
        };
        let pulled = self
            .layout
            .pull(
                &self.registry,
                &image.reference,
                &image.digest,
                &self.architecture,
                &tell,
                &cancel,
            )
            .await
            .map_err(|error| classify(&error))?;
        Ok(Pulled {
            size_bytes: pulled.size_bytes,
        })
    }

    /// Leaves the tag to [`Engine::remove`], which drops all tags of the repository.
    async fn untag(&self, _image: &PinnedImage) -> Result<(), EngineError> {
        Ok(())
    }

    /// Takes all tags of the repository along: whoever names an image here is us.
    async fn remove(&self, image: &PinnedImage, _tags: &[String]) -> Result<Removal, EngineError> {
        let image = image.clone();
        let removed = self
            .on_disk(move |layout| layout.remove(&image.reference, &image.digest))
            .await?
            .map_err(|error| layout_error(&error))?;
        Ok(removed.map_or(Removal::NotThere, |bytes| Removal::Removed { bytes }))
    }
}

fn classify(error: &ImageError) -> EngineError {
    match error {
        ImageError::Cancelled => EngineError::cancelled(),
        error => EngineError::new(cause_of(error), in_full(error)),
    }
}

fn cause_of(error: &ImageError) -> Cause {
    match error {
        ImageError::Broken { source, .. } => cause_of(source),
        // As for Docker: the image registry is there but does not answer, or broke off.
        ImageError::Fetch(
            FetchError::ConnectionRefused { .. }
            | FetchError::NotConnected { .. }
            | FetchError::BrokenTransfer { .. },
        )
        | ImageError::Status {
            status: 500..=599, ..
        } => Cause::TimedOut,
        error => match error.cause() {
            ImageCause::NotFound => Cause::NotFound,
            ImageCause::Denied => Cause::Denied,
            ImageCause::RateLimited => Cause::RateLimited,
            ImageCause::NameNotResolved => Cause::NameNotResolved,
            ImageCause::TimedOut => Cause::TimedOut,
            ImageCause::WrongArchitecture => Cause::WrongArchitecture,
            ImageCause::NoSpace => Cause::NoSpace,
            ImageCause::DigestMismatch => Cause::DigestMismatch,
            ImageCause::RefusedByPolicy => Cause::RefusedByPolicy,
            ImageCause::Other => Cause::Other,
        },
    }
}

fn layout_error(error: &LayoutError) -> EngineError {
    let cause = match error {
        LayoutError::Io { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
            Cause::NoSpace
        }
        _ => Cause::Other,
    };
    EngineError::new(cause, in_full(error))
}

/// An error with what caused it: each says only its own part.
fn in_full(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}
