use std::fmt::Write as _;

use serde_json::{Value, json};

use super::fingerprint::Fingerprints;
use super::{CurrentSource, Sources, visible, visible_json};
use crate::{Code, Diagnostic, Fix, Severity, Span, position};

/// The program that found something, as reports name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// Everything that it looks for.
    pub rules: Vec<ToolRule<'a>>,
}

/// One thing that a program looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolRule<'a> {
    /// Its code.
    pub code: Code,
    /// How bad it is where nobody says otherwise.
    pub severity: Severity,
    /// What it does, in a sentence.
    pub summary: String,
    /// All about it, in Markdown.
    pub docs: &'a str,
}

/// A log in the Static Analysis Results Interchange Format, version 2.1.0.
pub fn render_sarif(diagnostics: &[Diagnostic], sources: Sources<'_>, tool: &Tool<'_>) -> String {
    let mut current = CurrentSource::new(sources);
    let mut fingerprints = Fingerprints::default();
    let results: Vec<Value> = diagnostics
        .iter()
        .map(|diagnostic| {
            let text = current.of(diagnostic);
            result(diagnostic, text, &mut fingerprints, tool)
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": tool.name,
                    "semanticVersion": tool.version,
                    "rules": tool.rules.iter().map(rule).collect::<Vec<_>>(),
                },
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let log = serde_json::to_string_pretty(&log).expect("texts and numbers are always JSON");
    visible_json(&log).into_owned()
}

fn rule(rule: &ToolRule<'_>) -> Value {
    json!({
        "id": rule.code,
        "shortDescription": { "text": rule.summary },
        "help": { "text": rule.docs, "markdown": rule.docs },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn result(
    diagnostic: &Diagnostic,
    text: Option<&[u8]>,
    fingerprints: &mut Fingerprints,
    tool: &Tool<'_>,
) -> Value {
    let mut message = visible(&diagnostic.message).into_owned();
    for more in [&diagnostic.label, &diagnostic.hint].into_iter().flatten() {
        message.push('\n');
        message.push_str(&visible(more));
    }
    let mut result = json!({
        "ruleId": diagnostic.code,
        "level": level(diagnostic.severity),
        "message": { "text": message },
        "partialFingerprints": { "quayside/v1": fingerprints.of(diagnostic, text) },
    });
    if let Some(index) = tool
        .rules
        .iter()
        .position(|rule| rule.code == diagnostic.code)
    {
        result["ruleIndex"] = json!(index);
    }
    let Some(file) = &diagnostic.file else {
        return result;
    };
    let file = json!({ "uri": address(file), "uriBaseId": "%SRCROOT%" });
    let mut place = json!({ "artifactLocation": file.clone() });
    if let Some((span, text)) = diagnostic.span.zip(text) {
        place["region"] = region(span, text);
    }
    result["locations"] = json!([{ "physicalLocation": place }]);
    if let Some(fix) = &diagnostic.fix {
        result["fixes"] = json!([fix_of(fix, &file)]);
    }
    result
}

fn region(span: Span, text: &[u8]) -> Value {
    let (start, end) = (position(text, span.start), position(text, span.end));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": span.start,
        "byteLength": span.end.saturating_sub(span.start),
    })
}

fn fix_of(fix: &Fix, file: &Value) -> Value {
    let replacements: Vec<Value> = fix
        .edits
        .iter()
        .map(|edit| {
            json!({
                "deletedRegion": {
                    "byteOffset": edit.span.start,
                    "byteLength": edit.span.end.saturating_sub(edit.span.start),
                },
                "insertedContent": { "text": edit.text },
            })
        })
        .collect();
    json!({
        "description": { "text": visible(&fix.title) },
        "artifactChanges": [{ "artifactLocation": file, "replacements": replacements }],
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A path as a relative address.
fn address(path: &str) -> String {
    let mut address = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                address.push(char::from(byte));
            }
            _ => {
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    address
}
