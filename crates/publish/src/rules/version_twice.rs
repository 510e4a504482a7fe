use std::collections::BTreeSet;

use diagnostics::{Code, Severity};
use model::version::CompatibilityVersion;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("version-twice"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for versions that stand twice in `compatibility`.

## Why is this bad?

Only the first entry counts. An image that stands in the other is never offered.

## Example

```json
{
  "compatibility": [
    {"version": "1.17.x", "image": "kasmweb/firefox:1.17.0"},
    {"version": "1.17.x", "image": "kasmweb/firefox:1.17.1"}
  ]
}
```

## Use instead

```json
{
  "compatibility": [
    {"version": "1.17.x", "image": "kasmweb/firefox:1.17.1"}
  ]
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for (text, place) in workspace.versions() {
        let Ok(version) = text.parse::<CompatibilityVersion>() else {
            continue;
        };
        if !seen.insert(version) {
            report.add(
                workspace
                    .found(
                        &RULE,
                        place,
                        format!(
                            "version `{}` stands twice in workspace `{}`",
                            shown(text),
                            shown(workspace.name())
                        ),
                    )
                    .with_label("does not count: the first one does")
                    .with_hint("take one of them away"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn the_first_one_counts() {
        insta::assert_snapshot!(
            check(r#"{"friendly_name":"A","compatibility":["1.17.x","1.17.0","1.17",{"version":"1.17.0"},"x","x"]}"#).of(&RULE),
            @r"
        1:57: version `1.17` stands twice in workspace `A`
        1:75: version `1.17.0` stands twice in workspace `A`
        "
        );
    }
}
