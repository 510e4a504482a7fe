use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Range;

use diagnostics::{Diagnostic, Severity, Span};
use model::{compare_names, json};

use crate::rules::too_many_findings::MOST_FINDINGS;
use crate::{CONFIG_FILE, Severities, Unusable, rules};

/// Collects what there is to say.
#[derive(Default)]
pub(crate) struct Report {
    severities: Severities,
    diagnostics: Vec<Diagnostic>,
    left_out: BTreeSet<String>,
    /// Where the diagnostics of the workspace that was read last stand.
    last: Range<usize>,
    /// How many diagnostics the workspace at hand has, while there is one.
    of_workspace: Option<usize>,
    /// How many more were found and are not kept.
    unsaid: usize,
}

impl Report {
    pub(crate) fn new(severities: Severities) -> Self {
        Self {
            severities,
            ..Self::default()
        }
    }

    /// Adds a diagnostic, with the severity that the registry wants it to have.
    pub(crate) fn add(&mut self, mut diagnostic: Diagnostic) {
        let Some(severity) = self.severities.of(diagnostic.code, diagnostic.severity) else {
            return;
        };
        diagnostic.severity = severity;
        if let Some(count) = &mut self.of_workspace {
            *count += 1;
            // An error says why a workspace is missing: it must not go down among what is merely odd.
            let most = match severity {
                Severity::Error => 2 * MOST_FINDINGS,
                Severity::Warning | Severity::Note => MOST_FINDINGS,
            };
            if *count > most {
                self.unsaid += 1;
                return;
            }
        }
        self.diagnostics.push(diagnostic);
    }

    /// Begins a workspace; only so much is said about each.
    pub(crate) const fn begin(&mut self) {
        self.last.start = self.diagnostics.len();
        self.of_workspace = Some(0);
        self.unsaid = 0;
    }

    /// Ends a workspace: says how much was not said about it.
    pub(crate) fn end(&mut self, file: &str) {
        self.of_workspace = None;
        if self.unsaid > 0 {
            self.add(rules::too_many_findings::found(file, self.unsaid));
        }
        self.last.end = self.diagnostics.len();
    }

    /// What was said about the workspace that ended last.
    pub(crate) fn of_last_workspace(&self) -> &[Diagnostic] {
        self.diagnostics.get(self.last.clone()).unwrap_or_default()
    }

    /// Says what was said about a workspace before, with the same severities.
    pub(crate) fn repeat(&mut self, mut diagnostics: Vec<Diagnostic>) {
        self.diagnostics.append(&mut diagnostics);
    }

    /// Reports a name that cannot be published, once, however many workspaces it lies in.
    pub(crate) fn leave_out(&mut self, path: &str, why: Unusable) {
        if self.left_out.insert(path.to_owned()) {
            self.add(rules::entry_left_out::found(path, why));
        }
    }

    /// Everything in its order: `registry.toml`, then the other files as the list has them, each from its start.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        sort(&mut self.diagnostics);
        self.diagnostics
    }
}

/// Puts diagnostics into the order of their files; what is about no file comes last.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|left, right| {
        let start = |diagnostic: &Diagnostic| diagnostic.span.map(|span| (span.start, span.end));
        compare_files(left.file.as_deref(), right.file.as_deref())
            .then_with(|| start(left).cmp(&start(right)))
    });
}

fn compare_files(left: Option<&str>, right: Option<&str>) -> Ordering {
    let (Some(left), Some(right)) = (left, right) else {
        return left.is_none().cmp(&right.is_none());
    };
    if left == right {
        return Ordering::Equal;
    }
    (left != CONFIG_FILE)
        .cmp(&(right != CONFIG_FILE))
        .then_with(|| compare_names(left, right))
}

/// The same bytes, as diagnostics count them.
pub(crate) fn span(span: json::Span) -> Span {
    Span {
        start: span.start,
        end: span.end,
    }
}
