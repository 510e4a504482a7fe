use diagnostics::{Code, Diagnostic, Severity};

use crate::CONFIG_FILE;
use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("config-not-found"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r"## What it does

Looks for `registry.toml` at the root of the registry's folder.

## Why is this bad?

It says what the registry is called, where it is published and which form its workspaces have.
Without it nothing can be published.

## Example

```text
harbour/
  workspaces/
```

## Use instead

```text
harbour/
  registry.toml
  workspaces/
```
";

pub(crate) fn found(error: &str) -> Diagnostic {
    RULE.found(format!("`{CONFIG_FILE}` cannot be read: {error}"))
        .with_hint("write one with at least `name`, `list_url` and `schema`")
        .in_file(CONFIG_FILE)
}
