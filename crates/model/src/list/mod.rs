//! A published `list.json`, read tolerantly, and what leads to it.

mod address;
mod entries;
mod folders;
mod header;
mod read;

use crate::ByteLimit;
use crate::definition::{Definition, SchemaForm};

pub use address::{AddressError, PastedAddress, is_this_machine, root_of};
pub use folders::versions_to_try;
pub use read::read_list;

/// What a list says.
#[derive(Debug, Clone, PartialEq)]
pub struct ListDocument {
    /// The form, told by content and not by the folder's name.
    pub form: SchemaForm,
    /// The registry's name.
    pub name: Option<String>,
    /// What the registry is for.
    pub description: Option<String>,
    /// The address of the registry's icon; may be relative.
    pub icon: Option<String>,
    /// The registry's root as its author wrote it.
    pub list_url: Option<String>,
    /// Where to reach the author.
    pub contact_url: Option<String>,
    /// When it was built, in milliseconds since 1970.
    pub modified: Option<i64>,
    /// The channels that its workspaces name (form 1.1).
    pub channels: Vec<String>,
    /// The channel that the registry recommends (form 1.1); none of its workspaces need have it.
    pub default_channel: Option<String>,
    /// The workspaces that can be used, in their order.
    pub entries: Vec<ListEntry>,
    /// The workspaces that cannot be used, with the reason.
    pub set_aside: Vec<SetAsideEntry>,
    /// What is unusual about the list as a whole, in sentences.
    pub notes: Vec<String>,
}

/// A workspace that can be used.
#[derive(Debug, Clone, PartialEq)]
pub struct ListEntry {
    /// Its position in the list, from 0.
    pub position: usize,
    /// What it says.
    pub definition: Definition,
    /// Its JSON as published, byte for byte; bytes that are no UTF-8 are U+FFFD.
    pub json: String,
    /// What in it is left out, and why; each with its place in the list.
    pub troubles: Vec<String>,
}

/// A workspace that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAsideEntry {
    /// Its position in the list, from 0; none where one line stands for several.
    pub position: Option<usize>,
    /// Its name, if it could be read.
    pub name: Option<String>,
    /// Where it is wrong: `/workspaces/3/friendly_name (line 1, column 512)`.
    pub place: String,
    /// What is wrong with it.
    pub reason: String,
}

/// How much of a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListLimits {
    /// The longest list, in bytes.
    pub max_bytes: usize,
    /// How many workspaces are read; the rest is set aside.
    pub max_listings: usize,
    /// The longest JSON of one workspace, in bytes; longer ones are set aside.
    pub max_listing_bytes: usize,
    /// How deep the list may be nested; workspaces that are deeper are set aside.
    pub max_depth: usize,
}

/// Why a text is no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// It is not JSON: a web page in its place, or a download that was cut.
    #[error("not JSON at line {line}, column {column}: {message}")]
    NotJson {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
        /// Whether it is a web page.
        looks_like_html: bool,
    },
    /// It is JSON, but not a list of workspaces.
    #[error("not a list of workspaces: {message}")]
    NotAList {
        /// What is missing.
        message: String,
    },
    /// It is longer than the limit.
    #[error("longer than {}", ByteLimit(*limit as u64))]
    TooLarge {
        /// The limit.
        limit: usize,
    },
}

impl Default for ListLimits {
    /// 32 MiB, 20,000 workspaces of 256 kB each, depth 64.
    fn default() -> Self {
        Self {
            max_bytes: 32 * 1024 * 1024,
            max_listings: 20_000,
            max_listing_bytes: 256_000,
            max_depth: 64,
        }
    }
}
