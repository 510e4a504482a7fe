use bytes::Bytes;
use model::Digest;
use sha2::{Digest as _, Sha256};

use super::Layout;
use super::folder::Folder;
use super::name::StoredName;
use crate::LayoutError;
use crate::document::{Descriptor, Platform, media_type};

/// An image of one architecture, made on the spot.
#[derive(Debug, Clone)]
pub struct LocalImage {
    /// The architecture, as in `amd64`; the operating system is linux.
    pub architecture: String,
    /// The `config` object of the image's config: `Cmd`, `Env`, `Labels` and the like.
    pub config: serde_json::Value,
    /// The layers, lowest first.
    pub layers: Vec<LocalLayer>,
}

/// A layer made on the spot; clones share their bytes.
#[derive(Debug, Clone)]
pub struct LocalLayer {
    media_type: &'static str,
    bytes: Bytes,
    /// Of the layer before compression.
    diff_id: Digest,
}

impl LocalLayer {
    /// A layer that is a tar archive.
    pub fn tar(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self {
            media_type: "application/vnd.oci.image.layer.v1.tar",
            diff_id: digest_of(&bytes),
            bytes,
        }
    }

    /// A layer that is a tar archive compressed with gzip; `diff_id` is the digest of the archive inside.
    pub fn gzip(bytes: impl Into<Bytes>, diff_id: Digest) -> Self {
        Self {
            media_type: "application/vnd.oci.image.layer.v1.tar+gzip",
            bytes: bytes.into(),
            diff_id,
        }
    }
}

impl Layout {
    /// Stores an image for one or more architectures under an index of its own, and tells the index's digest.
    ///
    /// The same content gives the same digest.
    pub fn put(&self, name: &StoredName, images: &[LocalImage]) -> Result<Digest, LayoutError> {
        let folder = &self.inner.folder;
        // Held throughout, so that nothing is collected before the index leads to it.
        let mut state = self.inner.state();
        let mut children = Vec::with_capacity(images.len());
        for image in images {
            children.push(put_image(folder, image)?);
        }
        let index = serde_json::json!({
            "schemaVersion": 2,
            "mediaType": media_type::OCI_INDEX,
            "manifests": children,
        });
        let top = put_json(folder, media_type::OCI_INDEX, &index)?;
        folder.sync_blobs()?;
        let reached = super::Reached::from(folder, &top)?;
        state
            .index
            .name(name, &top.media_type, &top.digest, top.size);
        state.index.store(folder)?;
        state.reached.insert(top.digest.clone(), reached);
        Ok(top.digest)
    }
}

fn put_image(folder: &Folder, image: &LocalImage) -> Result<Descriptor, LayoutError> {
    let mut layers = Vec::with_capacity(image.layers.len());
    for layer in &image.layers {
        layers.push(put_bytes(folder, layer.media_type, &layer.bytes)?);
    }
    let diff_ids: Vec<&Digest> = image.layers.iter().map(|layer| &layer.diff_id).collect();
    let config = serde_json::json!({
        "architecture": image.architecture,
        "os": "linux",
        "config": image.config,
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
    });
    let manifest = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": media_type::OCI_MANIFEST,
        "config": put_json(folder, media_type::OCI_CONFIG, &config)?,
        "layers": layers,
    });
    let mut descriptor = put_json(folder, media_type::OCI_MANIFEST, &manifest)?;
    descriptor.platform = Some(Platform {
        architecture: image.architecture.clone(),
        os: "linux".to_owned(),
        variant: None,
    });
    Ok(descriptor)
}

fn put_json(
    folder: &Folder,
    media_type: &str,
    document: &serde_json::Value,
) -> Result<Descriptor, LayoutError> {
    put_bytes(folder, media_type, document.to_string().as_bytes())
}

fn put_bytes(folder: &Folder, media_type: &str, bytes: &[u8]) -> Result<Descriptor, LayoutError> {
    let digest = digest_of(bytes);
    let size = bytes.len() as u64;
    if !folder.has_blob(&digest, size) {
        folder.replace(&folder.blob(&digest), bytes)?;
    }
    Ok(Descriptor {
        media_type: media_type.to_owned(),
        digest,
        size,
        platform: None,
    })
}

fn digest_of(bytes: &[u8]) -> Digest {
    Digest::from_sha256(&Sha256::digest(bytes).into())
}
