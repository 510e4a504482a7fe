use std::collections::HashMap;

use model::Digest;

use super::folder::Folder;
use crate::LayoutError;
use crate::document::{Descriptor, Document, Kind, config_platform};

/// Indexes within indexes are followed this far.
const MAX_DEPTH: u8 = 4;
const MAX_BLOBS: usize = 100_000;

/// What an image consists of, as far as it is on disk.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reached {
    pub(crate) blobs: HashMap<Digest, Blob>,
    /// The architectures whose image is there whole, by the index or else by the config.
    pub(crate) whole: Vec<String>,
}

/// One blob of an image.
#[derive(Debug, Clone)]
pub(crate) struct Blob {
    pub(crate) size: u64,
    /// Of a manifest or an index; other blobs are served without one.
    pub(crate) manifest_type: Option<String>,
}

impl Reached {
    /// Follows an image from its topmost document down.
    pub(crate) fn from(folder: &Folder, top: &Descriptor) -> Result<Self, LayoutError> {
        let mut reached = Self::default();
        reached.follow(folder, top, MAX_DEPTH)?;
        Ok(reached)
    }

    pub(crate) fn size(&self) -> u64 {
        self.blobs
            .values()
            .fold(0, |sum: u64, blob| sum.saturating_add(blob.size))
    }

    fn follow(&mut self, folder: &Folder, at: &Descriptor, depth: u8) -> Result<(), LayoutError> {
        if depth == 0 || self.blobs.len() > MAX_BLOBS || self.blobs.contains_key(&at.digest) {
            return Ok(());
        }
        let Some(bytes) = folder.read_document(&at.digest)? else {
            return Ok(());
        };
        let Ok(document) = Document::read(&bytes, None) else {
            return Ok(());
        };
        let manifest_type = if at.media_type.is_empty() {
            document.media_type
        } else {
            at.media_type.clone()
        };
        self.blobs.insert(
            at.digest.clone(),
            Blob {
                size: bytes.len() as u64,
                manifest_type: Some(manifest_type),
            },
        );
        match document.kind {
            Kind::Index(children) => {
                for child in &children {
                    self.follow(folder, child, depth - 1)?;
                }
            }
            Kind::Manifest(manifest) => {
                let mut whole = true;
                for part in std::iter::once(&manifest.config).chain(&manifest.layers) {
                    if folder.has_blob(&part.digest, part.size) {
                        self.blobs.entry(part.digest.clone()).or_insert(Blob {
                            size: part.size,
                            manifest_type: None,
                        });
                    } else {
                        whole = false;
                    }
                }
                if whole {
                    let platform = match &at.platform {
                        Some(platform) => Some(platform.clone()),
                        None => folder
                            .read_document(&manifest.config.digest)?
                            .and_then(|config| config_platform(&config).ok()),
                    };
                    self.whole
                        .extend(platform.map(|platform| platform.architecture));
                }
            }
        }
        Ok(())
    }

    /// Whether the image for an architecture is there whole.
    pub(crate) fn is_whole_for(&self, architecture: &str) -> bool {
        self.whole.iter().any(|name| name == architecture)
    }
}
