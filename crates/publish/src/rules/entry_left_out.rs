use diagnostics::{Code, Diagnostic, Severity};

use crate::Unusable;
use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("entry-left-out"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r"## What it does

Looks for links that leave the registry's folder, lead nowhere, to themselves or to a folder that
they lie in, for pipes, sockets and devices, and for names that are not UTF-8.

## Why is this bad?

None of them can be published: a visitor of the registry has no such file. They do not count in the
workspace's `sha` either, so that a build elsewhere may give another one.

## Example

```text
workspaces/firefox/icon.png -> /home/ann/icon.png
```

## Use instead

```text
workspaces/firefox/icon.png
```

A link that stays inside the registry's folder is published as what it leads to.
";

pub(crate) fn found(path: &str, why: Unusable) -> Diagnostic {
    let (why, hint) = match why {
        Unusable::LeavesTree => (
            "a link that leads out of the registry's folder",
            "put a copy in its place",
        ),
        Unusable::Dangling => (
            "a link that leads nowhere",
            "put there what it should lead to, or take it away",
        ),
        Unusable::Loop => (
            "a link that leads round in a circle",
            "let it lead to a file, or take it away",
        ),
        Unusable::Special => (
            "neither a file nor a folder",
            "put a file in its place, or take it away",
        ),
        Unusable::NameNotUtf8 => ("a name that is not UTF-8", "rename it"),
        Unusable::Submodule => (
            "a submodule, whose files are in another repository",
            "put a copy of its files in its place",
        ),
    };
    RULE.found(format!("`{path}` is left out: {why}"))
        .with_hint(hint)
        .in_file(path)
}
