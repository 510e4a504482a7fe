use diagnostics::{Code, Severity};
use model::json::Number;

use crate::commands::hooks;
use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::words::Words;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("command-not-waiting"),
    severity: Severity::Note,
    docs: DOCS,
    check: Check::Workspace(check),
};

/// What it says.
pub(crate) const WORDS: Words = Words {
    message: "`exec_config.first_launch.cmd` of workspace `{name}` does not wait for the desktop",
    hint: "if it opens a program, let it begin with `/usr/bin/desktop_ready &&`",
};

const DOCS: &str = r#"## What it does

Looks for a `first_launch` command that does not wait for the desktop with
`/usr/bin/desktop_ready`. A command that runs as root prepares the container and need not wait.

## Why is this bad?

The command starts together with the desktop. A program that it opens finds no screen yet when the
host is busy, and the session begins without it.

## Example

```json
{
  "exec_config": {"first_launch": {"cmd": "bash -c 'xterm'"}}
}
```

## Use instead

```json
{
  "exec_config": {"first_launch": {"cmd": "bash -c '/usr/bin/desktop_ready && xterm'"}}
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let Some((_, command)) = hooks(workspace).find(|(hook, _)| *hook == "first_launch") else {
        return;
    };
    let Some(cmd) = command.get("cmd") else {
        return;
    };
    let is_root = command.get("user").is_some_and(|user| {
        user.as_number().and_then(Number::as_u64) == Some(0)
            || user
                .as_str()
                .is_some_and(|user| matches!(user.split(':').next(), Some("root" | "0")))
    });
    let text = match cmd.as_array() {
        None => cmd.as_str().map(str::to_owned),
        Some(words) => words
            .iter()
            .map(|word| word.as_str())
            .collect::<Option<Vec<_>>>()
            .map(|words| words.join(" ")),
    };
    let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
        return;
    };
    if is_root || text.contains("desktop_ready") {
        return;
    }
    report.add(
        workspace
            .found(
                &RULE,
                cmd.span,
                WORDS.fill(&[("name", &shown(workspace.name()))]),
            )
            .with_hint(WORDS.hint),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn a_program_needs_a_desktop() {
        let of = |command: &str| {
            check(&format!(
                r#"{{"friendly_name":"A","exec_config":{{"first_launch":{command}}}}}"#
            ))
            .of(&RULE)
        };
        let found =
            "1:59: `exec_config.first_launch.cmd` of workspace `A` does not wait for the desktop";
        assert_eq!(of(r#"{"cmd":"xterm"}"#), found);
        assert_eq!(of(r#"{"cmd":["bash","-c","xterm"],"user":1000}"#), found);
        assert_eq!(
            of(r#"{"cmd":"bash -c '/usr/bin/desktop_ready && xterm'"}"#),
            ""
        );
        assert_eq!(of(r#"{"cmd":"apt-get install x","user":"root"}"#), "");
        assert_eq!(of(r#"{"cmd":"a","user":0}"#), "");
        assert_eq!(of(r#"{"cmd":""}"#), "");
        assert_eq!(of("{}"), "");
    }
}
