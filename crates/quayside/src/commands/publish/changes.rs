use std::path::Path;

use publish::authoring::Changes;

use super::source_files::replace;
use crate::{Ending, console};

/// What is done with changes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Options {
    /// Say what would change, and write nothing.
    pub(super) dry_run: bool,
    /// Write nothing unless every file can be changed.
    pub(super) all_or_none: bool,
    /// Print them as JSON.
    pub(super) json: bool,
}

/// Writes changed files and tells what became of each: the names of changed ones on stdout, the rest on stderr.
pub(super) fn apply(root: &Path, changes: &Changes, options: Options) -> anyhow::Result<Ending> {
    let refused = options.all_or_none && !changes.untouched.is_empty();
    let writes = !options.dry_run && !refused;
    if writes {
        for change in &changes.changed {
            replace(root, &change.file, &change.text)?;
        }
    }
    if options.json {
        console::data(&report(changes, writes).to_string());
    } else {
        for change in &changes.changed {
            if !refused {
                console::data(&change.file);
            }
            for note in &change.notes {
                console::note(&format!("{}: {note}", change.file));
            }
        }
    }
    for untouched in &changes.untouched {
        console::error(&format!("left as it is: {untouched}"));
    }
    console::note(&summary(changes, refused, options.dry_run));
    Ok(if changes.untouched.is_empty() {
        Ending::Done
    } else {
        Ending::Refused
    })
}

fn summary(changes: &Changes, refused: bool, dry_run: bool) -> String {
    let count = console::count(changes.changed.len(), "file");
    let done = match (refused, dry_run) {
        (true, _) => return "nothing was written: put these files right first".to_owned(),
        (false, true) => format!("{count} would change"),
        (false, false) => format!("{count} changed"),
    };
    let right = match changes.unchanged {
        1 => "1 was".to_owned(),
        more => format!("{more} were"),
    };
    format!("{done}, {right} right already")
}

fn report(changes: &Changes, written: bool) -> serde_json::Value {
    let changed: Vec<_> = changes
        .changed
        .iter()
        .map(|change| serde_json::json!({"file": change.file, "notes": change.notes}))
        .collect();
    let untouched: Vec<_> = changes
        .untouched
        .iter()
        .map(|untouched| {
            serde_json::json!({
                "file": untouched.file,
                "line": untouched.place.map(|(line, _)| line),
                "column": untouched.place.map(|(_, column)| column),
                "reason": untouched.reason,
            })
        })
        .collect();
    serde_json::json!({
        "written": written,
        "changed": changed,
        "unchanged": changes.unchanged,
        "untouched": untouched,
    })
}
