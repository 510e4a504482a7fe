use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct SizesArguments {
    /// Folder of the registry.
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Print where the stated size is another, and write nothing; exit code 1 if there are any.
    #[arg(long)]
    pub(crate) check: bool,
    /// Measure only what has no size yet.
    #[arg(long)]
    pub(crate) missing: bool,
    /// Images measured at once.
    #[arg(long, value_name = "NUMBER", default_value = "3", value_parser = clap::value_parser!(u8).range(1..=16))]
    pub(crate) at_once: u8,
    /// Longest to wait, in minutes, for an image registry that limits how often it is asked.
    #[arg(long, value_name = "MINUTES", default_value = "60")]
    pub(crate) patience: u64,
    /// Image registry, with its port, that is asked over http.
    #[arg(long = "insecure-registry", value_name = "HOST")]
    pub(crate) insecure_hosts: Vec<String>,
    /// Print the sizes as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
