//! A workspace as its JSON describes it, in either form of the registry format.

mod choose;
mod fields;
mod read;

use std::fmt;

use crate::json;

pub use choose::{Choice, NoFit, WantedChannel, WantedVersion};
pub(crate) use fields::storable;

/// What a workspace's JSON says, read tolerantly.
///
/// Texts hold neither lone surrogates nor U+0000: both are U+FFFD here, for no database stores them. What is not
/// known here stays in the JSON as published.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The name to show.
    pub friendly_name: String,
    /// What it is, in a sentence or two.
    pub description: Option<String>,
    /// What to know before running it.
    pub notes: Option<String>,
    /// The icon's file name; of a stranger, and unchecked.
    pub image_src: Option<String>,
    /// The processor architectures that its image is made for.
    pub architectures: Vec<String>,
    /// Its categories, at most [`MAX_CATEGORIES`].
    pub categories: Vec<String>,
    /// Which stored credentials to use; never a prefix of the image.
    pub docker_registry: Option<String>,
    /// The form that it is written in.
    pub form: SchemaForm,
    /// The versions that it is made for; in the form 1.0 each with the one image and size.
    pub compatibility: Vec<CompatibilityEntry>,
    /// The one image of the form 1.0.
    pub image: Option<String>,
    /// The one size of the form 1.0, in decimal megabytes.
    pub uncompressed_size_mb: Option<u64>,
    /// Processor cores; fractions occur.
    pub cores: Option<f64>,
    /// Memory in decimal megabytes.
    pub memory_mb: Option<u64>,
    /// How many graphics processors it needs.
    pub gpu_count: Option<u64>,
    /// How cores are shared: `Inherit`, `Quotas` or `Shares`.
    pub cpu_allocation_method: Option<String>,
    /// What is merged into the container's start call; of any kind if it is not `null`, so that a review sees it.
    pub run_config: Option<json::Value>,
    /// Commands that run in the container; of any kind if it is not `null`.
    pub exec_config: Option<json::Value>,
    /// Folders of the host to mount; of any kind if it is not `null`.
    pub volume_mappings: Option<json::Value>,
    /// Where profiles are kept.
    pub persistent_profile_path: Option<String>,
    /// The folder hash that the publisher added.
    pub sha: Option<String>,
}

/// What a workspace needs on one version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompatibilityEntry {
    /// The version, such as `1.17.x`; unchecked.
    pub version: String,
    /// The image.
    pub image: Option<String>,
    /// How much disk space the image takes at worst, in decimal megabytes.
    pub uncompressed_size_mb: Option<u64>,
    /// The channels: tags that may stand in the place of the image's own.
    pub available_tags: Vec<String>,
}

/// What is wrong with a workspace's JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Where, as a JSON pointer from the workspace.
    pub pointer: String,
    /// Where in the text.
    pub span: json::Span,
    /// What is wrong, as a sentence without a capital and a full stop.
    pub message: String,
}

/// The two forms of the registry format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SchemaForm {
    /// One image for all versions.
    V1_0,
    /// An image for each version, and channels.
    V1_1,
}

/// How many categories of a workspace are kept.
pub const MAX_CATEGORIES: usize = 100;

impl SchemaForm {
    /// The form's name, which is also the folder that it is published in.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
        }
    }
}

impl fmt::Display for SchemaForm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
