use api::{Compatibility, Finding, ListingDetail};
use askama::Template;
use askama::filters::HtmlSafe;

use crate::{JsonView, followable};

/// "What it may do": every finding in words, with the property and the identifier.
#[derive(Debug, Clone, Template)]
#[template(path = "findings-panel.html")]
pub struct FindingsPanel<'a> {
    id: &'static str,
    findings: &'a [Finding],
    contact: Option<&'a str>,
}

impl<'a> FindingsPanel<'a> {
    /// Shows `findings` in an element with this `id`, and where to ask the publisher about them.
    pub fn new(id: &'static str, findings: &'a [Finding], contact: Option<&'a str>) -> Self {
        Self {
            id,
            findings,
            contact: contact.and_then(followable),
        }
    }
}

impl HtmlSafe for FindingsPanel<'_> {}

/// Versions and channels, with the one that an install would use marked.
#[derive(Debug, Clone, Template)]
#[template(path = "versions-panel.html")]
pub struct VersionsPanel<'a> {
    compatibility: &'a [Compatibility],
    chosen: Option<&'a str>,
    image: Option<&'a str>,
}

impl<'a> VersionsPanel<'a> {
    /// Shows what `listing` names.
    pub fn new(listing: &'a ListingDetail) -> Self {
        Self {
            compatibility: &listing.compatibility,
            chosen: listing.summary.version.as_deref(),
            image: listing.summary.image.as_deref(),
        }
    }

    fn is_chosen(&self, entry: &Compatibility) -> bool {
        self.chosen == Some(entry.version.as_str())
    }
}

impl HtmlSafe for VersionsPanel<'_> {}

/// The JSON as published, laid out for reading.
#[derive(Debug, Clone, Template)]
#[template(path = "json-panel.html")]
pub struct JsonPanel<'a> {
    name: &'a str,
    json: JsonView<'a>,
    has_marks: bool,
}

impl<'a> JsonPanel<'a> {
    /// Shows the JSON of `listing`.
    pub fn new(listing: &'a ListingDetail) -> Self {
        let findings = &listing.summary.findings;
        Self {
            name: &listing.summary.friendly_name,
            json: JsonView::new(listing.json.get(), findings),
            has_marks: !findings.is_empty(),
        }
    }
}

impl HtmlSafe for JsonPanel<'_> {}

/// What a listing says of itself, as terms and values.
#[derive(Debug, Clone, Template)]
#[template(path = "facts-panel.html")]
pub struct Facts<'a> {
    listing: &'a ListingDetail,
}

impl<'a> Facts<'a> {
    /// Shows the facts of `listing`.
    pub const fn new(listing: &'a ListingDetail) -> Self {
        Self { listing }
    }
}

impl HtmlSafe for Facts<'_> {}
