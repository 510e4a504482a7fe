use diagnostics::{Code, Severity};
use model::list::is_this_machine;

use crate::context::All;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("list-url-not-encrypted"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::All(check),
};

const DOCS: &str = r#"## What it does

Looks whether `list_url` begins with `http://`, unless it is an address of this machine.

## Why is this bad?

Whoever sits between a consumer and the registry can change which images people run. Browsers show
nothing that comes over `http` on pages that came over `https`.

## Example

```toml
list_url = "http://harbour.example/"
```

## Use instead

```toml
list_url = "https://harbour.example/"
```
"#;

fn check(all: &All<'_>, report: &mut Report) {
    let Some(config) = all.config else { return };
    let Some(rest) = unencrypted(config.list_url.trim()) else {
        return;
    };
    report.add(
        all.found_in_config(
            &RULE,
            "list_url",
            format!(
                "the registry's address is not encrypted: {}",
                shown(&config.list_url)
            ),
        )
        .with_hint(format!(
            "write `https://{}`, and publish it there",
            shown(rest)
        )),
    );
}

/// What stands behind the scheme of an address that others can listen to.
fn unencrypted(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    (scheme.eq_ignore_ascii_case("http") && !is_this_machine(host)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_needs_no_encryption() {
        for address in [
            "https://a.example/",
            "http://localhost:8080/",
            "http://127.0.0.1/x",
            "http://[::1]:80/",
            "",
            "a.example",
        ] {
            assert_eq!(unencrypted(address), None, "{address}");
        }
        for (address, rest) in [
            ("http://a.example/registry", "a.example/registry"),
            ("HTTP://192.168.0.2:80", "192.168.0.2:80"),
            ("http://localhost.example/", "localhost.example/"),
        ] {
            assert_eq!(unencrypted(address), Some(rest));
        }
    }
}
