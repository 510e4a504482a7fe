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

/// What archives and pages add to the files of an image, at most.
const AROUND_BYTES: usize = 20_000;

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
        let log = vec![b'~'; log_bytes(image)];
        let own = layer(&[
            ("srv/index.html", page.as_bytes()),
            ("srv/pictures.bin", &pictures),
            ("srv/log.txt", &log),
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

/// So long a log that the image takes as much as its workspaces say; it hardly takes room while it is compressed.
fn log_bytes(image: &ExampleImage) -> usize {
    let files = CHARTS_BYTES + PROGRAM_BYTES + PICTURES_BYTES + AROUND_BYTES;
    (image.size_mb * 1_000_000).saturating_sub(files)
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

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::path::Path;

    use flate2::read::GzDecoder;
    use serde_json::Value;

    use super::super::example;
    use super::*;

    fn blob(folder: &Path, digest: &Value) -> Vec<u8> {
        let hex = digest.as_str().unwrap().strip_prefix("sha256:").unwrap();
        std::fs::read(folder.join("blobs/sha256").join(hex)).unwrap()
    }

    /// What an image of that manifest takes, unpacked, layers counted in full.
    fn unpacked(folder: &Path, manifest: &Value) -> usize {
        let layers = manifest["layers"].as_array().unwrap().iter();
        let sizes = layers.map(|layer| {
            let bytes = blob(folder, &layer["digest"]);
            let mut counted = Vec::new();
            GzDecoder::new(&*bytes).read_to_end(&mut counted).unwrap()
        });
        sizes.sum()
    }

    #[test]
    fn images_take_as_much_as_their_workspaces_say() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::open(folder.path()).unwrap();
        let images = example::images().unwrap();
        make(&layout, &images).unwrap();
        let said: BTreeMap<&str, usize> = images
            .values()
            .map(|image| (image.title.as_str(), image.size_mb))
            .collect();
        let mut measured = 0;
        for entry in std::fs::read_dir(folder.path().join("blobs/sha256")).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            let Ok(manifest) = serde_json::from_slice::<Value>(&bytes) else {
                continue;
            };
            if manifest["layers"].is_null() {
                continue;
            }
            let config = blob(folder.path(), &manifest["config"]["digest"]);
            let config: Value = serde_json::from_slice(&config).unwrap();
            let title = &config["config"]["Labels"]["org.opencontainers.image.title"];
            let title = title.as_str().unwrap();
            // A whole number of MB, and a worst case: rounded up.
            let taken = unpacked(folder.path(), &manifest);
            assert_eq!(taken.div_ceil(1_000_000), said[title], "{title}: {taken}");
            measured += 1;
        }
        assert!(measured >= 2 * images.len() - 1, "{measured}");
    }
}
