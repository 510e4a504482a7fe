use std::io;

use diagnostics::{Code, Diagnostic, Severity};

use crate::rules::{Check, Rule};
use crate::shown::shown;

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

pub(crate) fn found(path: &str, error: &io::Error) -> Diagnostic {
    RULE.found(format!("`{path}` cannot be read: {error}"))
        .with_hint(hint(path, error))
        .in_file(path)
}

/// What to do about a file or folder that cannot be read.
pub(crate) fn hint(path: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            format!("let who builds read it: `chmod -R a+rX '{}'`", shown(path))
        }
        io::ErrorKind::FileTooLarge => "take out what does not belong there".to_owned(),
        _ => "put it there again, or take it away".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_do_follows_from_the_reason() {
        let of = |kind: io::ErrorKind| found("workspaces/a", &kind.into()).hint;
        assert_eq!(
            of(io::ErrorKind::PermissionDenied).as_deref(),
            Some("let who builds read it: `chmod -R a+rX 'workspaces/a'`")
        );
        assert_eq!(
            of(io::ErrorKind::InvalidData).as_deref(),
            Some("put it there again, or take it away")
        );
    }
}
