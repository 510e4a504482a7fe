use diagnostics::{Code, Severity};

use crate::context::Context;
use crate::properties;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("property-misspelt"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for properties of a `workspace.json` whose names are nearly those of the format.

## Why is this bad?

Consumers pass over what they do not know, so that the workspace lacks what the property was to say.

## Example

```json
{
  "catagories": ["Browser"]
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
    for unknown in properties::unknown(workspace) {
        let Some(meant) = unknown.meant else { continue };
        report.add(
            workspace
                .found(
                    &RULE,
                    unknown.place,
                    format!(
                        "`{}` of workspace `{}` is no property",
                        shown(&unknown.key),
                        shown(workspace.name())
                    ),
                )
                .with_label("consumers pass over it")
                .with_hint(format!("did you mean `{meant}`?")),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn what_was_meant_is_clear() {
        insta::assert_snapshot!(
            check(r#"{"friendly_name":"A","Image_Src":"a","compatibility":[{"versoin":"1.17.x"}]}"#).of(&RULE),
            @r"
            1:22: `Image_Src` of workspace `A` is no property
            1:56: `versoin` of workspace `A` is no property
            "
        );
    }

    #[test]
    fn what_is_there_already_was_not_meant() {
        let text = r#"{"friendly_name":"A","note":"a","notes":"b","weather":1}"#;
        assert_eq!(check(text).of(&RULE), "");
    }
}
