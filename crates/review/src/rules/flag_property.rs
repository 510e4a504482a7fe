//! A property is set that is not on the list of ignored ones.
//!
//! `user` and `privileged` have rules of their own. A `privileged` that is neither yes nor no is flagged here: what a
//! consumer makes of `1` or `"yes"` is its own affair, and silence would be a promise.

use model::json::Value;

use crate::properties::Property;
use crate::{FindingId, Section};

pub(crate) fn check(property: &Property<'_>) -> Option<FindingId> {
    let ignored = match &property.section {
        Section::RunConfig => matches!(
            property.name.as_str(),
            "entrypoint" | "hostname" | "environment"
        ),
        Section::ExecConfig(command) if !command.is_empty() => {
            matches!(property.name.as_str(), "cmd" | "environment" | "workdir")
        }
        Section::ExecConfig(_) | Section::VolumeMappings => false,
    };
    let settled = property.runs_something()
        && match property.name.as_str() {
            "user" => true,
            "privileged" => is_yes_or_no(property.value),
            _ => false,
        };
    (!ignored && !settled).then_some(FindingId::FlagProperty)
}

fn is_yes_or_no(value: &Value) -> bool {
    value.is_null() || value.as_bool().is_some() || matches!(value.as_str(), Some("true" | "false"))
}
