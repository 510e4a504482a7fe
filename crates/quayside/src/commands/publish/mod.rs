//! `quayside publish …`.

mod add_version;
pub(crate) mod build;
mod cache_file;
mod changes;
mod convert;
mod editions;
mod image_sizes;
mod import;
mod init;
mod layer_sizes;
mod live;
mod new;
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
        PublishCommand::Build(arguments) => build::run(&arguments).await,
    }
}
