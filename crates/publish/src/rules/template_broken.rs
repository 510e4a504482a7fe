use diagnostics::{Code, Severity};

use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("template-broken"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Reads `site/next.config.js` of a registry that was made from the public template, and looks for
texts that end too early or not at all.

## Why is this bad?

The template's build stops there: the registry publishes nothing, or its storefront throws in the
browser. What can be read is used all the same.

## Example

```js
env: { name: 'Ann's registry' }
```

## Use instead

```js
env: { name: "Ann's registry" }
```
"#;
