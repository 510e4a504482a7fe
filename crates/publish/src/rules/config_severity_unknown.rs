use diagnostics::{Code, Diagnostic, Severity, Span};

use crate::CONFIG_FILE;
use crate::rules::{Check, Rule};
use crate::severities::Level;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("config-severity-unknown"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Looks whether each line of the table `[severity]` in `registry.toml` says `"error"`, `"warning"`,
`"note"` or `"allow"`.

## Why is this bad?

The line does nothing: the diagnostic keeps its severity.

## Example

```toml
[severity]
icon-not-found = "fatal"
```

## Use instead

```toml
[severity]
icon-not-found = "error"
```
"#;

/// `written` is what stands there, if that is a text.
pub(crate) fn found(code: Code, written: Option<&str>, place: Span) -> Diagnostic {
    let near = written
        .and_then(Level::nearest)
        .map_or_else(String::new, |near| format!("did you mean `\"{near}\"`? "));
    RULE.found(format!(
        "`[severity]` in `{CONFIG_FILE}` gives `{code}` no severity that exists"
    ))
    .with_hint(format!(
        "{near}write one of: `\"{}\"`",
        Level::WORDS.join("\"`, `\"")
    ))
    .in_file(CONFIG_FILE)
    .at(place)
}
