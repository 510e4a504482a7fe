use diagnostics::{Code, Severity};
use model::version::CompatibilityVersion;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("version-too-old"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks for versions in `compatibility` that are older than registries: consumers read them since
1.13.0.

## Why is this bad?

No consumer of that version can read the registry. Mostly a digit is missing: `1.2.x` is version
one-two, not one-twenty.

## Example

```json
{
  "compatibility": ["1.19.x", "1.2.x"]
}
```

## Use instead

```json
{
  "compatibility": ["1.19.x", "1.20.x"]
}
```
"#;

/// The first version that reads registries.
const FIRST: &str = "1.13.0";

fn check(workspace: &Context<'_>, report: &mut Report) {
    let first: Result<CompatibilityVersion, _> = FIRST.parse();
    for (text, place) in workspace.versions() {
        let (Ok(version), Ok(first)) = (text.parse::<CompatibilityVersion>(), first) else {
            continue;
        };
        if version.line() >= first {
            continue;
        }
        let diagnostic = workspace
            .found(
                &RULE,
                place,
                format!(
                    "version `{}` of workspace `{}` is older than registries, which came with {FIRST}",
                    shown(text),
                    shown(workspace.name())
                ),
            )
            .with_label("fits no consumer");
        report.add(match meant(text, first) {
            Some(meant) => diagnostic.with_hint(format!("did you mean `{meant}`?")),
            None => diagnostic,
        });
    }
}

/// The version with a digit more, for what was 1.20 and lost its zero.
fn meant(text: &str, first: CompatibilityVersion) -> Option<String> {
    let mut parts = text.trim().splitn(3, '.');
    let (major, minor, patch) = (parts.next()?, parts.next()?, parts.next().unwrap_or("x"));
    let meant = format!("{major}.{minor}0.{patch}");
    let version: CompatibilityVersion = meant.parse().ok()?;
    (minor.len() == 1 && version >= first).then_some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn a_lost_digit_is_found() {
        insta::assert_snapshot!(
            check(r#"{"friendly_name":"A","compatibility":["1.13.x","1.20.x","1.2.x",{"version":"1.12.0"},"2.0.x","0"]}"#).of(&RULE),
            @r"
        1:57: version `1.2.x` of workspace `A` is older than registries, which came with 1.13.0
        1:76: version `1.12.0` of workspace `A` is older than registries, which came with 1.13.0
        "
        );
        let first = FIRST.parse().expect("a version");
        assert_eq!(meant("1.2.x", first).as_deref(), Some("1.20.x"));
        assert_eq!(meant("1.2", first).as_deref(), Some("1.20.x"));
        assert_eq!(meant("1.1.0", first), None);
        assert_eq!(meant("1.12.x", first), None);
    }
}
