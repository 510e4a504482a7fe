//! Registries in git: what lies in branches, read without touching the work tree.

mod branches;
mod changes;
mod history;
mod objects;
mod program;
mod tree;

pub use branches::{Branch, Repository};
pub use history::Upstream;
pub use program::GitError;
pub use tree::GitTree;
