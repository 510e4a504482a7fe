use diagnostics::{Code, Severity};

use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("architecture-not-offered"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Looks whether each image is made for all architectures that the workspace states. Only with
`--online`.

## Why is this bad?

The workspace is offered on hosts of an architecture that its image does not run on.

## Example

```json
"architecture": ["amd64", "arm64"]
```

of an image that is made for amd64 alone.

## Use instead

```json
"architecture": ["amd64"]
```
"#;
