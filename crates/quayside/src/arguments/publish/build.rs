use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct BuildArguments {
    /// Folder with `registry.toml` and `workspaces/`.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Folder of the site; one folder a schema below it.
    #[arg(long, value_name = "SITE")]
    pub(crate) out: PathBuf,
    /// Print what was written and what was found as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
