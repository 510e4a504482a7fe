//! `quayside publish schema`.

use clap::ValueEnum as _;
use model::SchemaForm;

use crate::arguments::{SchemaArguments, SchemaName};
use crate::{Ending, console};

pub(crate) fn run(arguments: &SchemaArguments) -> Ending {
    let text = match arguments.name {
        Some(SchemaName::Workspace1_0) => publish::workspace_schema(SchemaForm::V1_0).to_owned(),
        Some(SchemaName::Workspace1_1) => publish::workspace_schema(SchemaForm::V1_1).to_owned(),
        Some(SchemaName::Registry) => publish::registry_schema(),
        None => names().join("\n"),
    };
    console::data(text.trim_end());
    Ending::Done
}

fn names() -> Vec<String> {
    SchemaName::value_variants()
        .iter()
        .filter_map(|name| Some(name.to_possible_value()?.get_name().to_owned()))
        .collect()
}
