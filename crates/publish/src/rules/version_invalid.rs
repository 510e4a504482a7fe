use diagnostics::{Code, Severity};
use model::version::CompatibilityVersion;

use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::words::Words;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("version-invalid"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

/// What it says.
pub(crate) const WORDS: Words = Words {
    message: "`{version}` of workspace `{name}` is no version",
    hint: "write a version such as `1.17.0`, or `1.17.x` for all of its line",
};

const DOCS: &str = r#"## What it does

Looks whether the versions in `compatibility` are such as `1.17.0`, or `1.17.x` for all of a line.

## Why is this bad?

Consumers compare them with their own version. One that is written otherwise fits none, so that the
workspace is not offered.

## Example

```json
{
  "compatibility": ["1.17", "latest"]
}
```

## Use instead

```json
{
  "compatibility": ["1.17.x"]
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    for (text, place) in workspace.versions() {
        let version: Result<CompatibilityVersion, _> = text.parse();
        let (label, hint) = match version.map(CompatibilityVersion::line) {
            Ok(_) if is_written_out(text) => continue,
            Ok(line) => (
                "other consumers take this for no version",
                format!("write `{line}` for all of the line"),
            ),
            Err(_) => ("fits no consumer", WORDS.hint.to_owned()),
        };
        report.add(
            workspace
                .found(
                    &RULE,
                    place,
                    WORDS.fill(&[
                        ("version", &shown(text)),
                        ("name", &shown(workspace.name())),
                    ]),
                )
                .with_label(label)
                .with_hint(hint),
        );
    }
}

/// Whether it has three parts, with a small `x` if any.
fn is_written_out(text: &str) -> bool {
    text.matches('.').count() == 2 && !text.contains(['X', '*', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn three_parts_make_a_version() {
        insta::assert_snapshot!(
            check(r#"{"friendly_name":"A","compatibility":["1.17.x","1.17.0","1.17","1.17.X","latest",{"version":"v1.17.0"}]}"#).of(&RULE),
            @r"
        1:57: `1.17` of workspace `A` is no version
        1:64: `1.17.X` of workspace `A` is no version
        1:73: `latest` of workspace `A` is no version
        1:93: `v1.17.0` of workspace `A` is no version
        "
        );
    }
}
