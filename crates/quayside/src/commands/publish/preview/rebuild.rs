use std::cmp::Reverse;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use diagnostics::{Diagnostic, Severity};
use publish::SourceTree;
use server::PreviewProblem;

use super::super::editions::Sources;
use super::super::site;
use crate::console;

/// The largest source file shown around a diagnostic, bytes.
const SHOWN: u64 = 4 << 20;
/// So many problems are shown; whoever has more begins with the first.
const MOST_PROBLEMS: usize = 100;

/// What a build gave.
pub(super) struct Outcome {
    /// Whether the site is another than before.
    pub(super) is_changed: bool,
    /// What is wrong, the worst first.
    pub(super) problems: Arc<[PreviewProblem]>,
    /// All of it in a line.
    pub(super) told: String,
}

/// Builds the site anew. Where the registry as a whole is broken, the last good site stays.
pub(super) fn rebuild(folder: &Path, site: &Path) -> Outcome {
    let begin = Instant::now();
    let sources = match Sources::of_work(folder) {
        Ok(sources) => sources,
        // Somebody is about to put another folder into its place.
        Err(error) => return failed(&format!("{error:#}")),
    };
    if sources.editions.is_empty() {
        let found = sources.failed.iter().filter_map(|failed| {
            let tree = failed.tree.as_ref()?;
            Some(problems(&failed.found, tree.as_ref()))
        });
        let problems = worst_first(found.flatten().collect());
        return Outcome {
            is_changed: false,
            told: format!(
                "not built, the last good site stays: {}",
                counted(&problems)
            ),
            problems,
        };
    }
    let (built, written) = match site::write(&sources, site) {
        Ok(done) => done,
        Err(error) => return failed(&format!("{error:#}")),
    };
    let mut found = Vec::new();
    let mut workspaces = 0;
    for (prepared, built) in sources.editions.iter().zip(&built) {
        let tree = prepared.tree.as_ref();
        found.extend(problems(&prepared.found, tree));
        found.extend(problems(&built.diagnostics, tree));
        workspaces += built.workspaces;
    }
    let problems = worst_first(found);
    Outcome {
        is_changed: written.changed > 0,
        told: format!(
            "{} built in {} ms: {}",
            console::count(workspaces, "workspace"),
            begin.elapsed().as_millis(),
            counted(&problems)
        ),
        problems,
    }
}

fn failed(why: &str) -> Outcome {
    let problem = PreviewProblem {
        severity: "error",
        text: format!("error: {why}"),
    };
    Outcome {
        is_changed: false,
        problems: Arc::new([problem]),
        told: format!("not built, the last good site stays: {why}"),
    }
}

fn problems(found: &[Diagnostic], tree: &dyn SourceTree) -> Vec<(Severity, PreviewProblem)> {
    let mut worst: Vec<&Diagnostic> = found.iter().collect();
    worst.sort_by_key(|diagnostic| Reverse(diagnostic.severity));
    let source = |file: &str| tree.read(file, SHOWN).ok();
    worst
        .into_iter()
        .take(MOST_PROBLEMS)
        .map(|diagnostic| {
            let text = diagnostics::render_full(std::slice::from_ref(diagnostic), &source, false);
            let problem = PreviewProblem {
                severity: word(diagnostic.severity),
                text: text.trim_end().to_owned(),
            };
            (diagnostic.severity, problem)
        })
        .collect()
}

const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn worst_first(mut found: Vec<(Severity, PreviewProblem)>) -> Arc<[PreviewProblem]> {
    found.sort_by_key(|(severity, _)| Reverse(*severity));
    found.truncate(MOST_PROBLEMS);
    found.into_iter().map(|(_, problem)| problem).collect()
}

fn counted(problems: &[PreviewProblem]) -> String {
    let told: Vec<String> = ["error", "warning", "note"]
        .into_iter()
        .filter_map(|severity| {
            let of_it = problems.iter().filter(|one| one.severity == severity);
            let count = of_it.count();
            (count > 0).then(|| console::count(count, severity))
        })
        .collect();
    match told.as_slice() {
        [] => "nothing to say".to_owned(),
        told => told.join(", "),
    }
}
