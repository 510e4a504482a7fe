use diagnostics::{Code, Severity};

use crate::context::Context;
use crate::fixes::write_plain;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("size-as-text"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for `uncompressed_size_mb` and `memory` that are written as a text.

## Why is this bad?

Both are numbers of megabytes. Consumers cannot add up texts, and show the workspace without its
size or refuse it.

## Example

```json
{
  "uncompressed_size_mb": "2.46 GB"
}
```

## Use instead

```json
{
  "uncompressed_size_mb": 2460
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let entries = workspace.compatibility().iter();
    let sizes = entries.map(|entry| entry.get("uncompressed_size_mb"));
    let whole = [
        workspace.value("uncompressed_size_mb"),
        workspace.value("memory"),
    ];
    for value in whole.into_iter().chain(sizes).flatten() {
        let Some(text) = value.as_string() else {
            continue;
        };
        let diagnostic = workspace.found(
            &RULE,
            value.span,
            format!(
                "`{}` of workspace `{}` is a text, not a number of megabytes",
                shown(&text.to_string_lossy()),
                shown(workspace.name())
            ),
        );
        report.add(match text.as_str().and_then(megabytes) {
            Some(megabytes) => diagnostic
                .with_hint(format!("write `{megabytes}` without quotes"))
                .with_fix(write_plain(value.span, &megabytes)),
            None => diagnostic.with_hint("write a number: 2.46 GB is `2460`"),
        });
    }
}

/// The number of megabytes that a text says, in whole ones.
///
/// A size without a unit is taken as it is: that is what the property's name says.
fn megabytes(text: &str) -> Option<String> {
    let text = text.trim();
    let end = text
        .find(|character: char| !character.is_ascii_digit() && character != '.')
        .unwrap_or(text.len());
    let factor = match text[end..].trim().to_ascii_lowercase().as_str() {
        "" | "mb" | "m" => 1.0,
        "gb" | "g" => 1000.0,
        _ => return None,
    };
    let number: f64 = text[..end].parse().ok()?;
    let megabytes = (number * factor).round();
    (megabytes <= MOST).then(|| megabytes.to_string())
}

/// What is more is no size.
const MOST: f64 = 1e8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn sizes_are_numbers() {
        let checked = check(
            r#"{"friendly_name":"A","memory":"4096","uncompressed_size_mb":1240,"compatibility":[{"version":"1.17.x","uncompressed_size_mb":"1240 MB"},{"version":"1.18.x","uncompressed_size_mb":"big"}]}"#,
        );
        insta::assert_snapshot!(checked.of(&RULE), @r"
        1:31: `4096` of workspace `A` is a text, not a number of megabytes
        1:126: `1240 MB` of workspace `A` is a text, not a number of megabytes
        1:180: `big` of workspace `A` is a text, not a number of megabytes
        ");
        assert_eq!(
            checked.fixed(&RULE),
            r#"{"friendly_name":"A","memory":4096,"uncompressed_size_mb":1240,"compatibility":[{"version":"1.17.x","uncompressed_size_mb":1240},{"version":"1.18.x","uncompressed_size_mb":"big"}]}"#
        );
    }

    #[test]
    fn units_are_decimal() {
        for (text, expected) in [
            ("1240 MB", Some("1240")),
            ("2.46GB", Some("2460")),
            ("1240", Some("1240")),
            ("2 GiB", None),
            ("", None),
            ("1.2.3", None),
            // A comma parts thousands to some and fractions to others.
            ("1,240 MB", None),
            ("99999999999", None),
        ] {
            assert_eq!(megabytes(text).as_deref(), expected, "{text}");
        }
    }
}
