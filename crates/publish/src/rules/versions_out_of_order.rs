use diagnostics::{Code, Severity};
use model::version::CompatibilityVersion;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("versions-out-of-order"),
    severity: Severity::Note,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks whether the versions in `compatibility` go up or down from one to the next. They are compared
by their numbers: 1.20 comes after 1.9.

## Why is this bad?

Consumers compare them one by one, so that the order changes nothing. But a version that is missing
or wrong is hard to see in a list that was sorted as text.

## Example

```json
{
  "compatibility": ["1.20.x", "1.9.x", "1.21.x"]
}
```

## Use instead

```json
{
  "compatibility": ["1.9.x", "1.20.x", "1.21.x"]
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let mut going_up = true;
    let mut going_down = true;
    let mut last: Option<CompatibilityVersion> = None;
    for (text, place) in workspace.versions() {
        let Ok(version) = text.parse::<CompatibilityVersion>() else {
            continue;
        };
        if let Some(last) = last.replace(version) {
            going_up &= last <= version;
            going_down &= last >= version;
        }
        if !going_up && !going_down {
            report.add(
                workspace
                    .found(
                        &RULE,
                        place,
                        format!(
                            "version `{}` of workspace `{}` is out of order",
                            shown(text),
                            shown(workspace.name())
                        ),
                    )
                    .with_hint("sort versions by their numbers: 1.20 comes after 1.9"),
            );
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn numbers_make_the_order() {
        let of = |versions: &str| {
            check(&format!(
                r#"{{"friendly_name":"A","compatibility":[{versions}]}}"#
            ))
            .of(&RULE)
        };
        assert_eq!(of(r#""1.9.x","1.20.x","1.20.x","1.21.0""#), "");
        assert_eq!(of(r#""1.20.x","?","1.9.x""#), "");
        assert_eq!(
            of(r#""1.20.x","1.9.x","1.21.x""#),
            "1:56: version `1.21.x` of workspace `A` is out of order"
        );
    }
}
