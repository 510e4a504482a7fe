use diagnostics::{Code, Severity};
use model::definition::Trouble;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("unexpected-value"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for values in `workspace.json` that consumers pass over, or read as something else than what
is written.

## Why is this bad?

What the author meant does not reach the person who installs the workspace.

## Example

```json
{
  "cores": "many"
}
```

## Use instead

```json
{
  "cores": 2
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Ok((_, troubles)) = workspace.definition else {
        return;
    };
    for trouble in troubles {
        if is_said_elsewhere(workspace, trouble) {
            continue;
        }
        report.add(workspace.found(
            &RULE,
            trouble.span,
            format!(
                "`{}` in `{}`: {}",
                shown(&trouble.pointer),
                workspace.file,
                trouble.message
            ),
        ));
    }
}

/// Whether a rule of its own reports the same, and can say more.
fn is_said_elsewhere(workspace: &Context<'_>, trouble: &Trouble) -> bool {
    let (_, property) = trouble.pointer.rsplit_once('/').unwrap_or_default();
    let text = &workspace.bytes[trouble.span.start..trouble.span.end];
    match property {
        super::compatibility_misspelt::MISSPELT => text.starts_with(b"\"c"),
        "uncompressed_size_mb" | "memory" => text.starts_with(b"\""),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn what_consumers_pass_over_is_found() {
        insta::assert_snapshot!(
            check(r#"{"friendly_name":"A","cores":"many","gpu_count":-1,"description":7,"notes":[],"compatability":["1.17.x",5],"memory":"5 GB","uncompressed_size_mb":[]}"#).of(&RULE),
            @r"
            1:30: `/cores` in `workspaces/a/workspace.json`: expected a number of cores, found a string
            1:49: `/gpu_count` in `workspaces/a/workspace.json`: a number from 0 to 100000 is expected here
            1:66: `/description` in `workspaces/a/workspace.json`: expected a string, found a number
            1:76: `/notes` in `workspaces/a/workspace.json`: expected a string, found an array
            1:105: `/compatability/1` in `workspaces/a/workspace.json`: expected a version, found a number
            1:147: `/uncompressed_size_mb` in `workspaces/a/workspace.json`: expected a number of megabytes, found an array
            "
        );
    }
}
