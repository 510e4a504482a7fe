use diagnostics::{Code, Severity};
use model::json::{Span, Value};

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("image-missing"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks whether a workspace says which image it is: `name` in the form 1.0, `image` in each entry of
`compatibility` in the form 1.1.

## Why is this bad?

The workspace is shown and cannot be installed.

## Example

```json
{
  "friendly_name": "Firefox",
  "compatibility": [{"version": "1.17.x"}]
}
```

## Use instead

```json
{
  "friendly_name": "Firefox",
  "compatibility": [{"version": "1.17.x", "image": "kasmweb/firefox:1.17.0"}]
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Ok((definition, _)) = workspace.definition else {
        return;
    };
    // Where an entry lacks its own, this one is read.
    if definition.image.is_some() {
        return;
    }
    let name = shown(workspace.name());
    let mut entries = workspace
        .compatibility()
        .iter()
        .filter(|entry| entry.as_object().is_some())
        .peekable();
    if entries.peek().is_none() {
        report.add(
            workspace
                .found_in(&RULE, "name", format!("workspace `{name}` names no image"))
                .with_label("cannot be installed")
                .with_hint("name one with its tag, such as `kasmweb/firefox:1.17.0`"),
        );
    }
    for entry in entries.filter(|entry| entry.get("image").is_none_or(Value::is_null)) {
        let start = entry.span.start;
        report.add(
            workspace
                .found(
                    &RULE,
                    Span::new(start, start + 1),
                    format!("an entry of workspace `{name}` names no image"),
                )
                .with_label("cannot be installed")
                .with_hint("add its image with its tag, such as `kasmweb/firefox:1.17.0`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn an_image_is_named_once_or_in_each_entry() {
        let of = |rest: &str| check(&format!(r#"{{"friendly_name":"A",{rest}}}"#)).of(&RULE);
        assert_eq!(of(r#""name":"a:1""#), "");
        assert_eq!(
            of(r#""name":"a:1","compatibility":[{"version":"1.17.x"}]"#),
            ""
        );
        assert_eq!(
            of(r#""compatibility":[{"version":"1.17.x","image":"a:1"}]"#),
            ""
        );
        assert_eq!(
            of(r#""compatibility":["1.17.x"]"#),
            "1:1: workspace `A` names no image"
        );
        assert_eq!(
            of(r#""compatibility":[{"version":"1.17.x"},{"version":"1.18.x","image":"a:1"}]"#),
            "1:39: an entry of workspace `A` names no image"
        );
    }
}
