use std::path::PathBuf;

use clap::Args;

use super::SourceArguments;

#[derive(Debug, Args)]
pub(crate) struct BuildArguments {
    #[command(flatten)]
    pub(crate) source: SourceArguments,
    /// Folder of the site; has to be empty, or written by an earlier build.
    #[arg(long, value_name = "SITE", default_value = "public")]
    pub(crate) out: PathBuf,
    /// Write nothing if a workspace has to be left out, or if anything else is an error.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Where the site is published: write nothing if versions or workspaces that are there would be gone.
    #[arg(long, value_name = "URL")]
    pub(crate) live: Option<String>,
    /// Write all the same, and say what will be gone.
    #[arg(long, requires = "live")]
    pub(crate) allow_shrink: bool,
    /// Print what was written and what was found as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
