use diagnostics::{Code, Diagnostic, Severity, Span};

use crate::CONFIG_FILE;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("config-schema-unknown"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Looks whether `schema` in `registry.toml` names a form of the registry format.

## Why is this bad?

The form is the name of the folder that consumers look into, and it says what `workspace.json` must
hold.

## Example

```toml
schema = "2.0"
```

## Use instead

```toml
schema = "1.1"
```
"#;

pub(crate) fn found(text: &str, place: Span) -> Diagnostic {
    RULE.found(format!(
        "`schema` in `{CONFIG_FILE}` names no form of the registry format: {}",
        shown(text)
    ))
    .with_hint("write `\"1.0\"` or `\"1.1\"`")
    .in_file(CONFIG_FILE)
    .at(place)
}
