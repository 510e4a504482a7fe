use diagnostics::{Code, Severity};

use crate::commands::commands;
use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::words::Words;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("command-unbalanced-quotes"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

/// What it says.
pub(crate) const WORDS: Words = Words {
    message: "`{path}` of workspace `{name}` cannot be taken apart into words",
    hint: "close it, or write `\\\\` before a quote that is meant as a sign",
};

const DOCS: &str = r#"## What it does

Takes commands apart into words as a shell does, and looks for quotes that open and never close, and
for a backslash at the end.

## Why is this bad?

Consumers take commands apart before they run them, and cannot run this one.

## Example

```json
{
  "exec_config": {"first_launch": {"cmd": "bash -c 'echo it's late'"}}
}
```

## Use instead

```json
{
  "exec_config": {"first_launch": {"cmd": "bash -c \"echo it\\'s late\""}}
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    for command in commands(workspace) {
        let Some((place, label)) = unbalanced(command.text) else {
            continue;
        };
        report.add(
            workspace
                .found(
                    &RULE,
                    command.place_of(workspace.bytes, &(place..place + 1)),
                    WORDS.fill(&[("path", &command.path), ("name", &shown(workspace.name()))]),
                )
                .with_label(label)
                .with_hint(WORDS.hint),
        );
    }
}

/// Where a quote opens and never closes, or a backslash has nothing to escape; bytes of the text.
fn unbalanced(text: &str) -> Option<(usize, &'static str)> {
    let mut open: Option<(u8, usize)> = None;
    let mut bytes = text.bytes().enumerate();
    while let Some((place, byte)) = bytes.next() {
        match (open, byte) {
            (Some((quote, _)), byte) if quote == byte => open = None,
            (None, b'\'' | b'"') => open = Some((byte, place)),
            // The guard takes the escaped byte along.
            (None | Some((b'"', _)), b'\\') if bytes.next().is_none() => {
                return Some((place, "nothing stands behind this backslash"));
            }
            _ => {}
        }
    }
    open.map(|(_, place)| (place, "this quote is never closed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn quotes_close() {
        for (text, expected) in [
            ("bash -c 'a \"b\" \\'", None),
            ("a \"it's\" 'say \"'", None),
            ("a \\' b", None),
            ("a \"\\\"\"", None),
            ("a 'b\\'", None),
            ("", None),
            ("echo it's", Some(7)),
            ("a \"b\\\"", Some(2)),
            ("a \\", Some(2)),
        ] {
            assert_eq!(unbalanced(text).map(|(place, _)| place), expected, "{text}");
        }
    }

    #[test]
    fn the_quote_is_shown() {
        let of = |command: &str| {
            check(&format!(
                r#"{{"friendly_name":"A","exec_config":{{"go":{{"cmd":"{command}"}}}}}}"#
            ))
            .of(&RULE)
        };
        assert_eq!(of("bash -c 'go'"), "");
        assert_eq!(
            of("é it's"),
            "1:54: `exec_config.go.cmd` of workspace `A` cannot be taken apart into words"
        );
        assert_eq!(
            of("\\t it's"),
            "1:49: `exec_config.go.cmd` of workspace `A` cannot be taken apart into words"
        );
        let entrypoint =
            r#"{"friendly_name":"A","run_config":{"entrypoint":"a 'b","command":["a 'b"]}}"#;
        assert_eq!(
            check(entrypoint).of(&RULE),
            "1:52: `run_config.entrypoint` of workspace `A` cannot be taken apart into words"
        );
    }
}
