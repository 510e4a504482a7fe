use diagnostics::{Code, Severity};
use model::SchemaForm;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("property-of-other-form"),
    severity: Severity::Note,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for `name` and `uncompressed_size_mb` beside a `compatibility` of the form 1.1, which says
image and size for each version.

## Why is this bad?

Consumers read them from the entries, so that nothing is missing. But who changes the image later
may change the one that nobody reads.

## Example

```json
{
  "name": "kasmweb/firefox:1.16.0",
  "compatibility": [{"version": "1.17.x", "image": "kasmweb/firefox:1.17.0"}]
}
```

## Use instead

```json
{
  "compatibility": [{"version": "1.17.x", "image": "kasmweb/firefox:1.17.0"}]
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    if workspace.form != SchemaForm::V1_1 {
        return;
    }
    for (outer, inner) in [
        ("name", "image"),
        ("uncompressed_size_mb", "uncompressed_size_mb"),
    ] {
        let entries = workspace.compatibility();
        // Where an entry lacks its own, the outer one is read in its place.
        let all_have_it =
            !entries.is_empty() && entries.iter().all(|entry| entry.get(inner).is_some());
        let Some(member) = workspace.object.member(outer).filter(|_| all_have_it) else {
            continue;
        };
        report.add(
            workspace
                .found(
                    &RULE,
                    member.key_span,
                    format!(
                        "`{outer}` of workspace `{}` belongs to the form 1.0",
                        shown(workspace.name())
                    ),
                )
                .with_label(format!("not read: each version has its own `{inner}`"))
                .with_hint("take it away"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check, check_form};

    #[test]
    fn what_entries_say_is_not_said_again() {
        let text = r#"{"friendly_name":"A","name":"a:1","compatibility":[{"version":"1.17.x","image":"a:2"}]}"#;
        assert_eq!(
            check(text).of(&RULE),
            "1:22: `name` of workspace `A` belongs to the form 1.0"
        );
        assert_eq!(check_form("1.0", text).of(&RULE), "");
        let needed = r#"{"friendly_name":"A","name":"a:1","compatibility":[{"version":"1.17.x"}]}"#;
        assert_eq!(check(needed).of(&RULE), "");
    }
}
