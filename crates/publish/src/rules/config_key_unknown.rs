use diagnostics::{Code, Diagnostic, Severity, Span};

use crate::CONFIG_FILE;
use crate::config::KEYS;
use crate::nearest::nearest;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("config-key-unknown"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Looks for keys in `registry.toml` that nobody reads.

## Why is this bad?

What stands there is not used. Mostly the key is misspelt.

## Example

```toml
title = "Harbour"
```

## Use instead

```toml
name = "Harbour"
```
"#;

pub(crate) fn found(key: &str, place: Span) -> Diagnostic {
    found_in(key, key, &KEYS, place)
}

/// In a table that has these `keys`; `path` is the key with that of the table.
pub(crate) fn found_in(
    path: &str,
    key: &str,
    keys: &'static [&'static str],
    place: Span,
) -> Diagnostic {
    let known = format!("known keys are: `{}`", keys.join("`, `"));
    RULE.found(format!(
        "`{}` in `{CONFIG_FILE}` means nothing",
        shown(path)
    ))
    .with_hint(match nearest(key, keys.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? {known}"),
        None => known,
    })
    .in_file(CONFIG_FILE)
    .at(place)
}
