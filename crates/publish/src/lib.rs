#![doc = include_str!("../README.md")]

mod build;
pub mod codes;
mod config;
mod discover;
mod hash;
mod icons;
mod list;
mod path;
mod report;
mod sink;
pub mod template;
mod tree;
mod unchanged;
mod versions;
mod workspace;

use build::Output;
pub use build::{BuildError, Built, build};
pub use config::{CONFIG_FILE, Config};
pub use sink::{Fingerprint, Sink};
pub use tree::{Entry, EntryKind, SourceTree, Stamp, Unusable};
pub use unchanged::differs_only_in_modified;
pub use versions::merge_versions;
