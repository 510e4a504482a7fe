use diagnostics::{Code, Severity};
use model::json::Number;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("memory-unlikely"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for a `memory` below 256 or above 256,000 megabytes.

## Why is this bad?

It is a hard limit: a workspace with 4 megabytes does not start, and one with more than a host has
finds no host.

## Example

```json
{
  "memory": 4
}
```

## Use instead

```json
{
  "memory": 4000
}
```
"#;

const LEAST: f64 = 256.0;
const MOST: f64 = 256_000.0;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Some(value) = workspace.value("memory") else {
        return;
    };
    let Some(memory) = value.as_number().map(Number::as_f64) else {
        return;
    };
    let label = match memory {
        memory if memory < 0.0 || (LEAST..=MOST).contains(&memory) => return,
        0.0 => "nothing runs without memory",
        memory if memory <= 64.0 => "is that a number of gigabytes?",
        memory if memory < LEAST => "a desktop does not start with so little",
        memory if memory >= 1e8 => "is that a number of bytes?",
        _ => "hardly any host has so much",
    };
    report.add(
        workspace
            .found(
                &RULE,
                value.span,
                format!(
                    "memory of workspace `{}` is {memory} megabytes",
                    shown(workspace.name())
                ),
            )
            .with_label(label)
            .with_hint("write megabytes, from 256 to 256000: 4 GB is `4000`"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn memory_is_in_megabytes() {
        let of = |memory: &str| {
            check(&format!(r#"{{"friendly_name":"A","memory":{memory}}}"#)).of(&RULE)
        };
        for good in ["256", "2768", "256000", "-5", "null", "\"4\""] {
            assert_eq!(of(good), "", "{good}");
        }
        for bad in ["0", "4", "255", "256001", "2768000000"] {
            assert_eq!(
                of(bad),
                format!("1:31: memory of workspace `A` is {bad} megabytes")
            );
        }
    }
}
