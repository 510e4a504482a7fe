use diagnostics::{Code, Severity};
use model::json::Object;

use super::run_config_key_unknown::RUN_KEYS;
use crate::commands::hooks;
use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("run-key-in-exec-config"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks in `exec_config` for settings of the container: `shm_size`, `cap_add`, `volumes` and others.

## Why is this bad?

`exec_config` says which commands run in a container that is there already. A setting of the
container belongs to `run_config`; here it does nothing, or keeps the command from running.

## Example

```json
{
  "exec_config": {"shm_size": "512m"}
}
```

## Use instead

```json
{
  "run_config": {"shm_size": "512m"}
}
```
"#;

/// What a command has too; only beside the commands it is out of place.
const OF_COMMANDS: [&str; 8] = [
    "detach",
    "environment",
    "privileged",
    "stderr",
    "stdout",
    "stream",
    "tty",
    "user",
];

fn check(workspace: &Context<'_>, report: &mut Report) {
    let exec_config = workspace.value("exec_config");
    let sections = exec_config.map(|value| ("exec_config".to_owned(), value));
    let commands = hooks(workspace).map(|(hook, command)| (format!("exec_config.{hook}"), command));
    for (section, value) in sections.into_iter().chain(commands) {
        let is_command = section != "exec_config";
        let members = value.as_object().map(Object::members);
        for member in members.unwrap_or_default() {
            let key = member.key.to_string_lossy();
            let is_run_key = RUN_KEYS.contains(&&*key) && !(is_command && key == "command");
            let is_right = key == "environment" || (is_command && OF_COMMANDS.contains(&&*key));
            if !is_run_key || is_right {
                continue;
            }
            let hint = if OF_COMMANDS.contains(&&*key) {
                "move it into the command that it is for, or to `run_config`"
            } else {
                "move it to `run_config`"
            };
            report.add(
                workspace
                    .found(
                        &RULE,
                        member.key_span,
                        format!(
                            "`{section}` of workspace `{}` has `{key}`, a setting of the container",
                            shown(workspace.name())
                        ),
                    )
                    .with_label("does nothing here")
                    .with_hint(hint),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn settings_of_the_container_stand_elsewhere() {
        insta::assert_snapshot!(
            check(r#"{"friendly_name":"A","exec_config":{"environment":{},"user":"root","cap_add":[],"go":{"cmd":"a","user":"b","shm_size":"1g","command":"c"}}}"#).of(&RULE),
            @r"
        1:54: `exec_config` of workspace `A` has `user`, a setting of the container
        1:68: `exec_config` of workspace `A` has `cap_add`, a setting of the container
        1:108: `exec_config.go` of workspace `A` has `shm_size`, a setting of the container
        "
        );
    }
}
