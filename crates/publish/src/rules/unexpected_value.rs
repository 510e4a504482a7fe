use diagnostics::{Code, Severity};

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
