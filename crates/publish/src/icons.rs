use std::collections::{BTreeMap, BTreeSet};

use model::folder_hash::Node;

use crate::icon::{Icon, IconFile, LARGEST_ICON, is_address};
use crate::path::inside;
use crate::picture::{Picture, is_picture};
use crate::report::Report;
use crate::rules::{icon_name_taken, registry_icon_not_a_picture, registry_icon_not_found};
use crate::workspace::Workspace;
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

impl Icons {
    /// Publishes a workspace's icon if it has one and gives its path, or says why it cannot be.
    pub(crate) fn publish(
        &mut self,
        workspace: &Workspace,
        output: &mut Output<'_>,
        report: &mut Report,
    ) -> Result<Option<String>, BuildError> {
        let Icon::Read(icon) = &workspace.icon else {
            return Ok(None);
        };
        let path = format!("icons/{}", icon.path);
        match self.reserve(icon, &workspace.summary.name) {
            Ok(true) => output.write(&path, &icon.bytes)?,
            Ok(false) => {}
            Err(other) => {
                report.add(icon_name_taken::found(workspace, &icon.path, &other));
                return Ok(None);
            }
        }
        Ok(Some(path))
    }

    /// Takes a name for an icon and says whether it is new; if it is taken, by which workspace.
    fn reserve(&mut self, icon: &IconFile, workspace: &str) -> Result<bool, String> {
        let content = Node::file("", &icon.bytes).hash();
        if let Some(published) = self.taken_by(&icon.path) {
            if published.content == content && self.published.contains_key(&icon.path) {
                return Ok(false);
            }
            return Err(published.workspace.clone());
        }
        for (end, _) in icon.path.match_indices('/') {
            self.folders.insert(icon.path[..end].to_owned());
        }
        self.published.insert(
            icon.path.clone(),
            Published {
                content,
                workspace: workspace.to_owned(),
            },
        );
        Ok(true)
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
