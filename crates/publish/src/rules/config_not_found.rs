use std::io;

use diagnostics::{Code, Diagnostic, Severity};

use crate::path::join;
use crate::rules::{Check, Rule, not_readable};
use crate::shown::shown;
use crate::{CONFIG_FILE, EntryKind, SourceTree};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("config-not-found"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r"## What it does

Looks for `registry.toml` at the root of the registry's folder.

## Why is this bad?

It says what the registry is called, where it is published and which form its workspaces have.
Without it nothing can be published.

## Example

```text
harbour/
  workspaces/
```

## Use instead

```text
harbour/
  registry.toml
  workspaces/
```
";

pub(crate) fn found(tree: &dyn SourceTree, error: &io::Error) -> Diagnostic {
    let below = registries_below(tree);
    let hint = if error.kind() != io::ErrorKind::NotFound {
        not_readable::hint(CONFIG_FILE, error)
    } else if below.is_empty() {
        "write one with at least `name`, `list_url` and `schema`".to_owned()
    } else {
        format!(
            "one lies in each of: `{}`; name one of these folders",
            below.join("`, `")
        )
    };
    RULE.found(format!("`{CONFIG_FILE}` cannot be read: {error}"))
        .with_hint(hint)
        .in_file(CONFIG_FILE)
}

/// The folders just below the root that are registries themselves.
fn registries_below(tree: &dyn SourceTree) -> Vec<String> {
    const MOST_FOLDERS: usize = 1000;
    const MOST: usize = 5;
    let entries = tree.entries("").unwrap_or_default();
    let folders = entries
        .into_iter()
        .filter(|entry| entry.kind == EntryKind::Folder && !entry.name.starts_with('.'))
        .take(MOST_FOLDERS);
    let mut found: Vec<String> = folders
        .filter(|folder| tree.open(&join(&folder.name, CONFIG_FILE)).is_ok())
        .map(|folder| shown(&folder.name).into_owned())
        .collect();
    found.sort();
    found.truncate(MOST);
    found
}
