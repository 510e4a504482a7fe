use clap::{Args, ValueEnum};

use super::SourceArguments;

#[derive(Debug, Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct DiffArguments {
    /// The root of the published site: the address that people give to their server.
    #[arg(value_name = "URL")]
    pub(crate) url: String,
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    /// How the differences are printed.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: DiffFormat,
    /// Print the differences as JSON; the same as `--format json`.
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
}

const AFTER: &str = "\
Examples:
  quayside publish diff https://registry.example/              this folder against what is live
  quayside publish diff https://registry.example/ --git .      all versions of a repository
  quayside publish diff https://registry.example/ --format comment > comment.md
  gh pr comment --body-file comment.md                         tell it to who reviews";

/// How differences are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people.
    Text,
    /// A JSON object.
    Json,
    /// Markdown for a pull request, in which no text of the registry is markup, a mention or a link.
    Comment,
}
