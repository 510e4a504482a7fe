use diagnostics::{Code, Severity};

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("size-unlikely"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for an `uncompressed_size_mb` that is zero, has a fraction, or is so small or large that it
was not written in megabytes.

## Why is this bad?

Consumers show it before an installation and compare it with the space that their hosts have. A size
of nothing lets the installation begin where it cannot end.

## Example

```json
{
  "uncompressed_size_mb": 2.46
}
```

## Use instead

```json
{
  "uncompressed_size_mb": 2460
}
```
"#;

/// A whole terabyte: a number that large is one of kilobytes or bytes.
const LARGE: f64 = 1e6;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let entries = workspace.compatibility().iter();
    let sizes = entries.map(|entry| entry.get("uncompressed_size_mb"));
    let whole = std::iter::once(workspace.value("uncompressed_size_mb"));
    for value in whole.chain(sizes).flatten() {
        let Some(number) = value.as_number() else {
            continue;
        };
        let label = match number.as_f64() {
            0.0 => "no image has a size of nothing",
            size if size >= LARGE => "a terabyte or more: is that a number of bytes?",
            size if size.fract() != 0.0 && size < 100.0 => "is that a number of gigabytes?",
            size if size.fract() != 0.0 => "a whole number is expected here",
            _ => continue,
        };
        report.add(
            workspace
                .found(
                    &RULE,
                    value.span,
                    format!(
                        "size `{}` of workspace `{}` is no number of megabytes",
                        shown(number.as_written()),
                        shown(workspace.name())
                    ),
                )
                .with_label(label)
                .with_hint("write whole megabytes of the unpacked image: 2.46 GB is `2460`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn a_size_is_in_megabytes() {
        let of = |size: &str| {
            check(&format!(
                r#"{{"friendly_name":"A","uncompressed_size_mb":{size}}}"#
            ))
            .of(&RULE)
        };
        for good in ["1", "14", "2460", "2460.0", "99999", "-1", "\"5\""] {
            assert_eq!(of(good), "", "{good}");
        }
        for bad in ["0", "-0", "2.46", "2460.5", "2460000000"] {
            assert_eq!(
                of(bad),
                format!("1:45: size `{bad}` of workspace `A` is no number of megabytes")
            );
        }
    }
}
