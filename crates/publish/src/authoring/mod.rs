//! The author's tools: what they write, and how they change what an author wrote.

mod add_version;
mod changes;
mod convert;
mod import;
mod schema_line;
mod sizes;
mod starter;
mod toml_text;
mod workspace;

pub use add_version::{NewVersion, add_version};
pub(crate) use changes::Document;
pub use changes::{Change, Changes, Untouched};
pub use convert::convert;
pub use import::{address_in_order, count_workspaces, registry_toml, schema_of};
pub(crate) use sizes::of_document;
pub use sizes::{SizeEntry, megabytes, size_entries, with_size};
pub use starter::{Starter, starter};
pub use workspace::{NewWorkspace, NewWorkspaceError, habits, placeholder_icon};
