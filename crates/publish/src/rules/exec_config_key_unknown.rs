use diagnostics::{Code, Severity};
use model::json::{Member, Object, Value};

use super::run_config_key_unknown::RUN_KEYS;
use crate::commands::hooks;
use crate::context::Context;
use crate::nearest::nearest;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::words::Words;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("exec-config-key-unknown"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

/// What it says.
pub(crate) const WORDS: Words = Words {
    message: "`{section}` of workspace `{name}` has `{key}`, which consumers do not know",
    hint: "take it away",
};

const DOCS: &str = r#"## What it does

Looks for keys of `exec_config` other than `first_launch`, `go`, `assign` and `environment`, and for
keys of these commands other than `cmd`, `user`, `privileged`, `environment`, `workdir` and what
else `exec_run` in docker-py knows.

Settings of the container have a rule of their own: `run-key-in-exec-config`.

## Why is this bad?

A command under another name is never run, and an unknown key of a command keeps it from running.

## Example

```json
{
  "exec_config": {"start": {"command": "startup.sh"}}
}
```

## Use instead

```json
{
  "exec_config": {"first_launch": {"cmd": "startup.sh"}}
}
```
"#;

pub(crate) const KEYS: [&str; 4] = ["first_launch", "go", "assign", "environment"];

/// What `exec_run` of docker-py takes.
pub(crate) const COMMAND_KEYS: [&str; 13] = [
    "cmd",
    "demux",
    "detach",
    "environment",
    "privileged",
    "socket",
    "stderr",
    "stdin",
    "stdout",
    "stream",
    "tty",
    "user",
    "workdir",
];

fn check(workspace: &Context<'_>, report: &mut Report) {
    for member in unknown_members(workspace.value("exec_config"), &KEYS) {
        let near = nearest(&member.key.to_string_lossy(), KEYS);
        add(workspace, report, member, "exec_config", near, "never run");
    }
    for (hook, command) in hooks(workspace) {
        for member in unknown_members(Some(command), &COMMAND_KEYS) {
            let key = member.key.to_string_lossy();
            let near = if key == "command" {
                Some("cmd")
            } else {
                nearest(&key, COMMAND_KEYS)
            };
            let section = format!("exec_config.{hook}");
            add(
                workspace,
                report,
                member,
                &section,
                near,
                "not a setting of a command",
            );
        }
    }
}

/// The members that are neither known nor a setting of a container.
fn unknown_members<'v>(
    value: Option<&'v Value>,
    known: &[&str],
) -> impl Iterator<Item = &'v Member> {
    let members = value.and_then(Value::as_object).map(Object::members);
    members.unwrap_or_default().iter().filter(move |member| {
        let key = member.key.to_string_lossy();
        !known.contains(&&*key) && (key == "command" || !RUN_KEYS.contains(&&*key))
    })
}

fn add(
    workspace: &Context<'_>,
    report: &mut Report,
    member: &Member,
    section: &str,
    near: Option<&str>,
    label: &str,
) {
    let diagnostic = workspace
        .found(
            &RULE,
            member.key_span,
            WORDS.fill(&[
                ("section", section),
                ("name", &shown(workspace.name())),
                ("key", &shown(&member.key.to_string_lossy())),
            ]),
        )
        .with_label(label);
    report.add(match near {
        Some(near) => diagnostic.with_hint(format!("did you mean `{near}`?")),
        None if section == "exec_config" => {
            diagnostic.with_hint(format!("it has `{}`", KEYS.join("`, `")))
        }
        None => diagnostic.with_hint(WORDS.hint),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn commands_have_their_names() {
        insta::assert_snapshot!(
            check(r#"{"friendly_name":"A","exec_config":{"first-launch":{},"environment":{},"go":{"cmd":"a","command":"b","users":"c","volumes":{}},"assign":5,"start":{},"user":"root"}}"#).of(&RULE),
            @r"
            1:37: `exec_config` of workspace `A` has `first-launch`, which consumers do not know
            1:88: `exec_config.go` of workspace `A` has `command`, which consumers do not know
            1:102: `exec_config.go` of workspace `A` has `users`, which consumers do not know
            1:139: `exec_config` of workspace `A` has `start`, which consumers do not know
            "
        );
    }
}
