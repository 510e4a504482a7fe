use diagnostics::{Code, Severity};
use model::json::Value;

use crate::categories::{self, Usual};
use crate::context::Context;
use crate::fixes::write_text;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("category-misspelt"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for categories that are nearly one of those that most registries use: Browser, Chat,
Communication, Desktop, Development, Games, Mobile, Multimedia, OSINT, Office, Privacy,
Productivity, Remote Access and Security.

## Why is this bad?

Consumers show the categories of all registries together, and make another one for each spelling.

## Example

```json
{
  "categories": ["browsers"]
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
    for item in items.unwrap_or_default() {
        let Some(text) = item.as_str() else { continue };
        let Some(usual) = categories::usual(text) else {
            continue;
        };
        let diagnostic = workspace.found(
            &RULE,
            item.span,
            format!(
                "category `{}` of workspace `{}` is spelt otherwise in most registries",
                shown(text),
                shown(workspace.name())
            ),
        );
        report.add(match usual {
            Usual::SameWord(name) => diagnostic
                .with_hint(format!("write `{name}`"))
                .with_fix(write_text(item.span, name)),
            Usual::Near(name) => diagnostic.with_hint(format!("did you mean `{name}`?")),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn the_usual_spelling_is_written() {
        let checked = check(
            r#"{"friendly_name":"A","categories":["Browser","browsers","Remote-Access","Mutlimedia","Gaming"]}"#,
        );
        insta::assert_snapshot!(checked.of(&RULE), @r"
        1:46: category `browsers` of workspace `A` is spelt otherwise in most registries
        1:57: category `Remote-Access` of workspace `A` is spelt otherwise in most registries
        1:73: category `Mutlimedia` of workspace `A` is spelt otherwise in most registries
        ");
        assert_eq!(
            checked.fixed(&RULE),
            r#"{"friendly_name":"A","categories":["Browser","Browser","Remote Access","Mutlimedia","Gaming"]}"#
        );
    }
}
