use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use model::Digest;
use serde_json::json;
use sha2::{Digest as _, Sha256};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
const PACKED_LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// What an image is made of; the same plan gives the same bytes.
#[derive(Debug, Clone)]
pub struct ImagePlan {
    /// One manifest each, under an index; with a single one and `index` off there is none.
    pub architectures: Vec<&'static str>,
    /// Whether there is an index.
    pub index: bool,
    /// Whether layers are packed with gzip, as most are.
    pub packed: bool,
    /// Lowest first; the same for each architecture, apart from `seed` of the topmost.
    pub layers: Vec<LayerPlan>,
}

/// A layer with one file of bytes that no compression makes smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayerPlan {
    /// Layers with the same seed and size are the same.
    pub seed: u64,
    /// Bytes of the file in it.
    pub size: usize,
}

/// Bytes under their digest.
#[derive(Debug, Clone)]
pub struct Blob {
    /// The digest.
    pub digest: Digest,
    /// The media type.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// An image, ready to be pushed.
#[derive(Debug, Clone)]
pub struct TestImage {
    /// What a tag names: the index, or the only manifest.
    pub top: Blob,
    /// Manifests below the index.
    pub manifests: Vec<Blob>,
    /// Configs.
    pub configs: Vec<Blob>,
    /// Layers, lowest first.
    pub layers: Vec<Blob>,
}

impl ImagePlan {
    /// An index for amd64 and arm64 over layers of these sizes; `seed` makes them unlike any other.
    pub fn new(seed: u64, sizes: &[usize]) -> Self {
        let layers = sizes.iter().enumerate().map(|(number, size)| LayerPlan {
            seed: seed * 1_000 + number as u64,
            size: *size,
        });
        Self {
            architectures: vec!["amd64", "arm64"],
            index: true,
            packed: false,
            layers: layers.collect(),
        }
    }

    /// Makes the image.
    pub fn build(&self) -> TestImage {
        let (mut layers, mut diff_ids) = (Vec::new(), Vec::new());
        for plan in &self.layers {
            let plain = layer(*plan);
            diff_ids.push(plain.digest.clone());
            layers.push(if self.packed { pack(&plain) } else { plain });
        }
        let mut manifests = Vec::new();
        let mut configs = Vec::new();
        let mut entries = Vec::new();
        for architecture in &self.architectures {
            let config = config(architecture, &diff_ids);
            let manifest = json_blob(
                MANIFEST,
                &json!({
                    "schemaVersion": 2,
                    "mediaType": MANIFEST,
                    "config": descriptor(&config),
                    "layers": layers.iter().map(descriptor).collect::<Vec<_>>(),
                }),
            );
            let mut entry = descriptor(&manifest);
            entry["platform"] = json!({"os": "linux", "architecture": architecture});
            entries.push(entry);
            manifests.push(manifest);
            configs.push(config);
        }
        let top = if self.index {
            json_blob(
                INDEX,
                &json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}),
            )
        } else {
            manifests
                .pop()
                .expect("an image without an index has one architecture")
        };
        TestImage {
            top,
            manifests,
            configs,
            layers,
        }
    }
}

impl TestImage {
    /// The digest that the tag answers with.
    pub fn digest(&self) -> &Digest {
        &self.top.digest
    }
}

fn config(architecture: &str, diff_ids: &[Digest]) -> Blob {
    json_blob(
        CONFIG,
        &json!({
            "os": "linux",
            "architecture": architecture,
            "config": {"Cmd": ["/nothing"]},
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
        }),
    )
}

fn descriptor(blob: &Blob) -> serde_json::Value {
    json!({"mediaType": blob.media_type, "digest": blob.digest.as_str(), "size": blob.bytes.len()})
}

fn layer(plan: LayerPlan) -> Blob {
    let mut archive = tar::Builder::new(Vec::with_capacity(plan.size + 2_048));
    let mut header = tar::Header::new_gnu();
    header.set_size(plan.size as u64);
    header.set_mode(0o644);
    header.set_cksum();
    let name = format!("file-{}", plan.seed);
    let content = noise(plan);
    archive
        .append_data(&mut header, name, content.as_slice())
        .and_then(|()| archive.into_inner())
        .map(|bytes| blob(LAYER, bytes))
        .expect("memory takes what is written")
}

fn pack(layer: &Blob) -> Blob {
    // What is in it gets no smaller, so that trying hard would only cost time.
    let mut encoder = GzEncoder::new(Vec::with_capacity(layer.bytes.len()), Compression::none());
    encoder
        .write_all(&layer.bytes)
        .and_then(|()| encoder.finish())
        .map(|bytes| blob(PACKED_LAYER, bytes))
        .expect("memory takes what is written")
}

/// Bytes without a pattern, always the same for a plan.
fn noise(plan: LayerPlan) -> Vec<u8> {
    let mut state = plan.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(plan.size + 8);
    while bytes.len() < plan.size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(plan.size);
    bytes
}

fn json_blob(media_type: &'static str, document: &serde_json::Value) -> Blob {
    blob(media_type, document.to_string().into_bytes())
}

fn blob(media_type: &'static str, bytes: Vec<u8>) -> Blob {
    Blob {
        digest: Digest::from_sha256(&Sha256::digest(&bytes).into()),
        media_type,
        bytes,
    }
}
