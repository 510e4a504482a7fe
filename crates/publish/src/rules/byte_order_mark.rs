use diagnostics::{Code, Fix, Severity};
use model::json;

use crate::context::Text;
use crate::report::{Report, span};
use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("byte-order-mark"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Text(check),
};

const DOCS: &str = r#"## What it does

Looks for a byte-order mark (U+FEFF) at the start of a `workspace.json`.

## Why is this bad?

JSON has no such mark. This program reads past it, other builds of the same registry stop there and
publish nothing.

## Example

```text
\xEF\xBB\xBF{"friendly_name": "Firefox"}
```

## Use instead

```text
{"friendly_name": "Firefox"}
```
"#;

fn check(text: &Text<'_>, report: &mut Report) {
    const LENGTH: usize = 3;
    if text.parsed.byte_order_mark {
        let place = json::Span::new(0, LENGTH);
        report.add(
            text.found(
                &RULE,
                place,
                format!("`{}` begins with a byte-order mark", text.file),
            )
            .with_hint("save it as UTF-8 without one: other builds stop here")
            .with_fix(Fix::replace("take it away", span(place), "")),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn a_mark_at_the_start_is_found_and_taken_away() {
        let checked = check("\u{feff}{\"friendly_name\":\"A\"}");
        assert_eq!(
            checked.of(&RULE),
            "1:1: `workspaces/a/workspace.json` begins with a byte-order mark"
        );
        assert_eq!(checked.fixed(&RULE), "{\"friendly_name\":\"A\"}");
        assert_eq!(check("{\"friendly_name\":\"\u{feff}\"}").of(&RULE), "");
    }
}
