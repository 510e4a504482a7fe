use std::collections::HashMap;

use api::{ListingDetail, Workspace};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::lay_out;

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
        let text = |key: &str| members.get(key).map_or_else(String::new, |value| lay_out(value.get()));
        let summary = &listing.summary;
        Self {
            friendly_name: summary.friendly_name.clone(),
            description: summary.description.clone().unwrap_or_default(),
            image: summary.image.clone().unwrap_or_default(),
            cores: listing.cores.clone().unwrap_or_default(),
            memory_mb: listing.memory_mb.map_or_else(String::new, |memory| memory.to_string()),
            run_config: text("run_config"),
            exec_config: text("exec_config"),
        }
    }

    /// The form of an installed workspace, its edits applied.
    pub fn of_workspace(workspace: &Workspace) -> Self {
        let text = |value: &Option<String>| value.as_deref().map_or_else(String::new, lay_out);
        Self {
            friendly_name: workspace.friendly_name.clone(),
            description: workspace.description.clone().unwrap_or_default(),
            image: workspace.image.clone(),
            cores: workspace.cores.clone().unwrap_or_default(),
            memory_mb: workspace.memory_mb.map_or_else(String::new, |memory| memory.to_string()),
            run_config: text(&workspace.run_config),
            exec_config: text(&workspace.exec_config),
        }
    }
}
