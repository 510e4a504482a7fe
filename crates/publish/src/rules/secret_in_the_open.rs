use diagnostics::{Code, Severity};
use model::json::Span;

use crate::commands::{Content, commands, environments, variables};
use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::secrets::{in_command, is_placeholder, is_secret_name, tokens};
use crate::shown::shown;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("secret-in-the-open"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

const DOCS: &str = r#"## What it does

Looks in a `workspace.json` for passwords, tokens and private keys: texts that begin as the tokens of
known services do, values of variables such as `API_TOKEN`, options such as `--password`, and
addresses with a password. What is found is never shown.

## Why is this bad?

A registry is public: everybody can read its files, and every version that they ever had.

## Example

```json
{
  "run_config": {"environment": {"API_TOKEN": "…"}}
}
```

## Use instead

A variable that the person sets who installs the workspace, and a sentence about it in `notes`. What
was published once is known: make a new token and withdraw the old one.
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let mut secrets: Vec<(Span, String)> = tokens(workspace.bytes)
        .into_iter()
        .map(|(range, what)| (Span::new(range.start, range.end), what.to_owned()))
        .collect();
    for (path, environment) in environments(workspace) {
        for variable in variables(environment) {
            let value = match variable.value {
                Content::Json(value) => value.as_str().unwrap_or_default(),
                Content::Text(text) => text,
            };
            if is_secret_name(&variable.name) && !is_placeholder(value) {
                secrets.push((
                    variable.place,
                    format!("the value of `{path}.{}`", shown(&variable.name)),
                ));
            }
        }
    }
    for command in commands(workspace) {
        for range in in_command(command.text) {
            let place = command.place_of(workspace.bytes, &range);
            secrets.push((place, format!("a password or token in `{}`", command.path)));
        }
    }
    let mut said: Vec<Span> = Vec::new();
    for (place, what) in secrets {
        // A token that has a name too is one secret.
        if said
            .iter()
            .any(|other| other.start < place.end && place.start < other.end)
        {
            continue;
        }
        said.push(place);
        report.add(
            workspace
                .found(
                    &RULE,
                    place,
                    format!(
                        "workspace `{}` holds a secret: {what}",
                        shown(workspace.name())
                    ),
                )
                .keeping_secret()
                .with_label("everybody can read this")
                .with_hint("take it away, and make a new one: what was published once is known"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn secrets_are_found_and_not_told() {
        let token = format!("ghp_{}", "a1".repeat(20));
        let text = format!(
            r#"{{"friendly_name":"A","notes":"{token}","run_config":{{"environment":{{"API_TOKEN":"{token}","VNC_PW":"hunter2!","MODE":"a"}}}},"exec_config":{{"environment":["DB_PASSWORD=hunter2!"],"go":{{"cmd":"a --password hunter2!"}}}}}}"#
        );
        let checked = check(&text);
        insta::assert_snapshot!(checked.of(&RULE), @r"
        1:31: workspace `A` holds a secret: a token of GitHub
        1:119: workspace `A` holds a secret: a token of GitHub
        1:174: workspace `A` holds a secret: the value of `run_config.environment.VNC_PW`
        1:228: workspace `A` holds a secret: the value of `exec_config.environment.DB_PASSWORD`
        1:278: workspace `A` holds a secret: a password or token in `exec_config.go.cmd`
        ");
        for diagnostic in &checked.diagnostics {
            let said = format!("{diagnostic:?}");
            assert!(
                !said.contains("hunter2") && !said.contains(&token),
                "{said}"
            );
        }
    }

    #[test]
    fn what_stands_for_a_secret_is_none() {
        let text = r#"{"friendly_name":"A","run_config":{"environment":{"API_TOKEN":"<your token>","VNC_PW":"password","TOKEN":5}}}"#;
        assert_eq!(check(text).of(&RULE), "");
    }
}
