use serde::Serialize;

use super::{CurrentSource, Sources, visible_json};
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
                fix: diagnostic.fix.as_ref().map(|fix| ShownFix {
                    title: &fix.title,
                    edits: fix
                        .edits
                        .iter()
                        .map(|edit| ShownEdit {
                            start: edit.span.start,
                            end: edit.span.end,
                            text: &edit.text,
                        })
                        .collect(),
                }),
            }
        })
        .collect();
    let json = serde_json::to_string(&shown).expect("texts and numbers are always JSON");
    visible_json(&json).into_owned()
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
    fix: Option<ShownFix<'a>>,
}

#[derive(Serialize)]
struct ShownFix<'a> {
    title: &'a str,
    edits: Vec<ShownEdit<'a>>,
}

#[derive(Serialize)]
struct ShownEdit<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct ShownSpan {
    start: usize,
    end: usize,
    from: Option<Position>,
    to: Option<Position>,
}
