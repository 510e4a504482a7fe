use std::collections::{BTreeMap, BTreeSet};

use crate::icon::{LARGEST_ICON, is_address};
use crate::listed::ListedIcon;
use crate::path::inside;
use crate::picture::{Picture, is_picture};
use crate::report::Report;
use crate::rules::{registry_icon_not_a_picture, registry_icon_not_found};
use crate::{BuildError, Config, Output, SourceTree};

/// The icons published so far.
///
/// The first workspace to bring a name keeps it: a list cannot say that two workspaces mean different files by it, and
/// letting the last one win would change the picture of another workspace.
#[derive(Default)]
pub(crate) struct Icons {
    published: BTreeMap<String, Published>,
    folders: BTreeSet<String>,
}

struct Published {
    content: [u8; 20],
    workspace: String,
}

/// Whether a name can be had for an icon.
pub(crate) enum Reserved {
    /// It is free.
    New,
    /// The same icon has it.
    Same,
    /// A different icon has it, of the workspace with this name.
    Taken(String),
}

impl Icons {
    /// Whether an icon can have its name.
    pub(crate) fn reserve(&self, icon: &ListedIcon) -> Reserved {
        match self.taken_by(&icon.path) {
            None => Reserved::New,
            Some(published)
                if published.content == icon.content && self.published.contains_key(&icon.path) =>
            {
                Reserved::Same
            }
            Some(published) => Reserved::Taken(published.workspace.clone()),
        }
    }

    /// Gives a name to the icon of a workspace.
    pub(crate) fn keep(&mut self, icon: &ListedIcon, workspace: &str) {
        for (end, _) in icon.path.match_indices('/') {
            self.folders.insert(icon.path[..end].to_owned());
        }
        self.published.insert(
            icon.path.clone(),
            Published {
                content: icon.content,
                workspace: workspace.to_owned(),
            },
        );
    }

    /// The icon that a path would overwrite, or whose path one of them would have to be a folder for.
    fn taken_by(&self, path: &str) -> Option<&Published> {
        if let Some(published) = self.published.get(path) {
            return Some(published);
        }
        if self.folders.contains(path) {
            let inside = format!("{path}/");
            let (_, published) = self.published.range(inside..).next()?;
            return Some(published);
        }
        path.match_indices('/')
            .find_map(|(end, _)| self.published.get(&path[..end]))
    }
}

/// Publishes the registry's own picture where `icon` names a file beside `registry.toml`, and gives its path.
pub(crate) fn publish_registry_icon(
    tree: &dyn SourceTree,
    config: &Config,
    output: &mut Output<'_>,
    report: &mut Report,
) -> Result<Option<String>, BuildError> {
    publish_picture(tree, "icon", &config.icon, output, report)
}

/// Publishes the picture of the storefront, and gives its path: the one that it names for itself, or the registry's.
pub(crate) fn publish_logo(
    tree: &dyn SourceTree,
    config: &Config,
    output: &mut Output<'_>,
    report: &mut Report,
) -> Result<Option<String>, BuildError> {
    let icon = publish_registry_icon(tree, config, output, report)?;
    let logo = publish_picture(
        tree,
        "storefront.logo",
        &config.storefront.logo,
        output,
        report,
    )?;
    Ok(logo.or(icon))
}

/// Publishes a picture that `registry.toml` names under a key.
fn publish_picture(
    tree: &dyn SourceTree,
    key: &str,
    name: &str,
    output: &mut Output<'_>,
    report: &mut Report,
) -> Result<Option<String>, BuildError> {
    // An address, or a path at the root of the site, is somebody else's to fill.
    if name.is_empty() || is_address(name) || name.starts_with('/') {
        return Ok(None);
    }
    let found = inside(name)
        .filter(|path| is_picture(path) && !path.starts_with("icons/"))
        .and_then(|path| Some((tree.read(&path, LARGEST_ICON).ok()?, path)));
    let Some((bytes, path)) = found else {
        report.add(registry_icon_not_found::found(tree, key, name));
        return Ok(None);
    };
    if Picture::of(&bytes).format.is_none() {
        report.add(registry_icon_not_a_picture::found(tree, key, name));
    }
    output.write(&path, &bytes)?;
    Ok(Some(path))
}
