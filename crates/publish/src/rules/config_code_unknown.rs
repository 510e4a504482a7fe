use diagnostics::{Code, Diagnostic, Severity, Span};

use crate::CONFIG_FILE;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("config-code-unknown"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Looks for names in the table `[severity]` of `registry.toml` that are no codes of diagnostics.

## Why is this bad?

The line does nothing: the diagnostic that it was meant for keeps its severity.

## Example

```toml
[severity]
icon-missing = "error"
```

## Use instead

```toml
[severity]
icon-not-found = "error"
```

`quayside publish explain` lists all codes.
"#;

pub(crate) fn found(code: &str, place: Span) -> Diagnostic {
    let hint = match Rule::nearest(code) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`quayside publish explain` lists all codes".to_owned(),
    };
    RULE.found(format!(
        "`[severity]` in `{CONFIG_FILE}` names no diagnostic: {}",
        shown(code)
    ))
    .with_hint(hint)
    .in_file(CONFIG_FILE)
    .at(place)
}
