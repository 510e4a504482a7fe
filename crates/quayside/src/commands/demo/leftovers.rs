//! The demo's folder, and what killed demos left.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use engine::{DockerEngine, Engine, PinnedImage};
use model::ImageReference;

use crate::{data_folder, engine_choice};

const PREFIX: &str = "quayside-demo-";

/// Says below which host a demo that was killed had its images.
const IMAGE_HOST_FILE: &str = "image-host";

/// A folder of our own in the system's folder for temporary files; gone with this value.
#[derive(Debug)]
pub(super) struct DemoFolder {
    folder: tempfile::TempDir,
    _lock: File,
}

impl DemoFolder {
    pub(super) fn create() -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir()
            .context("failed to make a temporary folder")?;
        let lock = data_folder::lock(folder.path())?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Notes where the images come from, so that the next demo can remove them should this one be killed.
    pub(super) fn note_image_host(&self, host: &str) -> anyhow::Result<()> {
        std::fs::write(self.path().join(IMAGE_HOST_FILE), host)
            .context("failed to write into the demo's folder")
    }

    /// Removes the folder.
    pub(super) fn remove(self) -> anyhow::Result<()> {
        let path = self.path().to_owned();
        self.folder
            .close()
            .with_context(|| format!("failed to remove `{}`", path.display()))
    }
}

/// Removes what killed demos left: their folders, and their images in Docker. Tells how many there were.
pub(super) async fn sweep() -> anyhow::Result<usize> {
    let mut swept = 0;
    for folder in abandoned()? {
        if let Ok(host) = std::fs::read_to_string(folder.path.join(IMAGE_HOST_FILE)) {
            let docker = DockerEngine::new(engine_choice::docker_address()?);
            // Docker may be gone by now, and with it the images.
            if docker.info().await.is_ok() {
                remove_images(&docker, host.trim()).await?;
            }
        }
        std::fs::remove_dir_all(&folder.path)
            .with_context(|| format!("failed to remove `{}`", folder.path.display()))?;
        swept += 1;
    }
    Ok(swept)
}

/// Removes every image below a host; never by force.
pub(super) async fn remove_images(engine: &dyn Engine, host: &str) -> anyhow::Result<()> {
    for image in engine.images().await? {
        for reference in image
            .references
            .iter()
            .filter_map(|text| ImageReference::parse(text).ok())
        {
            if reference.host() != host {
                continue;
            }
            for digest in &image.digests {
                let tagged = reference.tag().map(|_| reference.clone());
                let pinned = PinnedImage {
                    reference: tagged.unwrap_or_else(|| reference.clone()),
                    digest: digest.clone(),
                };
                engine.remove(&pinned, &[]).await?;
            }
        }
    }
    Ok(())
}

struct Abandoned {
    path: PathBuf,
    _lock: File,
}

/// Folders of demos that nobody runs any more: their lock is free.
fn abandoned() -> anyhow::Result<Vec<Abandoned>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(std::env::temp_dir())
        .context("failed to read the folder for temporary files")?
    {
        let path = entry?.path();
        let ours = path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(PREFIX));
        if !ours || !path.join("lock").is_file() {
            continue;
        }
        if let Ok(lock) = data_folder::lock(&path) {
            found.push(Abandoned { path, _lock: lock });
        }
    }
    Ok(found)
}
