use std::path::PathBuf;

use clap::Args;
use model::version::CompatibilityVersion;

#[derive(Debug, Args)]
pub(crate) struct AddVersionArguments {
    /// Version of the server: 1.19.x, or 1.19.0 for that one alone.
    #[arg(value_name = "VERSION")]
    pub(crate) added: CompatibilityVersion,
    /// Folder of the registry.
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Tag of the images in the new entries [default: that of the newest entry].
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Option<String>,
    /// Size in the new entries, 0 where it is to be measured [default: that of the newest entry].
    #[arg(long, value_name = "MB")]
    pub(crate) size: Option<u64>,
    /// Say what would change, and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print what changed as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
