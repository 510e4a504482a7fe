use diagnostics::{Code, Diagnostic, Severity};

use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("folder-too-large"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r"## What it does

Looks whether a workspace's folder holds more than 50,000 names or folders more than 64 deep, and
whether workspaces lie more than 32 folders deep. The last is a warning.

## Why is this bad?

Every file of the folder is read to tell whether the workspace changed. What is that large is mostly
something else that ended up there, such as the files of a package manager.

## Example

```text
workspaces/firefox/
  workspace.json
  firefox.png
  vendor/…
```

## Use instead

```text
workspaces/firefox/
  workspace.json
  firefox.png
```
";

/// A workspace's folder.
pub(crate) fn found_workspace(folder: &str, most: usize, deepest: usize) -> Diagnostic {
    RULE.found(format!(
        "`{folder}` is left out: more than {most} names or {deepest} folders deep"
    ))
    .with_hint("move what does not belong to the workspace elsewhere")
    .in_file(folder)
}

/// A folder that is not looked into for workspaces.
pub(crate) fn found_folder(folder: &str, deepest: usize) -> Diagnostic {
    Diagnostic::warning(
        RULE.code,
        format!("`{folder}` is passed over: more than {deepest} folders deep"),
    )
    .with_hint("move it further up")
    .in_file(folder)
}
