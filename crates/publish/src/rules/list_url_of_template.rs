use diagnostics::{Code, Severity};

use crate::context::All;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("list-url-of-template"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::All(check),
};

const DOCS: &str = r#"## What it does

Looks whether `list_url` is the address that the public template comes with: that of another
registry.

## Why is this bad?

People copy it from the registry's pages into a consumer, and add the other registry in the place of
this one.

## Example

```toml
list_url = "https://registry.kasmweb.com/"
```

## Use instead

```toml
list_url = "https://harbour.example/"
```
"#;

const HOST_OF_TEMPLATE: &str = "registry.kasmweb.com";
/// The name in the template, and of the registry whose address that is.
const NAME_OF_TEMPLATE: &str = "Kasm Technologies";

fn check(all: &All<'_>, report: &mut Report) {
    let Some(config) = all.config else { return };
    let address = config.list_url.trim();
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    if rest.split('/').next() != Some(HOST_OF_TEMPLATE) {
        return;
    }
    let name = if config.name == NAME_OF_TEMPLATE {
        ", and the name is the template's too"
    } else {
        ""
    };
    report.add(
        all.found_in_config(
            &RULE,
            "list_url",
            format!(
                "the registry's address is that of the template{name}: {}",
                shown(address)
            ),
        )
        .with_label("leads to another registry")
        .with_hint("write the address that this registry is published at"),
    );
}
