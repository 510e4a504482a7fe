use serde::Serialize;

use super::fingerprint::Fingerprints;
use super::{CurrentSource, Sources, visible};
use crate::{Diagnostic, Severity, position};

/// A code quality report for GitLab: a JSON array with one object for each diagnostic.
pub fn render_gitlab(diagnostics: &[Diagnostic], sources: Sources<'_>) -> String {
    let mut current = CurrentSource::new(sources);
    let mut fingerprints = Fingerprints::default();
    let issues: Vec<Issue> = diagnostics
        .iter()
        .map(|diagnostic| {
            let text = current.of(diagnostic);
            let begin = diagnostic
                .span
                .zip(text)
                .map_or(1, |(span, text)| position(text, span.start).line);
            let file = diagnostic.file.as_deref().unwrap_or(".");
            Issue {
                description: visible(&diagnostic.message).into_owned(),
                check_name: diagnostic.code.as_str(),
                fingerprint: fingerprints.of(diagnostic, text),
                severity: match diagnostic.severity {
                    Severity::Error => "major",
                    Severity::Warning => "minor",
                    Severity::Note => "info",
                },
                location: Location {
                    path: visible(file).into_owned(),
                    lines: Lines { begin },
                },
            }
        })
        .collect();
    serde_json::to_string_pretty(&issues).expect("texts and numbers are always JSON")
}

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}
