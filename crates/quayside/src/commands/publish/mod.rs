//! `quayside publish …`.

pub(crate) mod build;
mod folder_sink;

pub(crate) use folder_sink::FolderSink;
