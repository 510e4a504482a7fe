//! `quayside publish …`.

mod add_version;
pub(crate) mod build;
mod cache_file;
mod changes;
mod check;
mod convert;
mod diff;
mod editions;
mod explain;
mod fix_files;
mod image_sizes;
mod import;
mod init;
mod layer_sizes;
mod live;
mod new;
mod online;
mod own_output;
mod preview;
mod schema;
mod site;
mod site_folder;
mod sizes;
mod source_files;

use crate::Ending;
use crate::arguments::PublishCommand;

/// Runs one verb.
pub(crate) async fn run(command: PublishCommand) -> anyhow::Result<Ending> {
    match command {
        PublishCommand::Init(arguments) => init::run(&arguments),
        PublishCommand::New(arguments) => new::run(arguments).await,
        PublishCommand::Import(arguments) => import::run(&arguments),
        PublishCommand::Convert(arguments) => convert::run(&arguments),
        PublishCommand::AddVersion(arguments) => add_version::run(&arguments),
        PublishCommand::Sizes(arguments) => sizes::run(&arguments).await,
        PublishCommand::Check(arguments) => check::run(&arguments).await,
        PublishCommand::Preview(arguments) => preview::run(&arguments).await,
        PublishCommand::Explain(arguments) => explain::run(&arguments),
        PublishCommand::Schema(arguments) => Ok(schema::run(&arguments)),
        PublishCommand::Build(arguments) => build::run(&arguments).await,
        PublishCommand::Diff(arguments) => diff::run(&arguments).await,
    }
}
