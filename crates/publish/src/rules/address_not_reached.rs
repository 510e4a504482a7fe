use diagnostics::{Code, Severity};

use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("address-not-reached"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Opens `list_url` and `contact_url` of the registry, and icons that are addresses. Only with
`--online`.

## Why is this bad?

People are sent there. An icon that cannot be fetched is shown as a placeholder.

## Example

```toml
contact_url = "https://github.com/ann/registri/issues"
```

## Use instead

```toml
contact_url = "https://github.com/ann/registry/issues"
```
"#;
