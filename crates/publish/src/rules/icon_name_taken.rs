use diagnostics::{Code, Diagnostic, Severity};

use crate::listed::ListedIcon;
use crate::report::span;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::summary::Summary;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("icon-name-taken"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r"## What it does

Looks for two workspaces whose icons have the same file name and different content.

## Why is this bad?

All icons of a registry lie in one folder. The first one stays; the other workspace would show it
too.

## Example

```text
workspaces/firefox/icon.png
workspaces/chrome/icon.png
```

## Use instead

```text
workspaces/firefox/firefox.png
workspaces/chrome/chrome.png
```
";

pub(crate) fn found(workspace: &Summary, icon: &ListedIcon, other: &str) -> Diagnostic {
    let diagnostic = RULE
        .found(format!(
            "icon `{}` of workspace `{}` has the same name as a different one of workspace `{}`",
            shown(&icon.path),
            shown(&workspace.name),
            shown(other)
        ))
        .with_label("this one is not published: consumers show the other")
        .with_hint("give the file another name")
        .in_file(&workspace.file);
    match icon.place {
        Some(place) => diagnostic.at(span(place)),
        None => diagnostic,
    }
}
