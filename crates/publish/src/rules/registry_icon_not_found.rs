use diagnostics::{Code, Diagnostic, Severity};

use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::{SourceTree, config};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("registry-icon-not-found"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Looks for the pictures that `icon` and `logo` in `registry.toml` name, unless that is an address or a
path at the root of the site.

## Why is this bad?

Consumers, and the storefront, show the registry without its picture.

## Example

```toml
icon = "logo.png"    # and only logo.svg lies beside registry.toml
```

## Use instead

```toml
icon = "logo.svg"
```
"#;

pub(crate) fn found(tree: &dyn SourceTree, key: &str, icon: &str) -> Diagnostic {
    let diagnostic = RULE
        .found(format!(
            "icon `{}` of the registry is not published",
            shown(icon)
        ))
        .with_hint("name a picture that lies beside `registry.toml`, or an address");
    config::about_key(diagnostic, tree, key)
}
