use diagnostics::{Code, Diagnostic, Severity, Span};

use crate::CONFIG_FILE;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("config-not-an-address"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Looks whether `list_url` and `contact_url` in `registry.toml` begin with `https://` or `http://`.

## Why is this bad?

Consumers make links of them. A link without a scheme leads nowhere.

## Example

```toml
list_url = "harbour.example"
```

## Use instead

```toml
list_url = "https://harbour.example/"
```
"#;

pub(crate) fn found(key: &str, text: &str, place: Span) -> Diagnostic {
    RULE.found(format!(
        "`{key}` in `{CONFIG_FILE}` is no address: {}",
        shown(text)
    ))
    .with_label("begins with neither `https://` nor `http://`")
    .in_file(CONFIG_FILE)
    .at(place)
}
