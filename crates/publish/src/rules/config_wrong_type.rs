use diagnostics::{Code, Diagnostic, Severity, Span};

use crate::CONFIG_FILE;
use crate::rules::{Check, Rule};

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

pub(crate) fn found(key: &str, type_found: &str, expected: &str, place: Span) -> Diagnostic {
    RULE.found(format!(
        "`{key}` in `{CONFIG_FILE}` is of the wrong type: {type_found}"
    ))
    .with_label(format!("expected {expected}"))
    .in_file(CONFIG_FILE)
    .at(place)
}
