use diagnostics::{Code, Severity};
use model::json;

use crate::context::Text;
use crate::encoding::{SAVE_AS_UTF8, SAVE_UTF16_AS_UTF8, is_utf16};
use crate::report::Report;
use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("not-utf8"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Text(check),
};

const DOCS: &str = r#"## What it does

Looks whether each `workspace.json` is UTF-8. One that is UTF-16, which some editors call "Unicode",
is an error.

## Why is this bad?

JSON is always UTF-8. What cannot be read is published as �, and of UTF-16 nothing can be read: the
workspace is left out.

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
    if is_utf16(text.bytes) {
        let message = format!("`{}` is UTF-16, not UTF-8, and is left out", text.file);
        let mut diagnostic = text.found(&RULE, json::Span::new(0, 0), message);
        diagnostic.severity = Severity::Error;
        report.add(diagnostic.with_hint(SAVE_UTF16_AS_UTF8));
    } else if let Err(error) = std::str::from_utf8(text.bytes) {
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
            .with_hint(SAVE_AS_UTF8),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_bytes;

    #[test]
    fn another_encoding_is_named() {
        let utf16: Vec<u8> = "\u{feff}{\"friendly_name\": \"A\"}"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let checked = check_bytes(&utf16);
        assert_eq!(
            checked.of(&RULE),
            "1:1: `workspaces/a/workspace.json` is UTF-16, not UTF-8, and is left out"
        );
        let [only] = &checked.diagnostics[..] else {
            panic!("{:?}", checked.diagnostics);
        };
        assert_eq!(only.severity, Severity::Error);
        assert_eq!(only.hint.as_deref(), Some(SAVE_UTF16_AS_UTF8));
        assert_eq!(
            check_bytes(b"{\"friendly_name\": \"caf\xe9\"}").of(&RULE),
            "1:23: `workspaces/a/workspace.json` is not UTF-8; what cannot be read is shown as \u{fffd}"
        );
    }
}
