use diagnostics::{Code, Severity};

use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("image-not-answered"),
    severity: Severity::Note,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Tells for which images nobody could say whether they exist. Only with `--online`.

## Why is this bad?

It need not be: private images are only shown to those who may pull them, and image registries limit
how often they are asked. But nothing is known about the image then.

## Example

```json
"image": "images.example/private:1"
```

## Use instead

An image that everybody may pull, or `image-not-answered = "allow"` under `[severity]` in
`registry.toml`.
"#;
