use std::collections::HashSet;
use std::io;

use model::compare_names;

use crate::path::{join, name_of};
use crate::report::Report;
use crate::rules::{folder_too_large, folder_without_workspace, not_readable};
use crate::{BuildError, Entry, EntryKind, SourceTree};

/// The name of the file that describes a workspace.
pub(crate) const WORKSPACE_FILE: &str = "workspace.json";

/// Where a registry has its workspaces, unless it has them elsewhere.
const WORKSPACES_FOLDER: &str = "workspaces";

/// Folders deeper than this are passed over.
const DEEPEST: usize = 32;
/// A tree with more names than this is no registry.
const MOST_ENTRIES: usize = 1_000_000;
/// So many of them are kept, so that the folders of workspaces need not be listed twice.
const MOST_KEPT: usize = 100_000;

/// So many folders are listed at once.
const AT_ONCE: usize = 512;

/// The file that marks a folder as a published site.
pub const MARKER_FILE: &str = ".quayside";

/// What a registry consists of.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The folders that hold a workspace, in the order of the published list; the root is among them if it holds one.
    pub(crate) places: Vec<Place>,
    /// When the newest file changed, milliseconds since 1970.
    pub(crate) newest_ms: Option<i64>,
}

/// A folder that holds a workspace.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) folder: String,
    /// What lies in it, in the order of the names; nothing if there is too much of it to be kept.
    pub(crate) entries: Option<Vec<Entry>>,
}

/// Goes through a registry.
///
/// Every `workspace.json` below the root counts, but not in hidden folders, in those that package managers fill and in
/// sites that were published: what a dependency brings along is not this registry's.
pub(crate) fn discover(tree: &dyn SourceTree, report: &mut Report) -> Result<Found, BuildError> {
    let mut found = Vec::new();
    let mut meant = Vec::new();
    // Where something was reported that may be the missing workspace.
    let mut told = Vec::new();
    let mut newest_ms = None;
    let (mut seen, mut kept) = (0, 0);
    let mut waiting = vec![(String::new(), 0)];
    let mut listed = Vec::new();
    loop {
        if listed.is_empty() {
            listed = list(
                tree,
                waiting.split_off(waiting.len().saturating_sub(AT_ONCE)),
            );
        }
        let Some((folder, depth, entries)) = listed.pop() else {
            break;
        };
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(source) if folder.is_empty() => return Err(BuildError::Read { source }),
            Err(error) => {
                report.add(not_readable::found(&folder, &error));
                told.push(folder);
                continue;
            }
        };
        seen += entries.len();
        if seen > MOST_ENTRIES {
            return Err(BuildError::TooManyFiles { most: MOST_ENTRIES });
        }
        if !folder.is_empty() && entries.iter().any(|entry| entry.name == MARKER_FILE) {
            continue;
        }
        entries.sort_by(|left, right| left.name.cmp(&right.name));
        let mut is_workspace = false;
        // The last one in is the first one out: reports follow the alphabet.
        for entry in entries.iter().rev() {
            newest_ms = newest_ms.max(entry.modified_ms);
            if matches!(entry.kind, EntryKind::File { .. }) {
                is_workspace |= entry.name == WORKSPACE_FILE;
                continue;
            }
            let path = join(&folder, &entry.name);
            match entry.kind {
                EntryKind::Folder if is_foreign(&entry.name) => {}
                EntryKind::Folder if depth < DEEPEST => {
                    if folder == WORKSPACES_FOLDER {
                        meant.push(path.clone());
                    }
                    waiting.push((path, depth + 1));
                }
                EntryKind::Folder => {
                    report.add(folder_too_large::found_folder(&path, DEEPEST));
                    told.push(path);
                }
                EntryKind::Unusable(why) if is_of_a_workspace(&path) => {
                    report.leave_out(&path, why);
                    if entry.name == WORKSPACE_FILE {
                        told.push(path);
                    }
                }
                EntryKind::File { .. } | EntryKind::Unusable(_) => {}
            }
        }
        if is_workspace {
            kept += entries.len();
            found.push((
                join(&folder, WORKSPACE_FILE),
                Place {
                    folder,
                    entries: (kept <= MOST_KEPT).then_some(entries),
                },
            ));
        }
    }
    let known = found.iter().map(|(path, _)| path);
    report_folders_without(tree, &meant, known.chain(&told), report);
    found.sort_by(|(left, _), (right, _)| compare_names(left, right));
    Ok(Found {
        places: found.into_iter().map(|(_, place)| place).collect(),
        newest_ms,
    })
}

/// The folders alone.
pub(crate) fn workspace_folders(
    tree: &dyn SourceTree,
    report: &mut Report,
) -> Result<Vec<String>, BuildError> {
    let places = discover(tree, report)?.places;
    Ok(places.into_iter().map(|place| place.folder).collect())
}

/// Lists folders, each of which comes with its depth.
fn list(
    tree: &dyn SourceTree,
    folders: Vec<(String, usize)>,
) -> Vec<(String, usize, io::Result<Vec<Entry>>)> {
    let names: Vec<&str> = folders.iter().map(|(folder, _)| folder.as_str()).collect();
    let entries = tree.entries_of(&names);
    let folders = folders.into_iter().zip(entries);
    folders
        .map(|((folder, depth), entries)| (folder, depth, entries))
        .collect()
}

/// Reports the folders that somebody made for a workspace and that hold none; `known` is where one is, or where it was
/// told already why there is none.
fn report_folders_without<'p>(
    tree: &dyn SourceTree,
    meant: &[String],
    known: impl Iterator<Item = &'p String>,
    report: &mut Report,
) {
    let below = format!("{WORKSPACES_FOLDER}/");
    let used: HashSet<&str> = known
        .filter_map(|path| path.strip_prefix(&below)?.split('/').next())
        .collect();
    for folder in meant {
        if !used.contains(name_of(folder)) {
            let entries = tree.entries(folder).unwrap_or_default();
            report.add(folder_without_workspace::found(folder, &entries));
        }
    }
}

fn is_foreign(folder: &str) -> bool {
    folder.starts_with('.') || matches!(folder, "node_modules" | "bower_components")
}

/// Whether a name is of interest to somebody who looks for a workspace; links in `site/` are not.
fn is_of_a_workspace(path: &str) -> bool {
    path.starts_with("workspaces/") || name_of(path) == WORKSPACE_FILE
}
