//! `quayside publish …`.

mod add_version;
pub(crate) mod build;
mod changes;
mod convert;
mod folder_sink;
mod image_sizes;
mod import;
mod init;
mod layer_sizes;
mod new;
mod sizes;
mod source_files;

pub(crate) use folder_sink::FolderSink;

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
        PublishCommand::Build(arguments) => build::run(&arguments),
    }
}
