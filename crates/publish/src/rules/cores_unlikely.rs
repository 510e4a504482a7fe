use diagnostics::{Code, Severity};
use model::json::Number;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("cores-unlikely"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for `cores` of zero or more than 128. Fractions are fine.

## Why is this bad?

A workspace without a processor does not start; one that wants more than a host has finds no host.

## Example

```json
{
  "cores": 2000
}
```

## Use instead

```json
{
  "cores": 2
}
```
"#;

const MOST: f64 = 128.0;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Some(value) = workspace.value("cores") else {
        return;
    };
    let Some(cores) = value.as_number().map(Number::as_f64) else {
        return;
    };
    let label = match cores {
        0.0 => "nothing runs without a processor",
        cores if cores > MOST => "hardly any host has so many",
        _ => return,
    };
    report.add(
        workspace
            .found(
                &RULE,
                value.span,
                format!(
                    "workspace `{}` wants {cores} cores",
                    shown(workspace.name())
                ),
            )
            .with_label(label)
            .with_hint("write a number of processors, such as `2` or `0.5`"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn a_host_has_so_many() {
        let of =
            |cores: &str| check(&format!(r#"{{"friendly_name":"A","cores":{cores}}}"#)).of(&RULE);
        for good in ["0.25", "2", "128", "-1", "\"2\""] {
            assert_eq!(of(good), "", "{good}");
        }
        for bad in ["0", "129", "2000"] {
            assert_eq!(of(bad), format!("1:30: workspace `A` wants {bad} cores"));
        }
    }
}
