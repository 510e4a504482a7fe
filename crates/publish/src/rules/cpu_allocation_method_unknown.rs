use diagnostics::{Code, Severity};

use crate::context::Context;
use crate::fixes::write_text;
use crate::nearest::nearest;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("cpu-allocation-method-unknown"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks whether `cpu_allocation_method` is `Inherit`, `Quotas` or `Shares`.

## Why is this bad?

Consumers do not know another one, and use their own setting or refuse the workspace.

## Example

```json
{
  "cpu_allocation_method": "shared"
}
```

## Use instead

```json
{
  "cpu_allocation_method": "Shares"
}
```
"#;

const METHODS: [&str; 3] = ["Inherit", "Quotas", "Shares"];

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Some(value) = workspace.value("cpu_allocation_method") else {
        return;
    };
    let Some(text) = value.as_str() else { return };
    if METHODS.contains(&text) {
        return;
    }
    let diagnostic = workspace.found(
        &RULE,
        value.span,
        format!(
            "`{}` of workspace `{}` is no way to share processors",
            shown(text),
            shown(workspace.name())
        ),
    );
    let same = METHODS
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(text.trim()));
    report.add(if let Some(known) = same {
        diagnostic
            .with_hint(format!("write `{known}`"))
            .with_fix(write_text(value.span, known))
    } else if let Some(near) = nearest(text, METHODS) {
        diagnostic.with_hint(format!("did you mean `{near}`?"))
    } else {
        diagnostic.with_hint("write `Inherit`, `Quotas` or `Shares`")
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn three_ways_are_known() {
        let json =
            |method: &str| format!(r#"{{"friendly_name":"A","cpu_allocation_method":"{method}"}}"#);
        for good in METHODS {
            assert_eq!(check(&json(good)).of(&RULE), "", "{good}");
        }
        for bad in ["shares", "Share", "many"] {
            assert_eq!(
                check(&json(bad)).of(&RULE),
                format!("1:46: `{bad}` of workspace `A` is no way to share processors")
            );
        }
        assert_eq!(check(&json("shares")).fixed(&RULE), json("Shares"));
        assert_eq!(check(&json("Share")).fixed(&RULE), json("Share"));
    }
}
