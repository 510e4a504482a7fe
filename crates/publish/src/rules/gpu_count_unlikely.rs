use diagnostics::{Code, Severity};
use model::json::Number;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("gpu-count-unlikely"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for a `gpu_count` with a fraction or above 16.

## Why is this bad?

Graphics processors are given to a workspace as a whole. One that wants more than a host has finds
no host.

## Example

```json
{
  "gpu_count": 0.5
}
```

## Use instead

```json
{
  "gpu_count": 1
}
```
"#;

const MOST: f64 = 16.0;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Some(value) = workspace.value("gpu_count") else {
        return;
    };
    let Some(count) = value.as_number().map(Number::as_f64) else {
        return;
    };
    let label = match count {
        count if count > MOST => "hardly any host has so many",
        count if count > 0.0 && count.fract() != 0.0 => "none can be had in part",
        _ => return,
    };
    report.add(
        workspace
            .found(
                &RULE,
                value.span,
                format!(
                    "workspace `{}` wants {count} graphics processors",
                    shown(workspace.name())
                ),
            )
            .with_label(label)
            .with_hint("write a whole number, such as `0` or `1`"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn a_host_has_few() {
        let of = |count: &str| {
            check(&format!(r#"{{"friendly_name":"A","gpu_count":{count}}}"#)).of(&RULE)
        };
        for good in ["0", "1", "16", "-1", "\"1\""] {
            assert_eq!(of(good), "", "{good}");
        }
        for bad in ["0.5", "17"] {
            assert_eq!(
                of(bad),
                format!("1:34: workspace `A` wants {bad} graphics processors")
            );
        }
    }
}
