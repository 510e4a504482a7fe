use std::collections::BTreeSet;

use model::SchemaForm;
use model::json::{self, Value};

use crate::Config;
use crate::listed::Listed;

/// What consumers call a registry without a name.
const NAMELESS: &str = "Unknown store";
/// The default channel of the template, which registries have that never chose one.
const TEMPLATE_CHANNEL: &str = "develop";

/// The list as it grows, workspace by workspace.
#[derive(Default)]
pub(crate) struct List {
    /// The entries, with commas between them.
    entries: Vec<u8>,
    count: usize,
    channels: Distinct,
    versions: Distinct,
}

/// JSON values in the order in which each was first seen, with commas between them.
#[derive(Default)]
struct Distinct {
    joined: Vec<u8>,
    seen: BTreeSet<String>,
}

impl List {
    /// Adds a workspace at the end.
    pub(crate) fn push(&mut self, workspace: &Listed) {
        if self.count > 0 {
            self.entries.push(b',');
        }
        self.entries.extend_from_slice(&workspace.listing);
        self.count += 1;
        for version in &workspace.versions {
            self.versions.add(version);
        }
        for channel in &workspace.channels {
            self.channels.add(channel);
        }
    }

    /// The channels of all workspaces, each as JSON.
    pub(crate) const fn channels(&self) -> &BTreeSet<String> {
        &self.channels.seen
    }

    /// The entries, with commas between them.
    pub(crate) fn into_entries(self) -> Vec<u8> {
        self.entries
    }

    /// The content of `versions.json`.
    pub(crate) fn versions_json(&self) -> Vec<u8> {
        [b"{\"versions\":[", &*self.versions.joined, b"]}"].concat()
    }

    /// The content of `list.json`.
    pub(crate) fn list_json(&self, config: &Config, modified_ms: i64) -> Vec<u8> {
        let name = if config.name.is_empty() {
            NAMELESS
        } else {
            &config.name
        };
        let head = json::stringify(&Value::object([
            ("name", Value::string(name)),
            ("workspacecount", Value::number(self.count as u64)),
            ("icon", text_or_null(&config.icon)),
            ("description", text_or_null(&config.description)),
            ("list_url", text_or_null(&config.list_url)),
            ("contact_url", text_or_null(&config.contact_url)),
            ("modified", Value::integer(modified_ms)),
        ]));
        // Room for all at once: for thousands of workspaces this is by far the longest text.
        let mut text = Vec::with_capacity(head.len() + self.entries.len() + 4096);
        text.extend_from_slice(head.strip_suffix(b"}").unwrap_or(&head));
        text.extend_from_slice(b",\"workspaces\":[");
        text.extend_from_slice(&self.entries);
        text.push(b']');
        if config.schema == SchemaForm::V1_1 {
            let default_channel = if self.channels().is_empty() {
                Value::null()
            } else {
                Value::string(default_channel(config))
            };
            text.extend_from_slice(b",\"channels\":[");
            text.extend_from_slice(&self.channels.joined);
            text.extend_from_slice(b"],\"default_channel\":");
            text.extend_from_slice(&json::stringify(&default_channel));
        }
        text.push(b'}');
        text
    }
}

/// The channel that a registry with channels offers first.
pub(crate) fn default_channel(config: &Config) -> &str {
    config
        .default_channel
        .as_deref()
        .unwrap_or(TEMPLATE_CHANNEL)
}

impl Distinct {
    fn add(&mut self, text: &str) {
        if !self.seen.contains(text) {
            if !self.joined.is_empty() {
                self.joined.push(b',');
            }
            self.joined.extend_from_slice(text.as_bytes());
            self.seen.insert(text.to_owned());
        }
    }
}

fn text_or_null(text: &str) -> Value {
    if text.is_empty() {
        Value::null()
    } else {
        Value::string(text)
    }
}
