use diagnostics::{Code, Severity};
use model::SchemaForm;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("compatibility-of-other-form"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks whether `compatibility` has the form that the registry is published in: texts in the form 1.0,
objects in the form 1.1.

## Why is this bad?

A consumer that looks for one form in the folder named after it finds no version, and does not offer
the workspace.

## Example

```json
{
  "name": "kasmweb/firefox:1.17.0",
  "compatibility": ["1.17.x"]
}
```

in a registry with `schema = "1.1"`.

## Use instead

```json
{
  "compatibility": [
    {"version": "1.17.x", "image": "kasmweb/firefox:1.17.0", "uncompressed_size_mb": 2643}
  ]
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let other = workspace.compatibility().iter().find(|item| {
        let (is_object, is_text) = (item.as_object().is_some(), item.as_str().is_some());
        match workspace.form {
            SchemaForm::V1_0 => is_object,
            SchemaForm::V1_1 => is_text,
        }
    });
    let Some(other) = other else { return };
    let (label, hint) = match workspace.form {
        SchemaForm::V1_0 => (
            "an object, as in the form 1.1",
            "write the version alone, such as `\"1.17.x\"`; image and size stand beside `compatibility`",
        ),
        SchemaForm::V1_1 => (
            "a text, as in the form 1.0",
            "write an object with `version`, `image` and `uncompressed_size_mb`",
        ),
    };
    // Braces that span lines are not underlined as a whole.
    let end = if other.as_object().is_some() {
        other.span.start + 1
    } else {
        other.span.end
    };
    report.add(
        workspace
            .found(
                &RULE,
                model::json::Span::new(other.span.start, end),
                format!(
                    "`compatibility` of workspace `{}` is not in the form {} of the registry",
                    shown(workspace.name()),
                    workspace.form
                ),
            )
            .with_label(label)
            .with_hint(hint),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check_form;

    #[test]
    fn each_form_has_its_own() {
        let texts = r#"{"friendly_name":"A","compatibility":["1.17.x","1.18.x"]}"#;
        let objects = r#"{"friendly_name":"A","compatibility":[{"version":"1.17.x"}]}"#;
        assert_eq!(check_form("1.0", texts).of(&RULE), "");
        assert_eq!(check_form("1.1", objects).of(&RULE), "");
        assert_eq!(
            check_form("1.0", objects).of(&RULE),
            "1:39: `compatibility` of workspace `A` is not in the form 1.0 of the registry"
        );
        assert_eq!(
            check_form("1.1", texts).of(&RULE),
            "1:39: `compatibility` of workspace `A` is not in the form 1.1 of the registry"
        );
    }
}
