//! Unpacked sizes of images, as image registries know them.

use std::collections::HashMap;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use images::{ImageError, ImageRegistry, LayerDescriptor, PlatformImage, Resolved};
use model::{Digest, ImageReference};
use outbound::{Client, ClientConfig, Reach};
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::layer_sizes::LayerSizes;
use crate::console;

/// The pause where an image registry does not say how long to wait; it doubles with each further one.
const PAUSE: Duration = Duration::from_secs(30);

/// Asks image registries, each layer once however many images have it.
pub(super) struct ImageSizes {
    registry: ImageRegistry,
    patience: Duration,
    layers: Mutex<HashMap<Digest, Arc<OnceCell<u64>>>>,
    precision: Precision,
    transferred: AtomicU64,
}

/// How exactly layers are measured.
pub(super) enum Precision {
    /// Every layer is counted; what was counted is kept for a run that is cut off.
    Exact(LayerSizes),
    /// What a layer says of itself will do; it is counted where it says nothing.
    Estimate,
}

/// What an image turned out to be.
pub(super) struct Measured {
    /// The architectures that it is made for, of those that registries know.
    pub(super) offered: Vec<String>,
    /// Bytes of the largest of those that were asked for; nothing if none of them is offered.
    pub(super) bytes: Option<u64>,
}

/// Makes a client for image registries that an author names.
pub(super) fn image_registry(insecure_hosts: Vec<String>) -> anyhow::Result<ImageRegistry> {
    let client =
        Client::new(ClientConfig::default()).context("failed to set up the HTTP client")?;
    let options = images::Options {
        insecure_hosts,
        ..images::Options::default()
    };
    Ok(ImageRegistry::new(client, options).with_reach(Reach::Typed))
}

impl ImageSizes {
    pub(super) fn new(registry: ImageRegistry, patience: Duration, precision: Precision) -> Self {
        Self {
            registry,
            patience,
            layers: Mutex::default(),
            precision,
            transferred: AtomicU64::new(0),
        }
    }

    /// Bytes that came over the network so far.
    pub(super) fn transferred(&self) -> u64 {
        self.transferred.load(Ordering::Relaxed)
    }

    /// Forgets what was kept for a run that is cut off.
    pub(super) fn forget(&self) {
        if let Precision::Exact(known) = &self.precision {
            known.forget();
        }
    }

    /// Asks what an image is made for, and measures nothing.
    pub(super) async fn look(&self, image: &ImageReference) -> Result<Measured, ImageError> {
        let resolved = self.patient(|| self.registry.resolve(image, None)).await?;
        Ok(Measured::new(resolved, None))
    }

    /// Measures an image for these architectures; for all of its own if there are none.
    pub(super) async fn measure(
        &self,
        image: &ImageReference,
        architectures: &[String],
    ) -> Result<Measured, ImageError> {
        let resolved = self.patient(|| self.registry.resolve(image, None)).await?;
        let mut bytes = None;
        for platform in wanted(&resolved, architectures) {
            let mut sum: u64 = 0;
            for layer in &platform.layers {
                sum = sum.saturating_add(self.layer(image, layer).await?);
            }
            bytes = bytes.max(Some(sum));
        }
        Ok(Measured::new(resolved, bytes))
    }

    async fn layer(
        &self,
        image: &ImageReference,
        layer: &LayerDescriptor,
    ) -> Result<u64, ImageError> {
        let cell = {
            let mut layers = self.layers.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(layers.entry(layer.digest.clone()).or_default())
        };
        let count = async {
            let known = match &self.precision {
                Precision::Exact(known) => known.get(&layer.digest),
                Precision::Estimate => {
                    self.patient(|| self.registry.stated_unpacked(image, layer))
                        .await?
                }
            };
            if let Some(bytes) = known {
                return Ok(bytes);
            }
            let before = Mutex::new(0);
            let progress = |done: u64| {
                let mut before = before.lock().unwrap_or_else(PoisonError::into_inner);
                self.transferred
                    .fetch_add(done.saturating_sub(*before), Ordering::Relaxed);
                *before = done;
            };
            let bytes = self
                .patient(|| self.registry.count_unpacked(image, layer, &progress))
                .await?;
            if let Precision::Exact(known) = &self.precision {
                known.keep(&layer.digest, bytes);
            }
            Ok(bytes)
        };
        cell.get_or_try_init(|| count).await.copied()
    }

    /// Does what an image registry is asked for as often as it takes it to stop asking for a pause.
    async fn patient<T, F: Future<Output = Result<T, ImageError>>>(
        &self,
        ask: impl Fn() -> F,
    ) -> Result<T, ImageError> {
        let begun = Instant::now();
        let mut pause = PAUSE;
        loop {
            let error = match ask().await {
                Err(error) if is_busy(&error) => error,
                result => return result,
            };
            let wait = error.retry_after().unwrap_or(pause);
            if begun.elapsed() + wait > self.patience {
                return Err(error);
            }
            pause *= 2;
            console::note(&format!("waiting {} seconds: {error}", wait.as_secs()));
            tokio::time::sleep(wait).await;
        }
    }
}

impl Measured {
    fn new(resolved: Resolved, bytes: Option<u64>) -> Self {
        let platforms = resolved.platforms.into_iter();
        Self {
            offered: platforms.map(|platform| platform.architecture).collect(),
            bytes,
        }
    }
}

/// The images of the platforms that were asked for.
fn wanted<'r>(
    resolved: &'r Resolved,
    architectures: &'r [String],
) -> impl Iterator<Item = &'r PlatformImage> {
    resolved.platforms.iter().filter(move |platform| {
        architectures.is_empty() || architectures.contains(&platform.architecture)
    })
}

fn is_busy(error: &ImageError) -> bool {
    matches!(
        error,
        ImageError::RateLimited { .. }
            | ImageError::Status {
                retry_after: Some(_),
                ..
            }
    )
}
