use std::path::PathBuf;

use clap::Args;

use super::FormArgument;

#[derive(Debug, Args)]
pub(crate) struct ConvertArguments {
    /// Folder of the registry.
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Form to write.
    #[arg(long, value_name = "SCHEMA")]
    pub(crate) to: FormArgument,
    /// Say what would change, and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print what changed as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
