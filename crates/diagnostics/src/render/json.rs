use serde::Serialize;

use super::{CurrentSource, Sources};
use crate::{Diagnostic, Position, Severity, position};

/// A JSON array with one object for each diagnostic.
pub fn render_json(diagnostics: &[Diagnostic], sources: Sources<'_>) -> String {
    let mut current = CurrentSource::new(sources);
    let shown: Vec<Shown<'_>> = diagnostics
        .iter()
        .map(|diagnostic| {
            let text = current.of(diagnostic);
            let place = |offset| text.map(|text| position(text, offset));
            Shown {
                code: diagnostic.code.as_str(),
                severity: diagnostic.severity,
                message: &diagnostic.message,
                label: diagnostic.label.as_deref(),
                hint: diagnostic.hint.as_deref(),
                file: diagnostic.file.as_deref(),
                span: diagnostic.span.map(|span| ShownSpan {
                    start: span.start,
                    end: span.end,
                    from: place(span.start),
                    to: place(span.end),
                }),
            }
        })
        .collect();
    serde_json::to_string(&shown).expect("texts and numbers are always JSON")
}

#[derive(Serialize)]
struct Shown<'a> {
    code: &'static str,
    severity: Severity,
    message: &'a str,
    label: Option<&'a str>,
    hint: Option<&'a str>,
    file: Option<&'a str>,
    span: Option<ShownSpan>,
}

#[derive(Serialize)]
struct ShownSpan {
    start: usize,
    end: usize,
    from: Option<Position>,
    to: Option<Position>,
}
