use diagnostics::{Code, Diagnostic, Severity, Span};

use crate::CONFIG_FILE;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("config-not-a-color"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r##"## What it does

Looks whether `accent` in the table `[storefront]` of `registry.toml` is a colour: `#` and six
hexadecimal digits, or three.

## Why is this bad?

What is no colour is not used: the storefront has the colour that all have.

## Example

```toml
[storefront]
accent = "teal"
```

## Use instead

```toml
[storefront]
accent = "#0b6a8a"
```
"##;

pub(crate) fn found(key: &str, text: &str, place: Span) -> Diagnostic {
    RULE.found(format!(
        "`{key}` in `{CONFIG_FILE}` is no colour: {}",
        shown(text)
    ))
    .with_hint("write it as `#rrggbb`, such as `#0b6a8a`")
    .in_file(CONFIG_FILE)
    .at(place)
}
