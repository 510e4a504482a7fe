use diagnostics::{Code, Severity};

use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("channel-not-found"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Asks the image registry for each image under each of its `available_tags`. Only with `--online`.

## Why is this bad?

Whoever chooses the channel gets the image with that tag, and the image registry does not have it.

## Example

```json
"image": "kasmweb/chromium:1.17.0", "available_tags": ["1.17.0", "devel"]
```

## Use instead

```json
"image": "kasmweb/chromium:1.17.0", "available_tags": ["1.17.0", "develop"]
```
"#;
