use std::path::PathBuf;

use clap::Args;

use super::FormArgument;

#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// Folder to begin in; made if it is not there.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Name of the registry [default: that of the folder].
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Address that the registry will have, such as https://ann.example/registry/; can be written down later.
    #[arg(long, value_name = "URL", default_value = "")]
    pub(crate) list_url: String,
    /// Address where people can ask.
    #[arg(long, value_name = "URL", default_value = "")]
    pub(crate) contact_url: String,
    /// Form of the workspace.json files.
    #[arg(long, value_name = "SCHEMA", default_value = "1.1")]
    pub(crate) schema: FormArgument,
    /// Address that the pipelines fetch this program from [default: the release of this version].
    #[arg(long, value_name = "URL")]
    pub(crate) quayside: Option<String>,
    /// Print the files as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
