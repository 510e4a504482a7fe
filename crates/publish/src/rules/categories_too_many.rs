use diagnostics::{Code, Severity};
use model::json::Value;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("categories-too-many"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for workspaces with more than three categories.

## Why is this bad?

The format's manual asks for three at most, and consumers may show no more. A workspace that is in
every category is found by nobody who looks for something.

## Example

```json
{
  "categories": ["Browser", "Office", "Games", "Security"]
}
```

## Use instead

```json
{
  "categories": ["Browser"]
}
```
"#;

/// So many categories a workspace may have.
pub(crate) const MOST: usize = 3;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let items = workspace.value("categories").and_then(Value::as_array);
    let items = items.unwrap_or_default();
    if let Some(fourth) = items.get(MOST) {
        report.add(
            workspace
                .found(
                    &RULE,
                    fourth.span,
                    format!(
                        "workspace `{}` has {} categories; {MOST} are the most",
                        shown(workspace.name()),
                        items.len()
                    ),
                )
                .with_hint("keep those that say best what it is for"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn three_are_enough() {
        let of = |categories: &str| {
            check(&format!(
                r#"{{"friendly_name":"A","categories":{categories}}}"#
            ))
            .of(&RULE)
        };
        assert_eq!(of(r#"["a","b","c"]"#), "");
        assert_eq!(
            of(r#"["a","b","c","d","e"]"#),
            "1:48: workspace `A` has 5 categories; 3 are the most"
        );
        assert_eq!(of(r#""a, b, c, d""#), "");
    }
}
