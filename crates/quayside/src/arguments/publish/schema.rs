use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct SchemaArguments {
    /// Which file's schema; without it the names are listed.
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<SchemaName>,
}

const AFTER: &str = "\
An editor that knows the schema completes names, explains them and underlines mistakes.

For Visual Studio Code, in `.vscode/settings.json`:
  \"json.schemas\": [
    {\"fileMatch\": [\"workspace.json\"], \"url\": \"./.vscode/workspace.schema.json\"}
  ]
  quayside publish schema workspace-1.1 > .vscode/workspace.schema.json

For `registry.toml`, as its first line:
  #:schema ./.vscode/registry.schema.json
  quayside publish schema registry > .vscode/registry.schema.json";

/// A file of a registry that has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// `workspace.json` of the form 1.0: one image for all versions.
    #[value(name = "workspace-1.0")]
    Workspace1_0,
    /// `workspace.json` of the form 1.1: an image for each version, and channels.
    #[value(name = "workspace-1.1")]
    Workspace1_1,
    /// `registry.toml`.
    Registry,
}
