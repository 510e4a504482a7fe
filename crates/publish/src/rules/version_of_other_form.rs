use diagnostics::{Code, Severity};
use model::SchemaForm;
use model::version::CompatibilityVersion;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("version-of-other-form"),
    severity: Severity::Note,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks in registries of the form 1.1 for versions before 1.16.

## Why is this bad?

Those versions read the form 1.0 only, so that nobody reads the entry. Who still has one of them
needs the registry in the form 1.0 beside this one.

## Example

```json
{
  "compatibility": [
    {"version": "1.15.x", "image": "kasmweb/firefox:1.15.0"},
    {"version": "1.16.x", "image": "kasmweb/firefox:1.16.0"}
  ]
}
```

## Use instead

```json
{
  "compatibility": [
    {"version": "1.16.x", "image": "kasmweb/firefox:1.16.0"}
  ]
}
```
"#;

/// The first version that reads the form 1.1.
const FIRST: &str = "1.16.0";
/// The first version that reads registries; what is older is no matter of forms.
const FIRST_OF_ALL: &str = "1.13.0";

fn check(workspace: &Context<'_>, report: &mut Report) {
    if workspace.form != SchemaForm::V1_1 {
        return;
    }
    for (text, place) in workspace.versions() {
        if is_before(text, FIRST) && !is_before(text, FIRST_OF_ALL) {
            report.add(
                workspace
                    .found(
                        &RULE,
                        place,
                        format!(
                            "version `{}` of workspace `{}` reads the form 1.0 only",
                            shown(text),
                            shown(workspace.name())
                        ),
                    )
                    .with_label("nobody reads this entry")
                    .with_hint("publish the form 1.0 too, or take the entry away"),
            );
        }
    }
}

fn is_before(version: &str, other: &str) -> bool {
    let version = version.parse().map(CompatibilityVersion::line);
    version.is_ok_and(|version| other.parse().is_ok_and(|other| version < other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{check, check_form};

    #[test]
    fn the_form_came_with_1_16() {
        let text = r#"{"friendly_name":"A","compatibility":[{"version":"1.15.x"},{"version":"1.16.x"},{"version":"1.2.x"}]}"#;
        assert_eq!(
            check(text).of(&RULE),
            "1:50: version `1.15.x` of workspace `A` reads the form 1.0 only"
        );
        assert_eq!(check_form("1.0", text).of(&RULE), "");
    }
}
