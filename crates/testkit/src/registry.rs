use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};

/// A registry to publish in a test, in the form 1.1.
#[derive(Debug, Clone)]
pub struct TestRegistry {
    /// Its name.
    pub name: String,
    /// What it offers.
    pub listings: Vec<TestListing>,
}

/// A listing of a [`TestRegistry`].
#[derive(Debug, Clone)]
pub struct TestListing {
    /// The name shown.
    pub friendly_name: String,
    /// The image reference.
    pub image: String,
    /// Properties added or replaced in its JSON.
    pub properties: Value,
}

impl TestRegistry {
    /// A registry that offers these listings.
    pub fn new(name: &str, listings: impl IntoIterator<Item = TestListing>) -> Self {
        Self {
            name: name.to_owned(),
            listings: listings.into_iter().collect(),
        }
    }

    /// A registry of so many listings, `Workspace 0` and so on; every tenth is in category `Tens`.
    pub fn numbered(name: &str, count: usize) -> Self {
        let listing = |number: usize| {
            let category = if number.is_multiple_of(10) {
                "Tens"
            } else {
                "Others"
            };
            TestListing::new(
                &format!("Workspace {number}"),
                &format!("image-registry.invalid/workspace-{number}:1.0"),
            )
            .with("categories", json!([category]))
        };
        Self::new(name, (0..count).map(listing))
    }

    /// The files of its site by path.
    pub fn files(&self) -> BTreeMap<String, Bytes> {
        let listings: Vec<Value> = self.listings.iter().map(TestListing::json).collect();
        let list = json!({
            "name": self.name,
            "workspacecount": listings.len(),
            "icon": null,
            "description": "A registry for tests.",
            "list_url": null,
            "contact_url": null,
            "modified": 1_764_000_000_000_i64,
            "workspaces": listings,
            "channels": [],
            "default_channel": null,
        });
        let mut files = BTreeMap::new();
        files.insert("versions.txt".to_owned(), Bytes::from_static(b"1.1\n"));
        files.insert("1.1/list.json".to_owned(), list.to_string().into());
        for listing in &self.listings {
            files.insert(format!("1.1/icons/{}", listing.icon()), ICON.into());
        }
        files
    }
}

impl TestListing {
    /// A listing of 5 MB for both architectures.
    pub fn new(friendly_name: &str, image: &str) -> Self {
        Self {
            friendly_name: friendly_name.to_owned(),
            image: image.to_owned(),
            properties: json!({}),
        }
    }

    /// Adds a property to its JSON, or replaces one.
    #[must_use]
    pub fn with(mut self, property: &str, value: Value) -> Self {
        self.properties[property] = value;
        self
    }

    fn icon(&self) -> String {
        format!(
            "{}.svg",
            self.friendly_name.to_lowercase().replace(' ', "-")
        )
    }

    fn json(&self) -> Value {
        let mut json = json!({
            "friendly_name": self.friendly_name,
            "description": format!("{} for tests.", self.friendly_name),
            "image_src": self.icon(),
            "architecture": ["amd64", "arm64"],
            "compatibility": [{
                "version": "1.17.x",
                "image": self.image,
                "uncompressed_size_mb": 5,
            }],
            "sha": "0000000000000000000000000000000000000000",
        });
        for (property, value) in self.properties.as_object().into_iter().flatten() {
            json[property] = value.clone();
        }
        json
    }
}

const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#2a6f77"/></svg>"##;
