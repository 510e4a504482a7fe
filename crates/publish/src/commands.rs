//! The commands and variables of a workspace, wherever they stand.

use std::borrow::Cow;
use std::ops::Range;

use model::json::{self, Object, Value};

use crate::context::Context;

/// The commands of `exec_config`: what they are called, and when they run.
pub(crate) const HOOKS: [&str; 3] = ["first_launch", "go", "assign"];

/// A text that a container engine takes apart as a command.
pub(crate) struct Command<'a> {
    /// Where it stands, as people write it: `exec_config.go.cmd`.
    pub(crate) path: String,
    pub(crate) text: &'a str,
    pub(crate) place: json::Span,
}

/// A variable of an environment.
pub(crate) struct Variable<'a> {
    pub(crate) name: Cow<'a, str>,
    /// Its value; a text where the environment is a list of `NAME=value`.
    pub(crate) value: Content<'a>,
    /// Where name and value stand.
    pub(crate) place: json::Span,
}

/// The value of a variable.
pub(crate) enum Content<'a> {
    Json(&'a Value),
    Text(&'a str),
}

impl Command<'_> {
    /// Where a part of it stands in the file: the text of a string without escapes is there as it is.
    pub(crate) fn place_of(&self, bytes: &[u8], part: &Range<usize>) -> json::Span {
        let start = self.place.start + 1;
        if bytes.get(start..self.place.end.saturating_sub(1)) == Some(self.text.as_bytes()) {
            json::Span::new(start + part.start, start + part.end)
        } else {
            self.place
        }
    }
}

/// All commands that are written as one text; those that are lists need no taking apart.
pub(crate) fn commands<'a>(workspace: &'a Context<'_>) -> Vec<Command<'a>> {
    let mut found = Vec::new();
    let mut add = |path: String, value: Option<&'a Value>| {
        if let Some((text, place)) = value.and_then(|value| Some((value.as_str()?, value.span))) {
            found.push(Command { path, text, place });
        }
    };
    if let Some(run_config) = workspace.value("run_config") {
        for key in ["entrypoint", "command"] {
            add(format!("run_config.{key}"), run_config.get(key));
        }
    }
    for (hook, command) in hooks(workspace) {
        add(format!("exec_config.{hook}.cmd"), command.get("cmd"));
    }
    found
}

/// The objects of `exec_config` that describe commands.
pub(crate) fn hooks<'a>(
    workspace: &'a Context<'_>,
) -> impl Iterator<Item = (&'static str, &'a Value)> {
    let exec_config = workspace.value("exec_config");
    HOOKS.into_iter().filter_map(move |hook| {
        let command = exec_config?.get(hook)?;
        command.as_object().is_some().then_some((hook, command))
    })
}

/// All environments, each with its path.
pub(crate) fn environments<'a>(workspace: &'a Context<'_>) -> Vec<(String, &'a Value)> {
    let mut found = Vec::new();
    for section in ["run_config", "exec_config"] {
        let environment = workspace
            .value(section)
            .and_then(|value| value.get("environment"));
        found.extend(environment.map(|value| (format!("{section}.environment"), value)));
    }
    found.extend(hooks(workspace).filter_map(|(hook, command)| {
        let environment = command.get("environment")?;
        Some((format!("exec_config.{hook}.environment"), environment))
    }));
    found
}

/// The variables of an environment, an object or a list.
pub(crate) fn variables(environment: &Value) -> Vec<Variable<'_>> {
    let of_object = environment
        .as_object()
        .map(Object::members)
        .unwrap_or_default();
    let of_list = environment.as_array().unwrap_or_default();
    let members = of_object.iter().map(|member| Variable {
        name: member.key.to_string_lossy(),
        value: Content::Json(&member.value),
        place: member.value.span,
    });
    let items = of_list.iter().filter_map(|item| {
        let (name, value) = item.as_str()?.split_once('=')?;
        Some(Variable {
            name: Cow::Borrowed(name),
            value: Content::Text(value),
            place: item.span,
        })
    });
    members.chain(items).collect()
}
