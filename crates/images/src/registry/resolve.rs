use futures_util::future::try_join_all;
use model::{Digest, ImageReference};

use super::exchange::{Repository, check};
use super::{Credentials, ImageRegistry};
use crate::ImageError;
use crate::document::{
    Descriptor, Document, Kind, Manifest, Platform, choose, config_platform, offered,
};

/// The architectures that are looked for.
const ARCHITECTURES: [&str; 2] = ["amd64", "arm64"];
/// So many manifests are opened in an index that does not say what they are for.
pub(crate) const MAX_UNLABELLED: usize = 4;

/// What a reference means right now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The digest of what the tag answers with, computed from its bytes: the index where there is one.
    pub digest: Digest,
    /// Its media type.
    pub media_type: String,
    /// The image of each platform that can be used here: linux on amd64 or arm64; at least one.
    pub platforms: Vec<PlatformImage>,
}

/// The image of one platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformImage {
    /// The operating system.
    pub os: String,
    /// The architecture, as in `amd64`.
    pub architecture: String,
    /// The variant, as in `v8`.
    pub variant: Option<String>,
    /// The digest of the manifest.
    pub manifest: Digest,
    /// The length of the manifest in bytes.
    pub manifest_size: u64,
    /// The digest of the config, which Docker shows as the image's id.
    pub config: Digest,
    /// The length of the config in bytes.
    pub config_size: u64,
    /// The layers, lowest first.
    pub layers: Vec<LayerDescriptor>,
}

/// One layer as the manifest names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerDescriptor {
    /// The digest of the blob.
    pub digest: Digest,
    /// The length of the blob in bytes, as transferred.
    pub size: u64,
    /// The media type.
    pub media_type: String,
}

impl ImageRegistry {
    /// Asks what a reference means: tag to index to manifests, with configs and layers.
    ///
    /// A reference with a digest is asked for by that, whatever its tag answers with today.
    pub async fn resolve(
        &self,
        reference: &ImageReference,
        credentials: Option<&Credentials>,
    ) -> Result<Resolved, ImageError> {
        let credentials = credentials.or(self.credentials.as_deref());
        let repository = Repository::new(self, reference, credentials)?;
        let asked = match reference.digest() {
            Some(digest) => digest.as_str(),
            None => reference.tag_or_latest(),
        };
        let fetched = repository.manifest(asked).await?;
        if let Some(digest) = reference.digest() {
            check("manifest", digest, None, &fetched)?;
        }
        let document = Document::read(&fetched.bytes, fetched.content_type.as_deref())
            .map_err(|detail| repository.unusable("manifest", detail))?;
        let platforms = match document.kind {
            Kind::Index(children) => of_index(&repository, &children).await?,
            Kind::Manifest(manifest) => {
                let platform = platform_of(&repository, &manifest).await?;
                if !ARCHITECTURES
                    .iter()
                    .any(|architecture| platform.runs_on(architecture))
                {
                    return Err(wrong(&repository, vec![platform.name()]));
                }
                let size = fetched.bytes.len() as u64;
                vec![PlatformImage::new(
                    platform,
                    fetched.digest.clone(),
                    size,
                    manifest,
                )]
            }
        };
        Ok(Resolved {
            digest: fetched.digest,
            media_type: document.media_type,
            platforms,
        })
    }
}

impl PlatformImage {
    fn new(platform: Platform, manifest: Digest, manifest_size: u64, content: Manifest) -> Self {
        Self {
            os: platform.os,
            architecture: platform.architecture,
            variant: platform.variant,
            manifest,
            manifest_size,
            config: content.config.digest,
            config_size: content.config.size,
            layers: content
                .layers
                .into_iter()
                .map(|layer| LayerDescriptor {
                    digest: layer.digest,
                    size: layer.size,
                    media_type: layer.media_type,
                })
                .collect(),
        }
    }

    /// Bytes of the layers as transferred, each layer once.
    pub fn layer_bytes(&self) -> u64 {
        let mut seen: Vec<&Digest> = Vec::new();
        let mut sum: u64 = 0;
        for layer in &self.layers {
            if !seen.contains(&&layer.digest) {
                seen.push(&layer.digest);
                sum = sum.saturating_add(layer.size);
            }
        }
        sum
    }
}

async fn of_index(
    repository: &Repository<'_>,
    children: &[Descriptor],
) -> Result<Vec<PlatformImage>, ImageError> {
    let labelled = ARCHITECTURES.iter().filter_map(|architecture| {
        choose(children, architecture).map(|child| (child, child.platform.clone()))
    });
    let mut wanted: Vec<_> = labelled.collect();
    if children.iter().all(|child| child.platform.is_none()) {
        wanted.extend(
            children
                .iter()
                .take(MAX_UNLABELLED)
                .map(|child| (child, None)),
        );
    }
    let opened = wanted.into_iter().map(|(child, platform)| async move {
        let manifest = manifest_of(repository, child).await?;
        let platform = match platform {
            Some(platform) => platform,
            None => platform_of(repository, &manifest).await?,
        };
        Ok::<_, ImageError>(PlatformImage::new(
            platform,
            child.digest.clone(),
            child.size,
            manifest,
        ))
    });
    let mut platforms: Vec<PlatformImage> = Vec::new();
    for image in try_join_all(opened).await? {
        let usable = image.os == "linux" && ARCHITECTURES.contains(&image.architecture.as_str());
        let known = platforms
            .iter()
            .any(|other| other.architecture == image.architecture);
        if usable && !known {
            platforms.push(image);
        }
    }
    if platforms.is_empty() {
        return Err(wrong(repository, offered(children)));
    }
    Ok(platforms)
}

async fn manifest_of(
    repository: &Repository<'_>,
    child: &Descriptor,
) -> Result<Manifest, ImageError> {
    let fetched = repository.described_manifest(child).await?;
    read_manifest(repository, &fetched.bytes, fetched.content_type.as_deref())
}

/// Reads what an index points to, which may not be an index again.
pub(crate) fn read_manifest(
    repository: &Repository<'_>,
    bytes: &[u8],
    content_type: Option<&str>,
) -> Result<Manifest, ImageError> {
    let document = Document::read(bytes, content_type)
        .map_err(|detail| repository.unusable("manifest", detail))?;
    match document.kind {
        Kind::Manifest(manifest) => Ok(manifest),
        Kind::Index(_) => Err(repository.unusable("index", "it leads to another index")),
    }
}

async fn platform_of(
    repository: &Repository<'_>,
    manifest: &Manifest,
) -> Result<Platform, ImageError> {
    let config = repository.config(&manifest.config).await?;
    config_platform(&config).map_err(|detail| repository.unusable("config", detail))
}

fn wrong(repository: &Repository<'_>, offered: Vec<String>) -> ImageError {
    ImageError::WrongArchitecture {
        image: repository.image.to_owned(),
        wanted: "linux/amd64 or linux/arm64".to_owned(),
        offered,
    }
}
