use diagnostics::Diagnostic;
use model::definition::Definition;
use model::json::{self, Object};

use crate::memory::packed;
use crate::report::span;
use crate::rules::Rule;

/// What is kept of a workspace to compare it with the others: small, because there may be thousands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// The path of its `workspace.json`.
    pub(crate) file: String,
    /// The name to show.
    pub(crate) name: String,
    /// Where that stands.
    pub(crate) name_place: json::Span,
    /// Its categories, each with its place.
    pub(crate) categories: Vec<(String, json::Span)>,
    /// Its images as they are written.
    pub(crate) images: Vec<String>,
    /// The versions that it is made for.
    pub(crate) versions: Vec<String>,
    /// For each version, where its entry stands.
    pub(crate) version_places: Vec<json::Span>,
    /// For each version, the channels that it is offered in.
    pub(crate) channels: Vec<Vec<String>>,
}

packed!(Summary {
    file,
    name,
    name_place,
    categories,
    images,
    versions,
    version_places,
    channels,
});

impl Summary {
    pub(crate) fn new(file: &str, object: &Object, definition: &Definition) -> Self {
        let place = |key: &str| object.get(key).map(|value| value.span).unwrap_or_default();
        let mut images: Vec<String> = Vec::new();
        for entry in &definition.compatibility {
            if let Some(image) = &entry.image
                && !images.contains(image)
            {
                images.push(image.clone());
            }
        }
        if images.is_empty() {
            images.extend(definition.image.clone());
        }
        Self {
            file: file.to_owned(),
            name: definition.friendly_name.clone(),
            name_place: place("friendly_name"),
            categories: categories(object),
            images,
            versions: definition
                .compatibility
                .iter()
                .map(|entry| entry.version.clone())
                .collect(),
            version_places: version_places(object, definition),
            channels: definition
                .compatibility
                .iter()
                .map(|entry| entry.available_tags.clone())
                .collect(),
        }
    }

    /// A diagnostic about some bytes of the workspace's file.
    pub(crate) fn found(
        &self,
        rule: &Rule,
        place: json::Span,
        message: impl Into<String>,
    ) -> Diagnostic {
        rule.found(message).in_file(&self.file).at(span(place))
    }
}

fn categories(object: &Object) -> Vec<(String, json::Span)> {
    const MOST: usize = 20;
    let items = object.get("categories").and_then(json::Value::as_array);
    items
        .unwrap_or_default()
        .iter()
        .filter_map(|item| Some((item.as_str()?.to_owned(), item.span)))
        .take(MOST)
        .collect()
}

/// Where the entries of a definition stand: what a consumer passes over has none.
fn version_places(object: &Object, definition: &Definition) -> Vec<json::Span> {
    let array = object
        .get("compatibility")
        .or_else(|| object.get("compatability"));
    let items = array
        .and_then(json::Value::as_array)
        .unwrap_or_default()
        .iter();
    let mut items = items.filter_map(|item| {
        let version = item.get("version").unwrap_or(item).as_str()?;
        Some((version, item.span))
    });
    let whole = array.map(|array| array.span).unwrap_or_default();
    let entries = definition.compatibility.iter();
    entries
        .map(|entry| {
            items
                .find(|(version, _)| *version == entry.version)
                .map_or(whole, |(_, place)| place)
        })
        .collect()
}
