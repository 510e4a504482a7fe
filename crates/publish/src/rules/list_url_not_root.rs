use diagnostics::{Code, Severity};

use crate::context::All;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("list-url-not-root"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::All(check),
};

const DOCS: &str = r#"## What it does

Looks whether `list_url` ends in the folder of a form or in `list.json`, or without a slash.

## Why is this bad?

People copy it from the registry's pages into a consumer, which looks for the folders of all forms
below it. Some consumers find nothing there, and some put names right behind it.

## Example

```toml
list_url = "https://harbour.example/1.1/list.json"
```

## Use instead

```toml
list_url = "https://harbour.example/"
```
"#;

fn check(all: &All<'_>, report: &mut Report) {
    let Some(config) = all.config else { return };
    let Some(root) = root(&config.list_url) else {
        return;
    };
    report.add(
        all.found_in_config(
            &RULE,
            "list_url",
            format!(
                "the registry's address is not that of its root: {}",
                shown(&config.list_url)
            ),
        )
        .with_hint(format!("write `{}`", shown(&root))),
    );
}

/// The address of the root, with a slash at its end; nothing if it is written so.
pub(crate) fn root(address: &str) -> Option<String> {
    let whole = address.trim();
    let (_, behind_scheme) = whole.split_once("://")?;
    if behind_scheme.is_empty() || behind_scheme.contains(['?', '#']) {
        return None;
    }
    let mut rest = match whole.strip_suffix("list.json") {
        Some(rest) if rest.ends_with('/') => rest,
        _ => whole,
    };
    let folder = rest.trim_end_matches('/');
    if let Some((before, last)) = folder.rsplit_once('/')
        && is_form(last)
        && !before.ends_with('/')
    {
        rest = &rest[..=before.len()];
    }
    let slash = if rest.ends_with('/') { "" } else { "/" };
    let root = format!("{rest}{slash}");
    (root != whole).then_some(root)
}

/// Whether a folder is named after a form: two numbers.
fn is_form(folder: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    folder
        .split_once('.')
        .is_some_and(|(major, minor)| is_number(major) && is_number(minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_above_the_folders() {
        for (address, expected) in [
            ("https://a.example/", None),
            ("https://a.example/?list.json", None),
            ("a.example", None),
            ("https://", None),
            ("https://a.example", Some("https://a.example/")),
            ("https://a.example/b", Some("https://a.example/b/")),
            (
                "https://a.example/old-list.json",
                Some("https://a.example/old-list.json/"),
            ),
            ("https://a.example/kasm-1.0/", None),
            ("https://1.1/", None),
            ("", None),
            ("https://a.example/1.1", Some("https://a.example/")),
            ("https://a.example/b/1.0/", Some("https://a.example/b/")),
            (
                "https://a.example/1.1/list.json",
                Some("https://a.example/"),
            ),
            ("https://a.example/list.json", Some("https://a.example/")),
        ] {
            assert_eq!(root(address).as_deref(), expected, "{address}");
        }
    }
}
