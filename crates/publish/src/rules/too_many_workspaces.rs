use diagnostics::{Code, Severity};

use crate::context::All;
use crate::report::Report;
use crate::rules::{Check, Rule};

pub(crate) const RULE: Rule = Rule {
    code: Code::new("too-many-workspaces"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::All(check),
};

const DOCS: &str = r"## What it does

Looks whether the registry has more than 20,000 workspaces.

## Why is this bad?

Consumers read that many from one list, and pass over the rest.

## Example

```text
workspaces/00001/ to workspaces/25000/
```

## Use instead

Two registries, each with its own `registry.toml` and address.
";

/// How many listings consumers read from one list.
const MOST_WORKSPACES: usize = 20_000;

fn check(all: &All<'_>, report: &mut Report) {
    let count = all.workspaces.len();
    if count > MOST_WORKSPACES {
        report.add(RULE.found(format!(
            "the registry has {count} workspaces; consumers read {MOST_WORKSPACES}"
        )));
    }
}
