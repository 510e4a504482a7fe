use model::Digest;
use serde_json::json;
use sha2::{Digest as _, Sha256};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// Bytes with the digest that they are asked for by.
#[derive(Debug, Clone)]
pub(crate) struct Blob {
    pub(crate) digest: Digest,
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// An image, ready to be published.
#[derive(Debug, Clone)]
pub(crate) struct Built {
    /// What a tag names: the index, or the manifest where there is none.
    pub(crate) top: Blob,
    /// Manifests of an index.
    pub(crate) manifests: Vec<Blob>,
    /// Configs and layers.
    pub(crate) blobs: Vec<Blob>,
    /// What it was built for.
    pub(crate) architectures: Vec<String>,
}

impl Built {
    /// An image with an index of these architectures and one layer for each text.
    pub(crate) fn with_index(architectures: &[&str], layers: &[String]) -> Self {
        let mut manifests = Vec::new();
        let mut blobs = Vec::new();
        let mut entries = Vec::new();
        for architecture in architectures {
            let (manifest, parts) = manifest(architecture, layers);
            entries.push(json!({
                "mediaType": MANIFEST,
                "digest": manifest.digest,
                "size": manifest.bytes.len(),
                "platform": {"os": "linux", "architecture": architecture},
            }));
            manifests.push(manifest);
            blobs.extend(parts);
        }
        let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries});
        Self {
            top: blob(INDEX, index.to_string().into_bytes()),
            manifests,
            blobs,
            architectures: architectures.iter().map(ToString::to_string).collect(),
        }
    }

    /// An image without an index.
    pub(crate) fn without_index(architecture: &str, layers: &[String]) -> Self {
        let (top, blobs) = manifest(architecture, layers);
        Self {
            top,
            manifests: Vec::new(),
            blobs,
            architectures: vec![architecture.to_owned()],
        }
    }
}

fn manifest(architecture: &str, layers: &[String]) -> (Blob, Vec<Blob>) {
    let layers: Vec<Blob> = layers.iter().map(|text| layer(text)).collect();
    let config = json!({
        "os": "linux",
        "architecture": architecture,
        "config": {"Cmd": ["/none"]},
        "rootfs": {
            "type": "layers",
            "diff_ids": layers.iter().map(|layer| &layer.digest).collect::<Vec<_>>(),
        },
    });
    let config = blob(
        "application/vnd.oci.image.config.v1+json",
        config.to_string().into_bytes(),
    );
    let describe = |blob: &Blob| json!({"mediaType": blob.media_type, "digest": blob.digest, "size": blob.bytes.len()});
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": describe(&config),
        "layers": layers.iter().map(describe).collect::<Vec<_>>(),
    });
    let manifest = blob(MANIFEST, manifest.to_string().into_bytes());
    (manifest, [vec![config], layers].concat())
}

/// A layer with one file, large enough for an engine to tell its progress.
fn layer(text: &str) -> Blob {
    let content = text.repeat(200_000_usize.div_ceil(text.len()));
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    let name = format!("{}.txt", text.replace('/', "-"));
    archive
        .append_data(&mut header, name, content.as_bytes())
        .unwrap();
    blob(
        "application/vnd.oci.image.layer.v1.tar",
        archive.into_inner().unwrap(),
    )
}

fn blob(media_type: &'static str, bytes: Vec<u8>) -> Blob {
    Blob {
        digest: Digest::from_sha256(&Sha256::digest(&bytes).into()),
        media_type,
        bytes,
    }
}
