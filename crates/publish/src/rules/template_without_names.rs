use diagnostics::{Code, Severity};

use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("template-without-names"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Looks for `env: {…}` in `site/next.config.js` of a registry that was made from the public template.

## Why is this bad?

The registry's name and address stand there. Without them consumers call it "Unknown store".

## Example

```js
module.exports = { output: 'export' }
```

## Use instead

```js
module.exports = {
  env: { name: 'Harbour', listUrl: 'https://harbour.example/' },
  output: 'export',
}
```
"#;
