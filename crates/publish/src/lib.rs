#![doc = include_str!("../README.md")]

mod build;
mod check;
mod config;
mod context;
mod discover;
mod hash;
mod icon;
mod icons;
mod list;
mod nearest;
mod path;
mod picture;
mod registry;
mod report;
mod rules;
mod severities;
mod shown;
mod sink;
mod summary;
pub mod template;
mod tree;
mod unchanged;
mod versions;
mod workspace;

use build::Output;
pub use build::{BuildError, Built, build};
pub use check::{Checked, check};
pub use config::{CONFIG_FILE, Config};
pub use picture::{Picture, PictureFormat};
pub use rules::{RULES, Rule};
pub use severities::{Level, Severities};
pub use sink::{Fingerprint, Sink};
pub use tree::{Entry, EntryKind, SourceTree, Stamp, Unusable};
pub use unchanged::differs_only_in_modified;
pub use versions::merge_versions;
