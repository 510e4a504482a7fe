use diagnostics::{Code, Severity};

use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("image-not-found"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Asks the image registry for each image, with its own tag. Only with `--online`.

## Why is this bad?

The image registry does not have it, so installing the workspace fails on every host. Mostly the name
or the tag is misspelt, or the tag was removed.

## Example

```json
"image": "kasmweb/chromum:1.17.0"
```

## Use instead

```json
"image": "kasmweb/chromium:1.17.0"
```
"#;
