use diagnostics::{Code, Severity};

use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("template-not-readable"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Reads `site/next.config.js` of a registry that was made from the public template.

## Why is this bad?

The registry's name and address stand there. Without them consumers call it "Unknown store".

## Example

```text
-rw------- 1 root root 512 site/next.config.js
```

## Use instead

```text
-rw-r--r-- 1 ann ann 512 site/next.config.js
```
"#;
