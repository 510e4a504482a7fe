use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct CheckArguments {
    /// Folder with `registry.toml` and `workspaces/`.
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// How findings are printed.
    #[arg(long, value_name = "FORMAT", default_value = "full")]
    pub(crate) format: CheckFormat,
    /// Print findings as JSON; the same as `--format json`.
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
    /// Exit with 1 for warnings too, not only for errors.
    #[arg(long)]
    pub(crate) deny_warnings: bool,
    /// Put right what can be put right without a doubt, then report what remains.
    ///
    /// A file is changed only while it holds what was checked, and whole or not at all.
    #[arg(long)]
    pub(crate) fix: bool,
    /// Also ask image registries and web servers: whether every image and channel exists for each architecture,
    /// whether its size is within a fifth of what is stated, whether icons and addresses can be reached.
    #[arg(long)]
    pub(crate) online: bool,
}

const AFTER: &str = "\
Examples:
  quayside publish check                          the registry in this folder
  quayside publish check harbour --format concise one line a finding
  quayside publish check --fix                    repair what is safe to repair
  quayside publish check --online                 also whether images exist
  quayside publish check --format github          annotations in a GitHub workflow
  quayside publish check --format gitlab > gl-code-quality-report.json
  quayside publish explain icon-not-found         what a code means

Severities are set in `registry.toml`:
  [severity]
  icon-not-found = \"warning\"   # or \"error\", \"note\", \"allow\"";

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// With the line, a label and a hint.
    Full,
    /// One line a finding: `file:line:column: severity[code]: message`.
    Concise,
    /// A JSON array of objects.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Commands of a GitHub workflow, which become annotations.
    Github,
    /// A GitLab code quality report.
    Gitlab,
}
