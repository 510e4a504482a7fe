//! `quayside publish …`.

pub(crate) mod build;
mod folder_sink;

pub(crate) use folder_sink::FolderSink;

use crate::Ending;
use crate::arguments::PublishCommand;

/// Runs one verb.
pub(crate) fn run(command: PublishCommand) -> anyhow::Result<Ending> {
    match command {
        PublishCommand::Build(arguments) => build::run(&arguments),
    }
}
