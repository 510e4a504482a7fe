use diagnostics::{Code, Diagnostic, Severity};
use model::definition::Trouble;

use crate::report::span;
use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("unusable-workspace"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Looks whether a `workspace.json` is an object that has a name to show: `friendly_name`.

## Why is this bad?

Consumers have nothing to show, so the workspace is left out.

## Example

```json
{
  "name": "kasmweb/firefox:1.17.0"
}
```

## Use instead

```json
{
  "friendly_name": "Firefox",
  "name": "kasmweb/firefox:1.17.0"
}
```
"#;

pub(crate) fn found(file: &str, trouble: &Trouble) -> Diagnostic {
    RULE.found(format!("`{file}` is left out: {}", trouble.message))
        .in_file(file)
        .at(span(trouble.span))
}
