use diagnostics::{Code, Severity};
use model::SchemaForm;
use model::json::{Kind, Value};

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("property-missing"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks whether a workspace has what the format requires: `description`, `architecture`,
`compatibility` and `uncompressed_size_mb`. In the form 1.1 the size stands in each entry of
`compatibility`.

Rules of their own look for `friendly_name`, `image_src` and the image.

## Why is this bad?

Consumers guess what is missing, or do not offer the workspace. Without `compatibility` some
storefronts do not show the whole registry.

## Example

```json
{
  "friendly_name": "Firefox",
  "name": "kasmweb/firefox:1.17.0",
  "image_src": "firefox.png"
}
```

## Use instead

```json
{
  "friendly_name": "Firefox",
  "name": "kasmweb/firefox:1.17.0",
  "description": "A web browser.",
  "image_src": "firefox.png",
  "architecture": ["amd64", "arm64"],
  "compatibility": ["1.17.x"],
  "uncompressed_size_mb": 2643
}
```
"#;

const SIZE: &str = "uncompressed_size_mb";

fn check(workspace: &Context<'_>, report: &mut Report) {
    let mut missing = |key: &str, hint: &str| {
        if workspace.object.get(key).is_none_or(is_empty) {
            report.add(
                workspace
                    .found_in(
                        &RULE,
                        key,
                        format!("workspace `{}` has no `{key}`", shown(workspace.name())),
                    )
                    .with_hint(hint),
            );
        }
    };
    missing("description", "say in a sentence what it is for");
    missing(
        "architecture",
        "name the processors that the image is made for: `[\"amd64\"]`, `[\"arm64\"]` or both",
    );
    if workspace.value("compatability").is_none() {
        missing(
            "compatibility",
            match workspace.form {
                SchemaForm::V1_0 => "name the versions that it works with: `[\"1.17.x\"]`",
                SchemaForm::V1_1 => {
                    "name version, image and size: `[{\"version\": \"1.17.x\", \"image\": \"…\", \"uncompressed_size_mb\": 2460}]`"
                }
            },
        );
    }
    // Where the entries are those of the other form, that is said once.
    let mut entries = workspace.compatibility().iter();
    if entries.any(|entry| entry.as_object().is_some()) {
        if workspace.value(SIZE).is_none() {
            sizes_of_entries(workspace, report);
        }
    } else if workspace.form == SchemaForm::V1_0 {
        missing(SIZE, MEGABYTES);
    }
}

const MEGABYTES: &str = "write the size of the unpacked image in megabytes: 2.46 GB is `2460`";

fn sizes_of_entries(workspace: &Context<'_>, report: &mut Report) {
    for entry in workspace.compatibility() {
        if entry.as_object().is_some() && entry.get(SIZE).is_none_or(is_empty) {
            let version = entry.get("version").and_then(Value::as_str);
            // Braces that span lines are not underlined as a whole.
            let start = entry.span.start;
            report.add(
                workspace
                    .found(
                        &RULE,
                        model::json::Span::new(start, start + 1),
                        format!(
                            "entry `{}` of workspace `{}` has no `{SIZE}`",
                            shown(version.unwrap_or("without version")),
                            shown(workspace.name())
                        ),
                    )
                    .with_hint(MEGABYTES),
            );
        }
    }
}

/// Whether nothing is said; what is of another kind than it should be is no matter of this rule.
fn is_empty(value: &Value) -> bool {
    match &value.kind {
        Kind::Null => true,
        Kind::String(text) => text.to_string_lossy().trim().is_empty(),
        Kind::Array(items) => items.is_empty(),
        Kind::Object(object) => object.is_empty(),
        Kind::Bool(_) | Kind::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check, check_form};

    #[test]
    fn a_form_requires_its_properties() {
        insta::assert_snapshot!(check(r#"{"friendly_name":"A"}"#).of(&RULE), @r"
        1:1: workspace `A` has no `description`
        1:1: workspace `A` has no `architecture`
        1:1: workspace `A` has no `compatibility`
        ");
        insta::assert_snapshot!(
            check_form("1.0", r#"{"friendly_name":"A","description":"","architecture":[],"compatability":["1.17.x"]}"#).of(&RULE),
            @r"
        1:1: workspace `A` has no `uncompressed_size_mb`
        1:36: workspace `A` has no `description`
        1:54: workspace `A` has no `architecture`
        "
        );
    }

    #[test]
    fn entries_have_their_sizes() {
        let of = |rest: &str| {
            let start = r#"{"friendly_name":"A","description":"a","architecture":["amd64"]"#;
            check(&format!("{start}{rest}}}")).of(&RULE)
        };
        assert_eq!(
            of(r#","compatibility":[{"version":"1.17.x"}]"#),
            "1:82: entry `1.17.x` of workspace `A` has no `uncompressed_size_mb`"
        );
        assert_eq!(
            of(r#","compatibility":[{"version":"1.17.x"}],"uncompressed_size_mb":5"#),
            ""
        );
        let other_form = r#"{"friendly_name":"A","description":"a","architecture":["amd64"],"compatibility":[{"version":"1.17.x","uncompressed_size_mb":5}]}"#;
        assert_eq!(check_form("1.0", other_form).of(&RULE), "");
    }
}
