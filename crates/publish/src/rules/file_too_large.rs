use diagnostics::{Code, Diagnostic, Severity};

use crate::rules::{Check, Rule};
use crate::workspace::LONGEST_FILE;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("file-too-large"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Reading,
};

const DOCS: &str = r#"## What it does

Looks whether a `workspace.json` is longer than 4 MiB.

## Why is this bad?

It is not read and its workspace is left out. Consumers accept 256 kB for a workspace.

## Example

```text
workspaces/firefox/workspace.json, 12 MiB, with the icon in it as text
```

## Use instead

```json
{
  "friendly_name": "Firefox",
  "image_src": "firefox.png"
}
```
"#;

pub(crate) fn found(file: &str) -> Diagnostic {
    RULE.found(format!(
        "`{file}` is longer than {} MiB and is left out",
        LONGEST_FILE / 1024 / 1024
    ))
    .with_hint(
        "take long texts out: pictures are files of their own, and programs belong into the image",
    )
    .in_file(file)
}
