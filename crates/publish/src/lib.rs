#![doc = include_str!("../README.md")]

mod sink;
mod tree;

pub use sink::Sink;
pub use tree::{Entry, EntryKind, SourceTree, Unusable};
