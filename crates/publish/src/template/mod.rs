//! Registries that were made from the public template: what they say about themselves stands in two JavaScript files.
//!
//! Their literals are read, the files are never run. A file that JavaScript refuses still gives what can be read.

mod default_channel;
mod literals;
mod next_config;

use diagnostics::{Diagnostic, Span};
use model::SchemaForm;

use crate::SourceTree;
use crate::rules::template_not_readable;

/// The file that a template-based registry says its name in.
pub const NEXT_CONFIG_FILE: &str = "site/next.config.js";
/// The file that a template-based registry has its default channel in.
pub const PROCESS_JSON_FILE: &str = "processing/processjson.js";

/// The longest of these files that is read.
const LONGEST_FILE: u64 = 256 * 1024;

/// What a template-based registry says about itself; what is missing is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplateConfig {
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// Its picture, an address or a path below `site/public`.
    pub icon: String,
    /// The address that people give to a consumer.
    pub list_url: String,
    /// Where to ask.
    pub contact_url: String,
    /// The path that its pages are served under, such as `/kasm-registry/1.1`.
    pub base_path: String,
    /// The channel that its build writes where there are channels, if it is a literal.
    pub default_channel: Option<String>,
}

/// Where a registry made from the template says what others say under a key of `registry.toml`.
pub(crate) fn place_of(tree: &dyn SourceTree, key: &str) -> (&'static str, Option<Span>) {
    let (file, key) = match key {
        "default_channel" => (PROCESS_JSON_FILE, key),
        "list_url" => (NEXT_CONFIG_FILE, "listUrl"),
        "contact_url" => (NEXT_CONFIG_FILE, "contactUrl"),
        key => (NEXT_CONFIG_FILE, key),
    };
    let Ok(bytes) = tree.read(file, LONGEST_FILE) else {
        // Nothing is written there because the file is not.
        return (NEXT_CONFIG_FILE, None);
    };
    let text = String::from_utf8_lossy(&bytes);
    (file, next_config::place_of(&text, file, key))
}

impl TemplateConfig {
    /// Reads the two files of a source tree; there is nothing if it has no `site/next.config.js`.
    pub fn read(tree: &dyn SourceTree) -> Option<(Self, Vec<Diagnostic>)> {
        let text = match tree.read(NEXT_CONFIG_FILE, LONGEST_FILE) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
            Err(error) => {
                let diagnostic = template_not_readable::RULE
                    .found(format!("`{NEXT_CONFIG_FILE}` cannot be read: {error}"))
                    .in_file(NEXT_CONFIG_FILE);
                return Some((Self::default(), vec![diagnostic]));
            }
        };
        let (mut config, mut diagnostics) = next_config::read(&text);
        if let Ok(bytes) = tree.read(PROCESS_JSON_FILE, LONGEST_FILE) {
            let (channel, found) = default_channel::read(&String::from_utf8_lossy(&bytes));
            config.default_channel = channel;
            diagnostics.extend(found);
        }
        Some((config, diagnostics))
    }

    /// Reads the text of a `site/next.config.js` alone.
    pub fn parse(text: &str) -> (Self, Vec<Diagnostic>) {
        next_config::read(text)
    }

    /// The form that the path of its pages names: branches publish to folders of their own name.
    pub fn schema(&self) -> Option<SchemaForm> {
        match self.base_path.trim_end_matches('/').rsplit('/').next() {
            Some("1.0") => Some(SchemaForm::V1_0),
            Some("1.1") => Some(SchemaForm::V1_1),
            _ => None,
        }
    }
}
