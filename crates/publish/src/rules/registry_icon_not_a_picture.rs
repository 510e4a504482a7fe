use diagnostics::{Code, Diagnostic, Severity};

use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::{SourceTree, config};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("registry-icon-not-a-picture"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r"## What it does

Looks at the first bytes of the pictures that `registry.toml` names for the registry and its storefront,
for something that browsers show.

## Why is this bad?

Consumers show the registry with a broken picture.

## Example

```text
logo.png, which begins with `<!DOCTYPE html>`
```

## Use instead

```text
logo.png, which is a PNG
```
";

pub(crate) fn found(tree: &dyn SourceTree, key: &str, icon: &str) -> Diagnostic {
    let diagnostic = RULE
        .found(format!(
            "icon `{}` of the registry is no picture",
            shown(icon)
        ))
        .with_hint("save the picture itself: a PNG, SVG, JPEG, WebP or GIF");
    config::about_key(diagnostic, tree, key)
}
