use diagnostics::{Code, Diagnostic, Severity, Span};

use crate::CONFIG_FILE;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("config-wrong-type"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Looks whether the values in `registry.toml` have the types that they should have.

## Why is this bad?

A schema that is written as a number may have lost a digit (`1.10` is `1.1`), and a name that is no
text cannot be shown.

## Example

```toml
schema = 1.1
```

## Use instead

```toml
schema = "1.1"
```
"#;

/// `written` is the value as it stands there.
pub(crate) fn found(
    key: &str,
    type_found: &str,
    expected: &str,
    written: &str,
    place: Span,
) -> Diagnostic {
    let name = key.rsplit('.').next().unwrap_or(key);
    let hint = if expected == "a table" {
        format!("write `[{key}]` on a line of its own, and a line for each entry below it")
    } else if key == "schema" && matches!(written, "1" | "1.0" | "1.1") {
        let form = if written == "1" { "1.0" } else { written };
        format!("put it in quotes: `schema = \"{form}\"`")
    } else if key == "schema" {
        "write `\"1.0\"` or `\"1.1\"`, in quotes".to_owned()
    } else if matches!(type_found, "array" | "table") {
        format!("write one text: `{name} = \"\u{2026}\"`")
    } else {
        format!("put it in quotes: `{name} = \"{}\"`", shown(written))
    };
    RULE.found(format!(
        "`{key}` in `{CONFIG_FILE}` is of the wrong type: {type_found}"
    ))
    .with_label(format!("expected {expected}"))
    .with_hint(hint)
    .in_file(CONFIG_FILE)
    .at(place)
}
