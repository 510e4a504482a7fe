use diagnostics::{Code, Severity};

use crate::context::Text;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("duplicate-key"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Text(check),
};

const DOCS: &str = r#"## What it does

Looks for keys that stand twice in the same object of a `workspace.json`.

## Why is this bad?

Only the last value counts. A reader sees the first one and believes it.

## Example

```json
{
  "friendly_name": "Firefox",
  "notes": "old",
  "notes": "new"
}
```

## Use instead

```json
{
  "friendly_name": "Firefox",
  "notes": "new"
}
```
"#;

fn check(text: &Text<'_>, report: &mut Report) {
    // What is no JSON is left out as a whole, so that no key in it counts.
    if !text.parsed.errors.is_empty() {
        return;
    }
    for place in &text.parsed.duplicate_keys {
        let key = String::from_utf8_lossy(&text.bytes[place.start..place.end]);
        report.add(
            text.found(
                &RULE,
                *place,
                format!("`{}` has {} twice in one object", text.file, shown(&key)),
            )
            .with_label("stands here again; this value counts")
            .with_hint("take the other one away"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn a_key_counts_once_in_each_object() {
        let checked = check(r#"{"friendly_name":"A","a":1,"a":2,"b":{"a":1}}"#);
        assert_eq!(
            checked.of(&RULE),
            "1:28: `workspaces/a/workspace.json` has \"a\" twice in one object"
        );
        assert_eq!(check(r#"{"a":1,"a":2"#).of(&RULE), "");
    }
}
