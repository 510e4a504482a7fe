use std::collections::HashSet;

use diagnostics::{Code, Fix, Severity};
use model::json::{self, Value};

use crate::context::Context;
use crate::report::{Report, span};
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("category-twice"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for categories that a workspace names more than once.

## Why is this bad?

Some consumers show the workspace twice in that category, and three categories are the most.

## Example

```json
{
  "categories": ["Browser", "Browser"]
}
```

## Use instead

```json
{
  "categories": ["Browser"]
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let items = workspace.value("categories").and_then(Value::as_array);
    let mut before: Option<json::Span> = None;
    let mut seen = HashSet::new();
    for item in items.unwrap_or_default() {
        let previous = before.replace(item.span);
        let Some(text) = item.as_str() else { continue };
        if seen.insert(text) {
            continue;
        }
        let Some(previous) = previous else { continue };
        let with_comma = json::Span::new(previous.end, item.span.end);
        report.add(
            workspace
                .found(
                    &RULE,
                    item.span,
                    format!(
                        "category `{}` of workspace `{}` stands twice",
                        shown(text),
                        shown(workspace.name())
                    ),
                )
                .with_hint("take the second one away")
                .with_fix(Fix::replace("take it away", span(with_comma), "")),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn once_is_enough() {
        let checked = check(
            "{\"friendly_name\":\"A\",\"categories\":[\"X\",\"Y\", \"X\",\n  \"X\", 5, 5, \"Z\"]}",
        );
        insta::assert_snapshot!(checked.of(&RULE), @"
        1:45: category `X` of workspace `A` stands twice
        2:3: category `X` of workspace `A` stands twice
        ");
        assert_eq!(
            checked.fixed(&RULE),
            "{\"friendly_name\":\"A\",\"categories\":[\"X\",\"Y\", 5, 5, \"Z\"]}"
        );
        let other = check(r#"{"friendly_name":"A","categories":["X","x","XX"]}"#);
        assert_eq!(other.of(&RULE), "");
    }
}
