use api::{Compatibility, Finding, ListingDetail};
use askama::Template;
use askama::filters::HtmlSafe;
use model::definition::{Choice, Definition};

use crate::{HELP, JsonView, followable, megabytes};

/// "What it may do": every finding in words, with the property and the identifier.
#[derive(Debug, Clone, Template)]
#[template(path = "findings-panel.html")]
pub struct FindingsPanel<'a> {
    id: &'static str,
    findings: &'a [Finding],
    contact: Option<&'a str>,
    help: &'a str,
    is_partial: bool,
}

impl<'a> FindingsPanel<'a> {
    /// Shows `findings` in an element with this `id`, and where to ask the publisher about them.
    pub fn new(id: &'static str, findings: &'a [Finding], contact: Option<&'a str>) -> Self {
        Self {
            id,
            findings,
            contact: contact.and_then(followable),
            help: HELP,
            is_partial: false,
        }
    }

    /// Says whether fields that count here could not be read, so that nobody takes silence for safety.
    #[must_use]
    pub const fn partial(mut self, is_partial: bool) -> Self {
        self.is_partial = is_partial;
        self
    }

    /// Explains the identifiers at another address than the server's own page.
    #[must_use]
    pub const fn with_help(mut self, help: &'a str) -> Self {
        self.help = help;
        self
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
        let summary = &listing.summary;
        Self::of(
            &listing.compatibility,
            summary.version.as_deref(),
            summary.image.as_deref(),
        )
    }

    /// Shows entries, with the version marked that is chosen; `image` is the one of a listing without entries.
    pub const fn of(
        compatibility: &'a [Compatibility],
        chosen: Option<&'a str>,
        image: Option<&'a str>,
    ) -> Self {
        Self {
            compatibility,
            chosen,
            image,
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
        let summary = &listing.summary;
        Self::of(
            &summary.friendly_name,
            listing.json.get(),
            &summary.findings,
        )
    }

    /// Shows the JSON text of what has this name, with marks where findings speak of it.
    pub const fn of(name: &'a str, json: &'a str, findings: &'a [Finding]) -> Self {
        Self {
            name,
            json: JsonView::new(json, findings),
            has_marks: !findings.is_empty(),
        }
    }
}

impl HtmlSafe for JsonPanel<'_> {}

/// What a listing says of itself, as terms and values.
#[derive(Debug, Clone, Template)]
#[template(path = "facts-panel.html")]
pub struct Facts {
    rows: Vec<Fact>,
}

#[derive(Debug, Clone)]
struct Fact {
    term: &'static str,
    value: String,
    is_code: bool,
}

impl Facts {
    /// Shows the facts of `listing`.
    pub fn new(listing: &ListingDetail) -> Self {
        let summary = &listing.summary;
        let mut facts = Self { rows: Vec::new() };
        facts.add_code("Image", summary.image.as_deref());
        facts.add("Version", summary.version.as_deref());
        facts.add("Channel", summary.channel.as_deref());
        facts.add_size(summary.uncompressed_size_mb);
        facts.add("Cores", listing.cores.as_deref());
        facts.add_memory(listing.memory_mb);
        facts.add("Docker Registry", listing.docker_registry.as_deref());
        facts.add("First seen", Some(&crate::date(summary.first_seen_at)));
        if summary.changed_at != summary.first_seen_at {
            facts.add("Changed", Some(&crate::date(summary.changed_at)));
        }
        facts.add_code("Folder hash", listing.sha.as_deref());
        facts
    }

    /// Shows what a definition says, for the version and channel that are chosen.
    pub(crate) fn of_definition(definition: &Definition, choice: &Choice) -> Self {
        let mut facts = Self { rows: Vec::new() };
        facts.add_code("Image", choice.image.as_deref());
        facts.add("Version", choice.version.as_deref());
        facts.add("Channel", choice.channel.as_deref());
        facts.add_size(choice.uncompressed_size_mb);
        let cores = definition.cores.map(|cores| cores.to_string());
        facts.add("Cores", cores.as_deref());
        facts.add_memory(definition.memory_mb);
        let gpus = definition.gpu_count.map(|count| count.to_string());
        facts.add("GPUs", gpus.as_deref());
        facts.add(
            "CPU Allocation Method",
            definition.cpu_allocation_method.as_deref(),
        );
        facts.add("Docker Registry", definition.docker_registry.as_deref());
        facts.add_code("Folder hash", definition.sha.as_deref());
        facts
    }

    fn add(&mut self, term: &'static str, value: Option<&str>) {
        self.rows.extend(value.map(|value| Fact {
            term,
            value: value.to_owned(),
            is_code: false,
        }));
    }

    fn add_code(&mut self, term: &'static str, value: Option<&str>) {
        self.rows.extend(value.map(|value| Fact {
            term,
            value: value.to_owned(),
            is_code: true,
        }));
    }

    fn add_size(&mut self, size: Option<u64>) {
        let size = size.map_or_else(
            || "not published".to_owned(),
            |size| format!("{} uncompressed", megabytes(size)),
        );
        self.add("Size", Some(&size));
    }

    fn add_memory(&mut self, memory: Option<u64>) {
        let memory = memory.map(|memory| format!("{memory} MB"));
        self.add("Memory", memory.as_deref());
    }
}

impl HtmlSafe for Facts {}
