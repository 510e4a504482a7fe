use diagnostics::{Code, Diagnostic, Severity, Span};

use crate::CONFIG_FILE;
use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("config-key-missing"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Looks for the keys `name`, `list_url` and `schema` in `registry.toml`. Without `schema` it is an
error.

## Why is this bad?

Without a name consumers call the registry "Unknown store"; without its address nobody can copy it
from the pages; without a schema nobody knows which form its workspaces have.

## Example

```toml
name = "Harbour"
```

## Use instead

```toml
name = "Harbour"
list_url = "https://harbour.example/"
schema = "1.1"
```
"#;

/// A key that can be done without.
pub(crate) fn found(key: &str, end: usize, why: &str) -> Diagnostic {
    RULE.found(format!("`{CONFIG_FILE}` has no `{key}`: {why}"))
        .in_file(CONFIG_FILE)
        .at(Span { start: end, end })
}

/// The schema, without which nothing can be published.
pub(crate) fn found_schema(end: usize) -> Diagnostic {
    Diagnostic::error(
        RULE.code,
        format!("`{CONFIG_FILE}` does not say which `schema` its workspaces have"),
    )
    .with_hint("add a line `schema = \"1.1\"`")
    .in_file(CONFIG_FILE)
    .at(Span { start: end, end })
}
