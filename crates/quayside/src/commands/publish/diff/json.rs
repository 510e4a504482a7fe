//! For programs.

use std::fmt::Write as _;

use catalogue::comparison::FieldChange;
use review::Finding;
use serde_json::{Value, json};

use super::{Difference, VersionDifference, is_hidden, path_of};

/// One object. What would not be seen is escaped, so that it does nothing to a terminal.
pub(super) fn render(difference: &Difference<'_>) -> anyhow::Result<String> {
    let versions: Vec<Value> = difference.versions.iter().map(version).collect();
    let text = serde_json::to_string(&json!({
        "url": difference.url,
        "published": difference.is_published,
        "versions": versions,
    }))?;
    let mut visible = String::with_capacity(text.len());
    for sign in text.chars() {
        if is_hidden(sign) {
            write!(visible, "\\u{:04x}", u32::from(sign))?;
        } else {
            visible.push(sign);
        }
    }
    Ok(visible)
}

fn version(version: &VersionDifference) -> Value {
    let comparison = &version.comparison;
    let added: Vec<Value> = comparison
        .added
        .iter()
        .map(|added| json!({"name": added.name, "wider": findings(&added.findings)}))
        .collect();
    let changed: Vec<Value> = comparison
        .changed
        .iter()
        .map(|changed| {
            json!({
                "name": changed.name,
                "fields": fields(&changed.fields),
                "wider": findings(&changed.wider),
            })
        })
        .collect();
    let removed: Vec<Value> = comparison
        .removed
        .iter()
        .map(|name| json!({"name": name}))
        .collect();
    json!({
        "folder": version.folder,
        "fate": version.fate.word(),
        "registry": fields(&comparison.registry),
        "added": added,
        "changed": changed,
        "removed": removed,
        "unchanged": comparison.unchanged,
        "left_out": version.left_out,
        "unreadable": version.unreadable,
    })
}

fn fields(fields: &[FieldChange]) -> Vec<Value> {
    let fields = fields.iter();
    fields
        .map(|field| {
            json!({
                "path": field.path,
                "before": field.before.as_deref().map(value),
                "after": field.after.as_deref().map(value),
            })
        })
        .collect()
}

fn findings(findings: &[Finding]) -> Vec<Value> {
    let findings = findings.iter();
    findings
        .map(|finding| {
            json!({
                "id": finding.id.as_str(),
                "path": path_of(finding),
                "value": finding.value,
            })
        })
        .collect()
}

/// A JSON text as what it says; as a text where it holds what no other JSON may, such as half a character.
fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}
