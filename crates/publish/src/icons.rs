use std::collections::{BTreeMap, BTreeSet};

use diagnostics::Diagnostic;
use model::folder_hash::Node;
use model::json::Value;

use crate::path::{folder_of, inside, join, name_of};
use crate::report::{Report, span};
use crate::workspace::Workspace;
use crate::{BuildError, Config, Entry, EntryKind, Output, SourceTree, codes};

/// The largest icon that consumers fetch.
const LARGEST_ICON: u64 = 2 * 1024 * 1024;
/// How many file names a hint lists.
const MOST_SUGGESTIONS: usize = 5;

const NAME_A_FILE: &str = "put a picture into the folder and its file name into `image_src`";

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
    /// Publishes a workspace's icon, or says why it has none.
    pub(crate) fn publish(
        &mut self,
        tree: &dyn SourceTree,
        workspace: &Workspace,
        output: &mut Output<'_>,
        report: &mut Report,
    ) -> Result<(), BuildError> {
        match self.find(tree, workspace) {
            Ok(Some((path, bytes))) => output.write(&format!("icons/{path}"), &bytes),
            Ok(None) => Ok(()),
            Err(diagnostic) => {
                let diagnostic = diagnostic.in_file(workspace.file());
                report.add(match &workspace.image_src {
                    Some(place) => diagnostic.at(span(place.span)),
                    None => diagnostic,
                });
                Ok(())
            }
        }
    }

    /// The icon's path below `icons/` and its content; nothing if the same one is there already.
    fn find(
        &mut self,
        tree: &dyn SourceTree,
        workspace: &Workspace,
    ) -> Result<Option<(String, Vec<u8>)>, Box<Diagnostic>> {
        let name = &workspace.name;
        let image_src = workspace.image_src.as_ref().and_then(Value::as_str);
        let image_src = image_src.unwrap_or_default();
        if image_src.trim().is_empty() {
            let diagnostic = Diagnostic::warning(
                codes::ICON_NOT_NAMED,
                format!("workspace `{name}` names no icon"),
            );
            return Err(Box::new(diagnostic.with_hint(NAME_A_FILE)));
        }
        if is_address(image_src) {
            let diagnostic = Diagnostic::warning(
                codes::ICON_ELSEWHERE,
                format!("icon of workspace `{name}` is an address: {image_src}"),
            )
            .with_label("consumers look for a file of that name");
            return Err(Box::new(diagnostic.with_hint(NAME_A_FILE)));
        }
        let Some(path) = inside(image_src) else {
            let diagnostic = Diagnostic::error(
                codes::ICON_OUTSIDE_FOLDER,
                format!("icon `{image_src}` of workspace `{name}` leads out of its folder"),
            );
            return Err(Box::new(diagnostic.with_label("not published")));
        };
        let source = join(&workspace.folder, &path);
        check_exists(tree, &source, &path, name)?;
        let bytes = tree
            .read(&source, LARGEST_ICON)
            .map_err(|error| Box::new(not_read(&path, name, &error)))?;
        self.reserve(&path, &bytes, workspace)
            .map(|is_new| is_new.then_some((path, bytes)))
    }

    /// Takes a name for an icon; says whether it is new.
    fn reserve(
        &mut self,
        path: &str,
        bytes: &[u8],
        workspace: &Workspace,
    ) -> Result<bool, Box<Diagnostic>> {
        let content = Node::file("", bytes).hash();
        let taken_by = self.taken_by(path);
        if let Some(published) = taken_by {
            if published.content == content && self.published.contains_key(path) {
                return Ok(false);
            }
            let diagnostic = Diagnostic::error(
                codes::ICON_NAME_TAKEN,
                format!(
                    "icon `{path}` of workspace `{}` has the same name as a different one of workspace `{}`",
                    workspace.name, published.workspace
                ),
            )
            .with_label("this one is not published")
            .with_hint("give the file another name");
            return Err(Box::new(diagnostic));
        }
        for (end, _) in path.match_indices('/') {
            self.folders.insert(path[..end].to_owned());
        }
        self.published.insert(
            path.to_owned(),
            Published {
                content,
                workspace: workspace.name.clone(),
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

/// Publishes the registry's own picture where `icon` names a file beside `registry.toml`.
pub(crate) fn publish_registry_icon(
    tree: &dyn SourceTree,
    config: &Config,
    output: &mut Output<'_>,
    report: &mut Report,
) -> Result<(), BuildError> {
    let icon = config.icon.as_str();
    // An address, or a path at the root of the site, is somebody else's to fill.
    if icon.is_empty() || is_address(icon) || icon.starts_with('/') {
        return Ok(());
    }
    let found = inside(icon)
        .filter(|path| is_picture(path) && !path.starts_with("icons/"))
        .and_then(|path| Some((tree.read(&path, LARGEST_ICON).ok()?, path)));
    let Some((bytes, path)) = found else {
        report.add(
            Diagnostic::warning(
                codes::REGISTRY_ICON_NOT_FOUND,
                format!("icon `{icon}` of the registry is not published"),
            )
            .with_hint("name a picture that lies beside `registry.toml`, or an address")
            .in_file(crate::CONFIG_FILE),
        );
        return Ok(());
    };
    output.write(&path, &bytes)
}

fn is_address(text: &str) -> bool {
    text.starts_with("//")
        || text.split_once(':').is_some_and(|(scheme, _)| {
            scheme.len() > 1
                && scheme
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        })
}

fn is_picture(path: &str) -> bool {
    name_of(path)
        .rsplit_once('.')
        .is_some_and(|(_, extension)| {
            matches!(
                extension.to_ascii_lowercase().as_str(),
                "svg" | "png" | "jpg" | "jpeg" | "webp" | "gif" | "ico" | "bmp"
            )
        })
}

/// Names are compared as they are: on some systems `Icon.png` opens `icon.png`, on the server it does not.
fn check_exists(
    tree: &dyn SourceTree,
    source: &str,
    path: &str,
    workspace: &str,
) -> Result<(), Box<Diagnostic>> {
    let siblings = tree.entries(folder_of(source)).unwrap_or_default();
    let found = siblings.iter().find(|entry| entry.name == name_of(source));
    if matches!(found, Some(entry) if matches!(entry.kind, EntryKind::File { .. })) {
        return Ok(());
    }
    let diagnostic = Diagnostic::error(
        codes::ICON_NOT_FOUND,
        format!("icon `{path}` of workspace `{workspace}` does not exist"),
    )
    .with_label(match found.map(|entry| entry.kind) {
        Some(EntryKind::Folder) => "a folder",
        Some(_) => "a link or special file that is left out",
        None => "no such file in this folder",
    });
    Err(Box::new(diagnostic.with_hint(suggestion(&siblings))))
}

fn suggestion(siblings: &[Entry]) -> String {
    let mut pictures: Vec<&str> = siblings
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::File { .. }) && is_picture(&entry.name))
        .map(|entry| entry.name.as_str())
        .collect();
    if pictures.is_empty() {
        return "add the file".to_owned();
    }
    pictures.sort_unstable();
    pictures.truncate(MOST_SUGGESTIONS);
    format!("add the file, or name one of: `{}`", pictures.join("`, `"))
}

fn not_read(path: &str, workspace: &str, error: &std::io::Error) -> Diagnostic {
    if error.kind() == std::io::ErrorKind::FileTooLarge {
        return Diagnostic::error(
            codes::ICON_TOO_LARGE,
            format!(
                "icon `{path}` of workspace `{workspace}` is larger than {} MiB",
                LARGEST_ICON / 1024 / 1024
            ),
        )
        .with_label("not published: consumers would not fetch it");
    }
    Diagnostic::error(
        codes::NOT_READABLE,
        format!("icon `{path}` of workspace `{workspace}` cannot be read: {error}"),
    )
}
