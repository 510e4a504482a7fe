use diagnostics::{Code, Severity};

use crate::commands::hooks;
use crate::context::Context;
use crate::fixes::write_plain;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::words::Words;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("privileged-as-text"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

/// What it says.
pub(crate) const WORDS: Words = Words {
    message: "`{section}.privileged` of workspace `{name}` is {kind}, not `true` or `false`",
    hint: "write `true` or `false`",
};

const DOCS: &str = r#"## What it does

Looks for `privileged` with a text such as `"true"` or another value than `true` and `false`.

## Why is this bad?

Consumers differ: to some every text means yes, even `"false"`, and others refuse it.

## Example

```json
{
  "run_config": {"privileged": "true"}
}
```

## Use instead

```json
{
  "run_config": {"privileged": true}
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let run_config = workspace
        .value("run_config")
        .map(|value| ("run_config".to_owned(), value));
    let commands = hooks(workspace).map(|(hook, command)| (format!("exec_config.{hook}"), command));
    for (section, value) in run_config.into_iter().chain(commands) {
        let Some(value) = value.get("privileged") else {
            continue;
        };
        if value.as_bool().is_some() || value.is_null() {
            continue;
        }
        let diagnostic = workspace.found(
            &RULE,
            value.span,
            WORDS.fill(&[
                ("section", &section),
                ("name", &shown(workspace.name())),
                ("kind", value.kind_in_words()),
            ]),
        );
        report.add(match value.as_str() {
            Some("true") => diagnostic
                .with_hint("write `true` without quotes")
                .with_fix(write_plain(value.span, "true")),
            // To some consumers this text means yes.
            Some("false") => diagnostic.with_hint("write `false` without quotes, or take it away"),
            _ => diagnostic.with_hint(WORDS.hint),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn yes_is_written_without_quotes() {
        let checked = check(
            r#"{"friendly_name":"A","run_config":{"privileged":"true"},"exec_config":{"go":{"privileged":"false"},"assign":{"privileged":false},"first_launch":{"privileged":1}}}"#,
        );
        insta::assert_snapshot!(checked.of(&RULE), @r"
        1:49: `run_config.privileged` of workspace `A` is a string, not `true` or `false`
        1:91: `exec_config.go.privileged` of workspace `A` is a string, not `true` or `false`
        1:159: `exec_config.first_launch.privileged` of workspace `A` is a number, not `true` or `false`
        ");
        assert!(
            checked
                .fixed(&RULE)
                .contains(r#""run_config":{"privileged":true}"#)
        );
        assert!(
            checked
                .fixed(&RULE)
                .contains(r#""go":{"privileged":"false"}"#)
        );
    }
}
