use diagnostics::{Code, Diagnostic, Severity};

use crate::discover::WORKSPACE_FILE;
use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("workspace-without-folder"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r"## What it does

Looks for a `workspace.json` that lies beside `registry.toml`.

## Why is this bad?

A workspace is a folder: its name, its icon and its `sha` come from there. This one has none, so it
is left out.

## Example

```text
registry.toml
workspace.json
firefox.png
```

## Use instead

```text
registry.toml
workspaces/firefox/workspace.json
workspaces/firefox/firefox.png
```
";

pub(crate) fn found() -> Diagnostic {
    RULE.found(format!(
        "`{WORKSPACE_FILE}` lies beside `registry.toml` and is left out"
    ))
    .with_hint("move it with its icon to a folder of its own: `workspaces/NAME/`")
    .in_file(WORKSPACE_FILE)
}
