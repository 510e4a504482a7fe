use diagnostics::{Code, Severity};
use model::json::Value;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::words::Words;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("categories-too-many"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

/// What it says.
pub(crate) const WORDS: Words = Words {
    message: "workspace `{name}` has {count} categories; {most} are the most",
    hint: "keep those that say best what it is for",
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
                    WORDS.fill(&[
                        ("name", &shown(workspace.name())),
                        ("count", &items.len().to_string()),
                        ("most", &MOST.to_string()),
                    ]),
                )
                .with_hint(WORDS.hint),
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
