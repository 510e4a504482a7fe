use diagnostics::{Code, Diagnostic, Severity, Span};

use crate::CONFIG_FILE;
use crate::rules::{Check, Rule};
use crate::template::NEXT_CONFIG_FILE;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("config-key-missing"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Looks for the keys `name`, `list_url`, `contact_url` and `schema` in `registry.toml`, and for
`contactUrl` in `site/next.config.js` where there is no `registry.toml`. Without `schema` it is an
error.

## Why is this bad?

Without a name consumers call the registry "Unknown store"; without its address nobody can copy it
from the pages; without a contact nobody can ask about a warning before they install; without a
schema nobody knows which form its workspaces have.

## Example

```toml
name = "Harbour"
```

## Use instead

```toml
name = "Harbour"
list_url = "https://harbour.example/"
contact_url = "https://harbour.example/contact"    # or "mailto:…"; or "" where nobody is to ask
schema = "1.1"
```
"#;

/// What a registry is without that nobody can ask.
pub(crate) const NO_CONTACT: &str =
    "whoever wonders about a workspace cannot ask before installing it";

/// A key that can be done without.
pub(crate) fn found(key: &str, end: usize, why: &str) -> Diagnostic {
    let example = match key {
        "name" => "My workspaces",
        "list_url" => "https://registry.example/",
        _ => "https://registry.example/contact",
    };
    RULE.found(format!("`{CONFIG_FILE}` has no `{key}`: {why}"))
        .with_hint(format!(
            "add a line `{key} = \"{example}\"` above the first table"
        ))
        .in_file(CONFIG_FILE)
        .at(Span { start: end, end })
}

/// The contact of a registry that was made from the template, which has the place of `env`.
pub(crate) fn found_contact_in_template(place: Span) -> Diagnostic {
    RULE.found(format!(
        "`{NEXT_CONFIG_FILE}` has no `contactUrl`: {NO_CONTACT}"
    ))
    .with_hint("add `contactUrl: 'https://registry.example/contact',` to `env`")
    .in_file(NEXT_CONFIG_FILE)
    .at(place)
}

/// The schema, without which nothing can be published.
pub(crate) fn found_schema(end: usize) -> Diagnostic {
    Diagnostic::error(
        RULE.code,
        format!("`{CONFIG_FILE}` does not say which `schema` its workspaces have"),
    )
    .with_hint("add a line `schema = \"1.1\"`")
    .in_file(CONFIG_FILE)
    .at(Span { start: end, end })
}
