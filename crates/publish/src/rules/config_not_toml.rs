use diagnostics::{Code, Diagnostic, Severity, Span};

use crate::CONFIG_FILE;
use crate::encoding::{SAVE_AS_UTF8, SAVE_UTF16_AS_UTF8, is_utf16};
use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("config-not-toml"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Reads `registry.toml` as TOML.

## Why is this bad?

A file that is not TOML says nothing, so nothing is published.

## Example

```toml
name = "Harbour
schema = "1.1"
```

## Use instead

```toml
name = "Harbour"
schema = "1.1"
```
"#;

/// A text in another encoding.
pub(crate) fn found_not_utf8(bytes: &[u8]) -> Diagnostic {
    let (why, hint) = if is_utf16(bytes) {
        ("it is UTF-16, not UTF-8", SAVE_UTF16_AS_UTF8)
    } else {
        ("it is not UTF-8", SAVE_AS_UTF8)
    };
    RULE.found(format!("`{CONFIG_FILE}` is not TOML: {why}"))
        .with_hint(hint)
        .in_file(CONFIG_FILE)
}

pub(crate) fn found(error: &toml::de::Error) -> Diagnostic {
    let diagnostic = RULE
        .found(format!("`{CONFIG_FILE}` is not TOML: {}", error.message()))
        .in_file(CONFIG_FILE);
    match error.span() {
        Some(range) => diagnostic.at(Span {
            start: range.start,
            end: range.end,
        }),
        None => diagnostic,
    }
}
