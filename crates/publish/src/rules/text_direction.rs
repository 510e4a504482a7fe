use diagnostics::{Code, Severity};

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("text-direction"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks in names and descriptions for signs that are not seen and turn the direction of the text behind
them: U+202A to U+202E and U+2066 to U+2069.

## Why is this bad?

The text is shown in another order than it is written in, and with it what stands beside it. One
workspace can be made to look like another one. Scripts that are read from right to left need no such
sign.

## Example

```json
{
  "friendly_name": "Fire\u202exof"
}
```

## Use instead

```json
{
  "friendly_name": "Firefox"
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    for key in ["friendly_name", "description"] {
        let Some(value) = workspace.value(key) else {
            continue;
        };
        let turning = value
            .as_str()
            .and_then(|text| text.chars().find(|sign| turns(*sign)));
        let Some(sign) = turning else { continue };
        let name: String = workspace
            .name()
            .chars()
            .filter(|sign| !turns(*sign))
            .collect();
        report.add(
            workspace
                .found(
                    &RULE,
                    value.span,
                    format!(
                        "`{key}` of workspace `{}` has signs that turn the direction of its text, the first is U+{:04X}",
                        shown(&name),
                        u32::from(sign)
                    ),
                )
                .with_hint("remove them, best by writing the text anew"),
        );
    }
}

/// Whether a sign turns the direction of what stands behind it.
const fn turns(sign: char) -> bool {
    matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn signs_that_turn_the_text_are_found() {
        let checked =
            check("{\"friendly_name\":\"Fire\\u202exof\",\"description\":\"a \u{2066}b\u{2069}\"}");
        insta::assert_snapshot!(checked.of(&RULE), @"
        1:18: `friendly_name` of workspace `Firexof` has signs that turn the direction of its text, the first is U+202E
        1:48: `description` of workspace `Firexof` has signs that turn the direction of its text, the first is U+2066
        ");
        let plain = check(r#"{"friendly_name":"דפדפן","description":"\u200fא\u00a0‍b"}"#);
        assert_eq!(plain.of(&RULE), "");
    }
}
