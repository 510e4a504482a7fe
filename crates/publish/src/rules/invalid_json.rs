use diagnostics::{Code, Fix, Severity};
use model::json::{self, SyntaxError};

use crate::context::Text;
use crate::encoding::is_utf16;
use crate::report::{Report, span};
use crate::rules::{Check, Rule};
use crate::words::Words;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("invalid-json"),
    severity: Severity::Error,
    docs: DOCS,
    check: Check::Text(check),
};

/// What it says.
pub(crate) const WORDS: Words = Words {
    message: "`{file}` is not JSON and is left out: {why}",
    hint: "",
};

const DOCS: &str = r#"## What it does

Reads each `workspace.json` as JSON, and reports up to twenty mistakes of a file at once. Nesting
ends at 512 levels.

## Why is this bad?

What is not JSON describes no workspace: it is left out. In other builds one such file empties the
whole registry.

## Example

```json
{
  "friendly_name": "Firefox",
  "cores": 2,
}
```

## Use instead

```json
{
  "friendly_name": "Firefox",
  "cores": 2
}
```
"#;

fn check(text: &Text<'_>, report: &mut Report) {
    // It may be JSON all the same, in an encoding that has a rule of its own.
    if is_utf16(text.bytes) {
        return;
    }
    for error in &text.parsed.errors {
        let diagnostic = text
            .found(
                &RULE,
                error.span,
                WORDS.fill(&[("file", text.file), ("why", &error.message)]),
            )
            .with_hint(error.hint);
        report.add(match trailing_comma(text.bytes, error) {
            Some(fix) => diagnostic.with_fix(fix),
            None => diagnostic,
        });
    }
}

/// Takes away the comma before a closing bracket, the one mistake whose repair leaves no choice.
fn trailing_comma(bytes: &[u8], error: &SyntaxError) -> Option<Fix> {
    if error.message != json::TRAILING_COMMA {
        return None;
    }
    let before = bytes[..error.span.start].trim_ascii_end();
    let comma = before.len().checked_sub(1)?;
    (before[comma] == b',').then(|| {
        let place = json::Span::new(comma, comma + 1);
        Fix::replace("take the comma away", span(place), "")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn all_mistakes_are_found_at_once() {
        insta::assert_snapshot!(check("{\"a\": tru, \"b\": 01}").of(&RULE), @r"
        1:7: `workspaces/a/workspace.json` is not JSON and is left out: `tru` is not a JSON value
        1:17: `workspaces/a/workspace.json` is not JSON and is left out: `01` is not a JSON number
        ");
    }

    #[test]
    fn commas_too_many_are_taken_away() {
        assert_eq!(
            check("{\"a\": [1, 2 , ], \"b\": {\"c\": 1,\n},\n}").fixed(&RULE),
            "{\"a\": [1, 2  ], \"b\": {\"c\": 1\n}\n}"
        );
        assert_eq!(check("{\"a\": tru}").fixed(&RULE), "{\"a\": tru}");
        assert_eq!(check("[1,,]").fixed(&RULE), "[1,]");
    }

    #[test]
    fn what_is_nested_too_deeply_is_one_mistake() {
        let text = "[".repeat(100_000);
        assert_eq!(
            check(&text).of(&RULE),
            "1:513: `workspaces/a/workspace.json` is not JSON and is left out: nested deeper than 512 levels"
        );
    }
}
