//! Makes the example images: real manifests and layers, some of them shared, some 20 MB in all.

use std::collections::BTreeMap;
use std::io::Write as _;

use anyhow::Context as _;
use flate2::Compression;
use flate2::write::GzEncoder;
use images::{Layout, LocalImage, LocalLayer, StoredName};
use model::Digest;
use sha2::{Digest as _, Sha256};

use super::example::ExampleImage;

/// Below every image: the sea charts that they all read.
const CHARTS_BYTES: usize = 6_000_000;

/// One for each architecture, below every image of it.
const PROGRAM_BYTES: usize = 1_500_000;

/// Each image's own pictures.
const PICTURES_BYTES: usize = 900_000;

/// An image that was made.
#[derive(Debug, Clone)]
pub(super) struct MadeImage {
    pub(super) repository: String,
    pub(super) tag: String,
    pub(super) digest: Digest,
    /// Bytes of its layers for this host's architecture.
    pub(super) bytes: u64,
}

/// Puts all example images into a layout.
pub(super) fn make(
    layout: &Layout,
    images: &BTreeMap<String, ExampleImage>,
) -> anyhow::Result<Vec<MadeImage>> {
    let charts = layer(&[("usr/share/harbour/charts.bin", &noise(1, CHARTS_BYTES))])?;
    let mut programs = BTreeMap::new();
    let mut made = Vec::new();
    for (number, (repository, image)) in (10..).zip(images) {
        let page = page(image);
        let pictures = noise(number, PICTURES_BYTES);
        let own = layer(&[
            ("srv/index.html", page.as_bytes()),
            ("srv/pictures.bin", &pictures),
        ])?;
        for tag in &image.tags {
            let news = layer(&[(
                "srv/version.txt",
                format!("{repository} {tag}\n").as_bytes(),
            )])?;
            let mut variants = Vec::new();
            for architecture in &image.architectures {
                if !programs.contains_key(architecture) {
                    let seed = architecture.bytes().map(u64::from).sum();
                    programs.insert(
                        architecture.clone(),
                        layer(&[("usr/bin/harbour", &noise(seed, PROGRAM_BYTES))])?,
                    );
                }
                variants.push(LocalImage {
                    architecture: architecture.clone(),
                    config: serde_json::json!({
                        "Cmd": ["/usr/bin/harbour", "/srv"],
                        "WorkingDir": "/srv",
                        "Labels": { "org.opencontainers.image.title": image.title, "org.opencontainers.image.version": tag },
                    }),
                    layers: vec![charts.clone(), programs[architecture].clone(), own.clone(), news.clone()],
                });
            }
            let name = StoredName::parse(&format!("{repository}:{tag}"))?;
            let digest = layout
                .put(&name, &variants)
                .with_context(|| format!("failed to store the image `{repository}:{tag}`"))?;
            let bytes = (CHARTS_BYTES + PROGRAM_BYTES + PICTURES_BYTES + page.len()) as u64;
            made.push(MadeImage {
                repository: repository.clone(),
                tag: tag.clone(),
                digest,
                bytes,
            });
        }
    }
    Ok(made)
}

fn page(image: &ExampleImage) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<title>{title}</title>\n<h1>{title}</h1>\n<p>{text}</p>\n</html>\n",
        title = image.title,
        text = image.description
    )
}

/// A compressed tar archive of files.
fn layer(files: &[(&str, &[u8])]) -> anyhow::Result<LocalLayer> {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o755);
        header.set_mtime(0);
        archive.append_data(&mut header, path, *bytes)?;
    }
    let archive = archive.into_inner()?;
    let diff_id = Digest::from_sha256(&Sha256::digest(&archive).into());
    let mut compressed = GzEncoder::new(Vec::new(), Compression::fast());
    compressed.write_all(&archive)?;
    Ok(LocalLayer::gzip(compressed.finish()?, diff_id))
}

/// Bytes that do not compress, the same for the same seed (xorshift64*).
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let words = std::iter::repeat_with(|| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_le_bytes()
    });
    words.flatten().take(length).collect()
}
