use diagnostics::{Code, Severity};

use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("template-not-literal"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r"## What it does

Looks for names in the files of a template-based registry that are computed instead of written.

## Why is this bad?

These files are read and never run, because they belong to a stranger. What is computed is not
known.

## Example

```js
env: { name: process.env.NAME }
```

## Use instead

```js
env: { name: 'Harbour' }
```
";
