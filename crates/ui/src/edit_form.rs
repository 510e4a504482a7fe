use std::collections::HashMap;

use api::{FieldError, ListingDetail, Workspace};
use model::json;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::lay_out;

mod difference;
mod fields;
mod image;

/// The fields of the edit form as a person typed them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EditForm {
    /// The name to show.
    pub friendly_name: String,
    /// What it is.
    pub description: String,
    /// Image reference.
    pub image: String,
    /// The image reference that an install without edits would use; empty where it was edited before.
    ///
    /// It may carry a channel's tag, which the published JSON alone does not tell.
    pub image_published: String,
    /// Cores.
    pub cores: String,
    /// Memory in MB.
    pub memory_mb: String,
    /// Docker Run Config Override as JSON text.
    pub run_config: String,
    /// Docker Exec Config as JSON text.
    pub exec_config: String,
}

impl EditForm {
    /// The form of a listing as published.
    pub fn of_listing(listing: &ListingDetail) -> Self {
        let members: HashMap<String, &RawValue> =
            serde_json::from_str(listing.json.get()).unwrap_or_default();
        let text = |key: &str| {
            members
                .get(key)
                .map_or_else(String::new, |value| lay_out(value.get()))
        };
        let summary = &listing.summary;
        let image = summary.image.clone().unwrap_or_default();
        Self {
            friendly_name: summary.friendly_name.clone(),
            description: summary.description.clone().unwrap_or_default(),
            image_published: image.clone(),
            image,
            cores: listing.cores.clone().unwrap_or_default(),
            memory_mb: number_text(listing.memory_mb),
            run_config: text("run_config"),
            exec_config: text("exec_config"),
        }
    }

    /// The form of an installed workspace, its edits applied.
    pub fn of_workspace(workspace: &Workspace) -> Self {
        let text = |value: &Option<String>| value.as_deref().map_or_else(String::new, lay_out);
        let changes: HashMap<String, &RawValue> =
            serde_json::from_str(workspace.changes.get()).unwrap_or_default();
        let image_was_edited = image::KEYS.iter().any(|key| changes.contains_key(*key));
        Self {
            friendly_name: workspace.friendly_name.clone(),
            description: workspace.description.clone().unwrap_or_default(),
            image: workspace.image.clone(),
            image_published: if image_was_edited {
                String::new()
            } else {
                workspace.image.clone()
            },
            cores: workspace.cores.clone().unwrap_or_default(),
            memory_mb: number_text(workspace.memory_mb),
            run_config: text(&workspace.run_config),
            exec_config: text(&workspace.exec_config),
        }
    }

    /// What the form changes of the `published` JSON, as a merge patch (RFC 7396); nothing if it changes nothing.
    ///
    /// `entry_version` is the compatibility entry in use. The errors name fields by pointers such as `/run_config`,
    /// and the line and column where the field is JSON text.
    pub fn changes(
        &self,
        published: &json::Value,
        entry_version: Option<&str>,
    ) -> Result<Option<json::Value>, Vec<FieldError>> {
        let mut changes = fields::Changes::default();
        changes.name("friendly_name", &self.friendly_name, published);
        changes.text("description", &self.description, published);
        changes.image(self, published, entry_version);
        changes.cores(&self.cores, published);
        changes.memory(&self.memory_mb, published);
        changes.object("run_config", &self.run_config, published);
        changes.object("exec_config", &self.exec_config, published);
        changes.finish()
    }
}

fn number_text(number: Option<u64>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}

#[cfg(test)]
mod tests;
