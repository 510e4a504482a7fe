//! `quayside publish …`: each verb's arguments, in the order of `--help`.

mod build;

use clap::Subcommand;

pub(crate) use build::BuildArguments;

#[derive(Debug, Subcommand)]
pub(crate) enum PublishCommand {
    /// Write `SITE/<schema>/list.json` and `icons/`, and add the schema to `SITE/versions.txt`.
    ///
    /// DIR holds `registry.toml` and `workspaces/<Folder>/workspace.json` with an icon each. A workspace that cannot
    /// be read is left out and reported on stderr; the others are published. Exit code 0 when the site was written,
    /// 2 when it could not be.
    Build(BuildArguments),
}
