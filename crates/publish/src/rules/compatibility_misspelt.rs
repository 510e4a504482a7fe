use diagnostics::{Code, Fix, Severity};

use crate::context::Context;
use crate::report::{Report, span};
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("compatibility-misspelt"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for `compatability`: the format's manual spells the property so, while its template and nearly
all registries spell it `compatibility`.

## Why is this bad?

Consumers that know only the usual spelling show the workspace as made for no version, or show
nothing at all.

## Example

```json
{
  "compatability": ["1.17.x"]
}
```

## Use instead

```json
{
  "compatibility": ["1.17.x"]
}
```
"#;

pub(crate) const MISSPELT: &str = "compatability";
const RIGHT: &str = "compatibility";

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Some(member) = workspace.object.member(MISSPELT) else {
        return;
    };
    let diagnostic = workspace
        .found(
            &RULE,
            member.key_span,
            format!(
                "`{MISSPELT}` of workspace `{}` is spelt `{RIGHT}` everywhere else",
                shown(workspace.name())
            ),
        )
        .with_hint(format!("write `{RIGHT}`"));
    // Beside the right one it would make a duplicate.
    report.add(if workspace.object.get(RIGHT).is_none() {
        diagnostic.with_fix(Fix::replace(
            format!("write `{RIGHT}`"),
            span(member.key_span),
            format!("\"{RIGHT}\""),
        ))
    } else {
        diagnostic
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn the_spelling_is_put_right() {
        let checked = check(r#"{"friendly_name":"A","compatability":[]}"#);
        assert_eq!(
            checked.of(&RULE),
            "1:22: `compatability` of workspace `A` is spelt `compatibility` everywhere else"
        );
        assert_eq!(
            checked.fixed(&RULE),
            r#"{"friendly_name":"A","compatibility":[]}"#
        );
    }

    #[test]
    fn no_duplicate_is_made() {
        let both = r#"{"friendly_name":"A","compatability":[],"compatibility":[]}"#;
        assert_eq!(check(both).fixed(&RULE), both);
    }
}
