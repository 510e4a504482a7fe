use diagnostics::{Code, Severity};

use crate::context::Context;
use crate::properties::{self, ENTRY_PROPERTIES};
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("property-unknown"),
    severity: Severity::Note,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for properties of a `workspace.json` that neither the format nor any consumer knows.

## Why is this bad?

They are published as they are, and nobody reads them. Mostly they stand in the wrong place.

## Example

```json
{
  "compatibility": [{"version": "1.17.x", "image": "kasmweb/firefox:1.17.0", "memory": 4096}]
}
```

## Use instead

```json
{
  "memory": 4096,
  "compatibility": [{"version": "1.17.x", "image": "kasmweb/firefox:1.17.0"}]
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    for unknown in properties::unknown(workspace) {
        if unknown.meant.is_some() {
            continue;
        }
        let place = if unknown.in_entry {
            "an entry of `compatibility` in "
        } else {
            ""
        };
        let diagnostic = workspace
            .found(
                &RULE,
                unknown.place,
                format!(
                    "`{}` of {place}workspace `{}` is known to no consumer",
                    shown(&unknown.key),
                    shown(workspace.name())
                ),
            )
            .with_label("published, and read by nobody");
        report.add(if unknown.in_entry {
            diagnostic.with_hint(format!(
                "an entry has only `{}`",
                ENTRY_PROPERTIES.join("`, `")
            ))
        } else {
            diagnostic
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn nobody_reads_it() {
        insta::assert_snapshot!(
            check(r#"{"friendly_name":"A","weather":1,"enabled":true,"compatibility":[{"version":"1.17.x","memory":4096}]}"#).of(&RULE),
            @r"
            1:22: `weather` of workspace `A` is known to no consumer
            1:86: `memory` of an entry of `compatibility` in workspace `A` is known to no consumer
            "
        );
    }
}
