use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use model::{Digest, ImageReference};
use tokio_util::sync::CancellationToken;

use super::name::StoredName;
use super::transfer::{LayerProgress, Transfer, blocking};
use super::{Inner, Layout};
use crate::document::{
    Descriptor, Document, Kind, Manifest, Platform, choose, config_platform, offered,
};
use crate::registry::{MAX_UNLABELLED, Repository, check, read_manifest};
use crate::{ImageError, ImageRegistry};

/// An image that is on disk whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PulledImage {
    /// The manifest of the platform that was pulled.
    pub manifest: Digest,
    /// Bytes that the image takes up, its shared layers included.
    pub size_bytes: u64,
    /// Bytes of layers that were fetched for it; the others were there.
    pub fetched_bytes: u64,
    /// Layers, each counted once.
    pub layers: usize,
}

/// Receives the progress of a pull, one layer at a time.
pub type OnProgress<'a> = &'a (dyn Fn(LayerProgress) + Send + Sync);

impl Layout {
    /// Brings an image here for one architecture, pinned to a digest, and names it as the reference does.
    ///
    /// # Flow
    /// The document behind the digest, the platform's manifest and its config come first and are verified; then the
    /// layers, several at once; then the folder is synced and the index replaced.
    ///
    /// # Guarantees
    /// May run twice, at the same time as others, and be cut off anywhere: a blob has its final name only once it was
    /// verified and synced, an image is in the index only once it is whole. A blob is fetched once however many pulls
    /// want it, and continued where an earlier pull, or process, left it. An image that is here needs no network.
    ///
    /// # Assumptions
    /// The digest is that of an index or of a manifest, as [`ImageRegistry::resolve`] gives it.
    pub async fn pull(
        &self,
        registry: &ImageRegistry,
        reference: &ImageReference,
        digest: &Digest,
        architecture: &str,
        progress: OnProgress<'_>,
        cancel: &CancellationToken,
    ) -> Result<PulledImage, ImageError> {
        let repository = Repository::new(registry, reference, registry.credentials())?;
        let pull = Pull {
            claim: Arc::new(PullClaim::begin(&self.inner, digest).await?),
            inner: &self.inner,
            image: digest,
            repository: &repository,
            registry,
            architecture,
            progress,
        };
        cancel
            .run_until_cancelled(pull.run(StoredName::from(reference)))
            .await
            .unwrap_or(Err(ImageError::Cancelled))
    }
}

struct Pull<'a> {
    /// Writes that outlive a cancelled pull hold it, too.
    claim: Arc<PullClaim>,
    inner: &'a Arc<Inner>,
    image: &'a Digest,
    repository: &'a Repository<'a>,
    registry: &'a ImageRegistry,
    architecture: &'a str,
    progress: OnProgress<'a>,
}

/// The image of the platform wanted, and the document that leads to it.
struct Found {
    top: Descriptor,
    manifest: Digest,
    content: Manifest,
}

impl Pull<'_> {
    async fn run(self, name: StoredName) -> Result<PulledImage, ImageError> {
        let found = self.find().await?;
        let layers: Vec<Descriptor> = found
            .content
            .distinct_layers()
            .into_iter()
            .cloned()
            .collect();
        let missing = self.prepare(&layers).await?;
        let fetched_bytes = self.fetch(&layers).await?;
        let inner = Arc::clone(self.inner);
        let architecture = self.architecture.to_owned();
        let count = layers.len();
        let reached =
            blocking(move || inner.arrive(&name, &found.top, &architecture, missing)).await??;
        Ok(PulledImage {
            manifest: found.manifest,
            size_bytes: reached,
            fetched_bytes,
            layers: count,
        })
    }

    /// Goes from the pinned digest to the platform's manifest, and brings the documents on the way to the disk.
    async fn find(&self) -> Result<Found, ImageError> {
        let (bytes, content_type) = if let Some(bytes) = self.local(self.image).await? {
            (bytes, None)
        } else {
            let fetched = self.repository.manifest(self.image.as_str()).await?;
            check("manifest", self.image, None, &fetched)?;
            self.keep(self.image, fetched.bytes.clone()).await?;
            (fetched.bytes, fetched.content_type)
        };
        let document = Document::read(&bytes, content_type.as_deref())
            .map_err(|detail| self.repository.unusable("manifest", detail))?;
        let top = Descriptor {
            media_type: document.media_type,
            digest: self.image.clone(),
            size: bytes.len() as u64,
            platform: None,
        };
        match document.kind {
            Kind::Manifest(content) => {
                let platform = self.platform(&content).await?;
                if !platform.runs_on(self.architecture) {
                    return Err(self.wrong(vec![platform.name()]));
                }
                Ok(Found {
                    top,
                    manifest: self.image.clone(),
                    content,
                })
            }
            Kind::Index(children) => {
                if let Some(child) = choose(&children, self.architecture) {
                    let content = self.manifest(child).await?;
                    self.platform(&content).await?;
                    return Ok(Found {
                        top,
                        manifest: child.digest.clone(),
                        content,
                    });
                }
                for child in children
                    .iter()
                    .filter(|child| child.platform.is_none())
                    .take(MAX_UNLABELLED)
                {
                    let content = self.manifest(child).await?;
                    if self.platform(&content).await?.runs_on(self.architecture) {
                        return Ok(Found {
                            top,
                            manifest: child.digest.clone(),
                            content,
                        });
                    }
                }
                Err(self.wrong(offered(&children)))
            }
        }
    }

    async fn manifest(&self, child: &Descriptor) -> Result<Manifest, ImageError> {
        if let Some(bytes) = self.local(&child.digest).await? {
            return read_manifest(self.repository, &bytes, None);
        }
        let fetched = self.repository.described_manifest(child).await?;
        let content = read_manifest(
            self.repository,
            &fetched.bytes,
            fetched.content_type.as_deref(),
        )?;
        self.keep(&child.digest, fetched.bytes).await?;
        Ok(content)
    }

    /// Reads the config, which belongs to the image and says what the image is for.
    async fn platform(&self, content: &Manifest) -> Result<Platform, ImageError> {
        let bytes = if let Some(bytes) = self.local(&content.config.digest).await? {
            bytes
        } else {
            let bytes = self.repository.config(&content.config).await?;
            self.keep(&content.config.digest, bytes.clone()).await?;
            bytes
        };
        config_platform(&bytes).map_err(|detail| self.repository.unusable("config", detail))
    }

    async fn local(&self, digest: &Digest) -> Result<Option<Vec<u8>>, ImageError> {
        let folder = self.inner.folder.clone();
        let digest = digest.clone();
        Ok(blocking(move || folder.read_document(&digest)).await??)
    }

    /// Stores a document that was verified against this digest.
    async fn keep(&self, digest: &Digest, bytes: Vec<u8>) -> Result<(), ImageError> {
        let inner = Arc::clone(self.inner);
        let (image, digest) = (self.image.clone(), digest.clone());
        let claim = Arc::clone(&self.claim);
        let keep = move || {
            let _claim = claim;
            inner.state().claims.add(&image, [digest.clone()]);
            inner.folder.replace(&inner.folder.blob(&digest), &bytes)
        };
        Ok(blocking(keep).await??)
    }

    /// Claims the layers and makes sure that they fit on the disk; tells whether any is missing.
    async fn prepare(&self, layers: &[Descriptor]) -> Result<bool, ImageError> {
        let inner = Arc::clone(self.inner);
        let image = self.image.clone();
        let layers = layers.to_vec();
        let claim = Arc::clone(&self.claim);
        let prepare = move || -> Result<bool, ImageError> {
            let _claim = claim;
            let mut state = inner.state();
            state
                .claims
                .add(&image, layers.iter().map(|layer| layer.digest.clone()));
            let Some(missing) = inner.missing_bytes(&layers) else {
                return Ok(false);
            };
            state.claims.store(&inner.folder, &image)?;
            match inner.folder.free_bytes() {
                Some(free) if free < missing => Err(ImageError::NoSpace {
                    needed: missing,
                    free,
                }),
                _ => Ok(true),
            }
        };
        blocking(prepare).await?
    }

    /// Brings the layers to the disk, the largest first so that none is left alone at the end.
    async fn fetch(&self, layers: &[Descriptor]) -> Result<u64, ImageError> {
        // Owned, because a closure over borrowed layers leaves the compiler unsure that the pull may change threads.
        let mut layers = layers.to_vec();
        layers.sort_by_key(|layer| std::cmp::Reverse(layer.size));
        let options = &self.registry.options;
        stream::iter(layers)
            .map(|layer| async move {
                let report = |done| {
                    (self.progress)(LayerProgress {
                        digest: layer.digest.clone(),
                        done,
                        total: layer.size,
                    });
                };
                let transfer = Transfer {
                    inner: self.inner,
                    claim: &self.claim,
                    repository: self.repository,
                    layer: &layer,
                    attempts: options.attempts.max(1),
                    pause: options.pause,
                };
                transfer.run(report).await
            })
            .buffer_unordered(options.layers_at_once.max(1))
            .try_fold(0, |sum, fetched| async move { Ok(sum + fetched) })
            .await
    }

    fn wrong(&self, offered: Vec<String>) -> ImageError {
        ImageError::WrongArchitecture {
            image: self.repository.image.to_owned(),
            wanted: format!("linux/{}", self.architecture),
            offered,
        }
    }
}

/// Keeps what a pull wants from being collected, and leaves the claim to the next attempt if it did not arrive.
pub(super) struct PullClaim {
    inner: Arc<Inner>,
    image: Digest,
}

impl PullClaim {
    async fn begin(inner: &Arc<Inner>, image: &Digest) -> Result<Self, ImageError> {
        let inner = Arc::clone(inner);
        let image = image.clone();
        let begin = move || {
            inner.state().claims.begin(&image);
            Self { inner, image }
        };
        blocking(begin).await
    }
}

impl Drop for PullClaim {
    fn drop(&mut self) {
        let inner = &self.inner;
        let mut state = inner.state();
        let ended = match state.claims.end(&inner.folder, &self.image) {
            Ok(true) => state.collect(&inner.folder).map(drop),
            other => other.map(drop),
        };
        if let Err(error) = ended {
            tracing::warn!(image.digest = %self.image, "What a removed image left cannot be collected: {error}.");
        }
    }
}
