use diagnostics::{Code, Severity};

use crate::context::All;
use crate::report::Report;
use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("no-workspaces"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::All(check),
};

const DOCS: &str = r"## What it does

Looks whether the registry has any workspace that can be published.

## Why is this bad?

Consumers that add the registry find nothing in it. Mostly the workspaces lie elsewhere than they
should.

## Example

```text
registry.toml
workspaces/firefox.json
```

## Use instead

```text
registry.toml
workspaces/firefox/workspace.json
```
";

fn check(all: &All<'_>, report: &mut Report) {
    // Where all were left out, it is said of each why.
    if all.workspaces.is_empty() && all.left_out == 0 {
        report.add(RULE.found("the registry has no workspaces").with_hint(
            "put each workspace into a folder of its own: `workspaces/NAME/workspace.json`",
        ));
    }
}
