use diagnostics::{Code, Diagnostic, Severity};

use crate::discover::WORKSPACE_FILE;
use crate::nearest::nearest;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::{Entry, EntryKind};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("folder-without-workspace"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r"## What it does

Looks for folders in `workspaces/` that hold no `workspace.json`, neither themselves nor in a folder
below.

## Why is this bad?

The folder is passed over, and a workspace that was meant to be there is not published. Names are
compared letter by letter: `Workspace.json` is another file.

## Example

```text
workspaces/firefox/Workspace.json
workspaces/firefox/firefox.png
```

## Use instead

```text
workspaces/firefox/workspace.json
workspaces/firefox/firefox.png
```
";

pub(crate) fn found(folder: &str, entries: &[Entry]) -> Diagnostic {
    let files = entries
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::File { .. }))
        .map(|entry| entry.name.as_str());
    let near = nearest(WORKSPACE_FILE, files);
    let diagnostic = RULE
        .found(format!("`{}` holds no `{WORKSPACE_FILE}`", shown(folder)))
        .in_file(folder);
    match near {
        Some(near) => {
            diagnostic.with_hint(format!("rename `{}` to `{WORKSPACE_FILE}`", shown(near)))
        }
        None => diagnostic.with_hint("add one, or take the folder away"),
    }
}
