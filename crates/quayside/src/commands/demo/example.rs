//! The example registry: its source files, and the copy whose images lead to the demo's own image server.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Context as _;
use rust_embed::Embed;
use serde::Deserialize;

/// Host that the example's image references name; nobody has it.
const PLACEHOLDER: &str = "quayside.example";

#[derive(Embed)]
#[folder = "../../examples/registry"]
struct Files;

/// An image that some example workspace names.
#[derive(Debug, Clone, Default)]
pub(super) struct ExampleImage {
    pub(super) tags: BTreeSet<String>,
    pub(super) architectures: BTreeSet<String>,
    /// What its workspaces say that it takes, unpacked, MB.
    pub(super) size_mb: usize,
    /// What the page inside says.
    pub(super) title: String,
    pub(super) description: String,
}

#[derive(Deserialize)]
struct Workspace {
    friendly_name: String,
    description: String,
    architecture: BTreeSet<String>,
    name: Option<String>,
    #[serde(default)]
    uncompressed_size_mb: usize,
    compatibility: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Entry {
    image: String,
    uncompressed_size_mb: usize,
    #[serde(default)]
    available_tags: Vec<String>,
}

/// The images of all example workspaces, by repository.
pub(super) fn images() -> anyhow::Result<BTreeMap<String, ExampleImage>> {
    let mut images: BTreeMap<String, ExampleImage> = BTreeMap::new();
    for path in Files::iter().filter(|path| path.ends_with("/workspace.json")) {
        let file =
            Files::get(&path).with_context(|| format!("the example file `{path}` is missing"))?;
        let workspace: Workspace = serde_json::from_slice(&file.data)
            .with_context(|| format!("the example file `{path}` is broken"))?;
        let size_mb = workspace.uncompressed_size_mb;
        let mut references: Vec<(String, usize, Vec<String>)> = workspace
            .name
            .iter()
            .map(|name| (name.clone(), size_mb, Vec::new()))
            .collect();
        for entry in &workspace.compatibility {
            if let Ok(entry) = Entry::deserialize(entry) {
                references.push((
                    entry.image,
                    entry.uncompressed_size_mb,
                    entry.available_tags,
                ));
            }
        }
        for (reference, size_mb, channels) in references {
            let Some((repository, tag)) = reference
                .strip_prefix(PLACEHOLDER)
                .and_then(|rest| rest.strip_prefix('/'))
                .and_then(|rest| rest.split_once(':'))
            else {
                continue;
            };
            let image = images.entry(repository.to_owned()).or_default();
            image.size_mb = image.size_mb.max(size_mb);
            image.tags.insert(tag.to_owned());
            image.tags.extend(channels);
            image
                .architectures
                .extend(workspace.architecture.iter().cloned());
            image.title.clone_from(&workspace.friendly_name);
            image.description.clone_from(&workspace.description);
        }
    }
    Ok(images)
}

/// Writes the example registry with the image references of a real image server.
pub(super) fn write(folder: &Path, image_host: &str, site: &str) -> anyhow::Result<()> {
    for path in Files::iter() {
        let file =
            Files::get(&path).with_context(|| format!("the example file `{path}` is missing"))?;
        let target = folder.join(&*path);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent)?;
        }
        match std::str::from_utf8(&file.data) {
            Ok(text) => {
                let text = text
                    .replace(PLACEHOLDER, image_host)
                    .replace("https://harbour.example/", site);
                std::fs::write(&target, text)?;
            }
            Err(_) => std::fs::write(&target, &file.data)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_workspace_has_an_image_and_one_is_for_arm64_only() {
        let images = images().unwrap();
        assert!(images.len() >= 8, "{images:?}");
        let only_arm64 = images
            .values()
            .filter(|image| image.architectures.iter().eq(["arm64"]))
            .count();
        assert_eq!(only_arm64, 1);
    }
}
