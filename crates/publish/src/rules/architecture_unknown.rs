use diagnostics::{Code, Severity};
use model::json::Value;

use crate::context::Context;
use crate::fixes::write_text;
use crate::nearest::nearest;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("architecture-unknown"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks whether `architecture` holds `amd64`, `arm64` or both.

## Why is this bad?

Consumers compare it with the processors of their hosts. Another name fits none, so that the
workspace is installed nowhere.

## Example

```json
{
  "architecture": ["x86_64"]
}
```

## Use instead

```json
{
  "architecture": ["amd64"]
}
```
"#;

const ARCHITECTURES: [&str; 2] = ["amd64", "arm64"];
/// Other names of the same processors.
const OTHER_NAMES: [(&str, &str); 7] = [
    ("x86_64", "amd64"),
    ("x86-64", "amd64"),
    ("x64", "amd64"),
    ("linux/amd64", "amd64"),
    ("aarch64", "arm64"),
    ("arm64v8", "arm64"),
    ("linux/arm64", "arm64"),
];

fn check(workspace: &Context<'_>, report: &mut Report) {
    let items = workspace.value("architecture").and_then(Value::as_array);
    for item in items.unwrap_or_default() {
        let Some(text) = item.as_str() else { continue };
        if ARCHITECTURES.contains(&text) {
            continue;
        }
        let diagnostic = workspace
            .found(
                &RULE,
                item.span,
                format!(
                    "architecture `{}` of workspace `{}` is none that consumers know",
                    shown(text),
                    shown(workspace.name())
                ),
            )
            .with_label("fits no host");
        let diagnostic = diagnostic.with_hint(hint(text));
        report.add(match same(text) {
            Some(name) => diagnostic.with_fix(write_text(item.span, name)),
            None => diagnostic,
        });
    }
}

/// What to write in the place of a name; nothing if consumers know it.
pub(crate) fn instead_of(text: &str) -> Option<String> {
    (!ARCHITECTURES.contains(&text)).then(|| hint(text))
}

fn hint(text: &str) -> String {
    if let Some(name) = same(text) {
        format!("write `{name}`")
    } else if let Some(near) = nearest(text, ARCHITECTURES) {
        format!("did you mean `{near}`?")
    } else {
        "write `amd64` or `arm64`".to_owned()
    }
}

/// The name that is known, for the same processor.
fn same(text: &str) -> Option<&'static str> {
    let text = text.trim().to_ascii_lowercase();
    let known = ARCHITECTURES.into_iter().find(|known| *known == text);
    known.or_else(|| {
        let mut others = OTHER_NAMES.iter();
        others
            .find(|(other, _)| *other == text)
            .map(|(_, known)| *known)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn two_processors_are_known() {
        let checked = check(
            r#"{"friendly_name":"A","architecture":["amd64","ARM64","x86_64","amrm64","riscv64",5]}"#,
        );
        insta::assert_snapshot!(checked.of(&RULE), @r"
        1:46: architecture `ARM64` of workspace `A` is none that consumers know
        1:54: architecture `x86_64` of workspace `A` is none that consumers know
        1:63: architecture `amrm64` of workspace `A` is none that consumers know
        1:72: architecture `riscv64` of workspace `A` is none that consumers know
        ");
        assert_eq!(
            checked.fixed(&RULE),
            r#"{"friendly_name":"A","architecture":["amd64","arm64","amd64","amrm64","riscv64",5]}"#
        );
        let hints: Vec<_> = checked
            .diagnostics
            .iter()
            .filter(|found| found.code == RULE.code)
            .map(|found| found.hint.as_deref())
            .collect();
        assert_eq!(
            hints,
            [
                Some("write `arm64`"),
                Some("write `amd64`"),
                Some("did you mean `arm64`?"),
                Some("write `amd64` or `arm64`")
            ]
        );
    }
}
