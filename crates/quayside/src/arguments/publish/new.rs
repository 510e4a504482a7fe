use std::path::PathBuf;

use clap::Args;
use model::ImageReference;
use model::version::CompatibilityVersion;

#[derive(Debug, Args)]
pub(crate) struct NewArguments {
    /// Folder of the registry.
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Image, with its tag: docker.io/kasmweb/firefox:1.17.0.
    #[arg(long, value_name = "IMAGE")]
    pub(crate) image: Option<ImageReference>,
    /// Name to show.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// What it is, in a sentence.
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// Category; up to three, best those that other workspaces have.
    #[arg(long = "category", value_name = "NAME")]
    pub(crate) categories: Vec<String>,
    /// Architecture of the image: amd64, arm64 [default: what the image registry says].
    #[arg(long = "architecture", value_name = "NAME")]
    pub(crate) architectures: Vec<String>,
    /// Version of the server that it is made for [default: the newest in the registry].
    #[arg(long = "compatibility", value_name = "VERSION")]
    pub(crate) versions: Vec<CompatibilityVersion>,
    /// Icon; copied into the workspace's folder [default: one with the first letter].
    #[arg(long, value_name = "FILE")]
    pub(crate) icon: Option<PathBuf>,
    /// Size of the unpacked image in megabytes [default: what the image registry says].
    #[arg(long, value_name = "MB")]
    pub(crate) size: Option<u64>,
    /// What to know before running it.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) notes: String,
    /// Do not ask the image registry.
    #[arg(long)]
    pub(crate) offline: bool,
    /// Print what was written as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
