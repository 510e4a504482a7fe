use diagnostics::{Code, Severity};
use model::json;

use crate::context::Text;
use crate::report::Report;
use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("not-utf8"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Text(check),
};

const DOCS: &str = r#"## What it does

Looks whether each `workspace.json` is UTF-8.

## Why is this bad?

JSON is always UTF-8. What cannot be read is published as �.

## Example

```text
"description": "caf\xE9"     (Latin-1)
```

## Use instead

```text
"description": "café"        (UTF-8)
```
"#;

fn check(text: &Text<'_>, report: &mut Report) {
    if let Err(error) = std::str::from_utf8(text.bytes) {
        let start = error.valid_up_to();
        let length = error.error_len().unwrap_or(text.bytes.len() - start);
        report.add(
            text.found(
                &RULE,
                json::Span::new(start, start + length),
                format!(
                    "`{}` is not UTF-8; what cannot be read is shown as \u{fffd}",
                    text.file
                ),
            )
            .with_label("the first such place")
            .with_hint("save it as UTF-8"),
        );
    }
}
