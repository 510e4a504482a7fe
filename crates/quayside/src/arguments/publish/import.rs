use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// Folder, or address of a git repository.
    #[arg(value_name = "DIR|URL")]
    pub(crate) source: String,
    /// Folder to write to; must not hold anything [default: DIR itself, or the name of the repository].
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Print what was read as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
