use diagnostics::{Code, Diagnostic, Severity};

use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("not-readable"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r"## What it does

Reads every file of each workspace.

## Why is this bad?

A workspace with a file that cannot be read is left out: its `sha` covers all files of its folder.

## Example

```text
$ ls -l workspaces/firefox
-rw------- 1 root root 512 workspace.json
```

## Use instead

```text
$ ls -l workspaces/firefox
-rw-r--r-- 1 ann ann 512 workspace.json
```
";

pub(crate) fn found(path: &str, error: &std::io::Error) -> Diagnostic {
    RULE.found(format!("`{path}` cannot be read: {error}"))
        .in_file(path)
}
