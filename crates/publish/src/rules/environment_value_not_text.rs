use diagnostics::{Code, Severity};
use model::json::{Kind, Value};

use crate::commands::environments;
use crate::context::Context;
use crate::report::Report;
use crate::rules::{Check, Rule};
use crate::shown::shown;
use crate::words::Words;

pub(crate) const RULE: Rule = Rule {
    code: Code::new("environment-value-not-text"),
    severity: Severity::Warning,
    docs: DOCS,
    check: Check::Workspace(check),
};

/// What it says.
pub(crate) const WORDS: Words = Words {
    message: "`{path}.{key}` of workspace `{name}` is {kind}, not a text",
    hint: "write it in quotes",
};

const DOCS: &str = r#"## What it does

Looks whether the values of `environment` are texts. An environment is an object of texts, or a list
of texts such as `NAME=value`.

## Why is this bad?

A program in the container sees texts only. What becomes of `true` or `1.0` differs from consumer to
consumer: `True`, `true`, `1`, or a session that does not start.

## Example

```json
{
  "run_config": {"environment": {"HW3D": true}}
}
```

## Use instead

```json
{
  "run_config": {"environment": {"HW3D": "true"}}
}
```
"#;

fn check(workspace: &Context<'_>, report: &mut Report) {
    let name = shown(workspace.name());
    let mut add = |value: &Value, message: String, hint: &str| {
        report.add(workspace.found(&RULE, value.span, message).with_hint(hint));
    };
    for (path, environment) in environments(workspace) {
        match &environment.kind {
            Kind::Null => {}
            Kind::Object(object) => {
                for member in object.members() {
                    let value = &member.value;
                    // Nothing means: as the image has it.
                    if value.as_string().is_none() && !value.is_null() {
                        let key = member.key.to_string_lossy();
                        let kind = value.kind_in_words();
                        let message = WORDS.fill(&[
                            ("path", &path),
                            ("key", &shown(&key)),
                            ("name", &name),
                            ("kind", kind),
                        ]);
                        add(value, message, WORDS.hint);
                    }
                }
            }
            Kind::Array(items) => {
                for item in items {
                    if item.as_str().is_none_or(|text| text.trim().is_empty()) {
                        let kind = item.kind_in_words();
                        let message = format!(
                            "`{path}` of workspace `{name}` holds {kind}, not `NAME=value`"
                        );
                        add(item, message, "write `\"NAME=value\"`");
                    }
                }
            }
            _ => {
                let kind = environment.kind_in_words();
                let message = format!("`{path}` of workspace `{name}` is {kind}, not an object");
                add(environment, message, "write `{\"NAME\": \"value\"}`");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::check;

    #[test]
    fn an_environment_holds_texts() {
        insta::assert_snapshot!(
            check(r#"{"friendly_name":"A","run_config":{"environment":{"A":"a","B":1,"C":null,"D":[]}},"exec_config":{"environment":"E=e","go":{"environment":["F=f",5,""]}}}"#).of(&RULE),
            @r"
            1:63: `run_config.environment.B` of workspace `A` is a number, not a text
            1:78: `run_config.environment.D` of workspace `A` is an array, not a text
            1:112: `exec_config.environment` of workspace `A` is a string, not an object
            1:145: `exec_config.go.environment` of workspace `A` holds a number, not `NAME=value`
            1:147: `exec_config.go.environment` of workspace `A` holds a string, not `NAME=value`
            "
        );
    }
}
