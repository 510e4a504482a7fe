use std::collections::BTreeSet;

use crate::path::join;
use crate::report::Report;
use crate::rules::{folder_too_large, not_readable};
use crate::{BuildError, EntryKind, Output, SourceTree};

/// The folder whose files are published as they are, at the root of the version.
pub(crate) const PUBLIC_FOLDER: &str = "site/public";
/// The largest of them.
pub(crate) const LARGEST_FILE: u64 = 32 * 1024 * 1024;
/// Most of them, and how deep they may lie.
const MOST_FILES: usize = 10_000;
const DEEPEST: usize = 16;

/// What the build itself makes: copies of it among the sources are stale.
const MADE: [&str; 3] = ["list.json", "versions.json", "icons"];

/// Copies the files that a template-based registry publishes as they are; what the build wrote already stays.
pub(crate) fn publish_public_files(
    tree: &dyn SourceTree,
    output: &mut Output<'_>,
    report: &mut Report,
) -> Result<(), BuildError> {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![(String::new(), 0)];
    while let Some((folder, depth)) = waiting.pop() {
        let source = join(PUBLIC_FOLDER, &folder);
        let source = source.trim_end_matches('/');
        let mut entries = match tree.entries(source) {
            Ok(entries) => entries,
            // Most registries have none.
            Err(_) if folder.is_empty() => return Ok(()),
            Err(error) => {
                report.add(not_readable::found(source, &error));
                continue;
            }
        };
        entries.sort_by(|left, right| left.name.cmp(&right.name));
        for entry in entries {
            let path = join(&folder, &entry.name);
            let source = join(PUBLIC_FOLDER, &path);
            if depth == 0 && MADE.contains(&path.as_str()) {
                continue;
            }
            match entry.kind {
                EntryKind::Unusable(why) => report.leave_out(&source, why),
                EntryKind::Folder if depth < DEEPEST => waiting.push((path, depth + 1)),
                EntryKind::File { .. } if seen.len() < MOST_FILES => {
                    if output.has(&path) || !seen.insert(path.clone()) {
                        continue;
                    }
                    match tree.read(&source, LARGEST_FILE) {
                        Ok(bytes) => output.write(&path, &bytes)?,
                        Err(error) => report.add(not_readable::found(&source, &error)),
                    }
                }
                EntryKind::Folder | EntryKind::File { .. } => {
                    report.add(folder_too_large::found_folder(&source, DEEPEST));
                }
            }
        }
    }
    Ok(())
}
