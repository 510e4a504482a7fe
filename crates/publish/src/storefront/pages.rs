use std::collections::BTreeMap;

use askama::Template;
use model::definition::Definition;
use review::FindingId;
use time::OffsetDateTime;
use ui::{Facts, FindingsPanel, JsonPanel, Published, ShopTile, VersionsPanel};

use super::entry::Entry;
use super::frame::{Frame, Markup, Place};
use super::search::CHUNK;
use super::site::{Facets, Site};
use super::{PAGE, address};

/// The page that explains warnings, from a page in a folder.
const WARNINGS: &str = "../warnings.html";

/// Tiles, two hundred a page.
#[derive(Template)]
#[template(path = "catalogue.html")]
pub(super) struct CataloguePage<'a> {
    frame: Frame<'a>,
    facets: &'a Facets,
    entries: &'a [Entry],
    /// The place of the first tile in the whole.
    first: usize,
    chunks: usize,
    previous: Option<String>,
    next: Option<String>,
    published: String,
}

impl<'a> CataloguePage<'a> {
    pub(super) fn new(
        site: &'a Site,
        facets: &'a Facets,
        entries: &'a [Entry],
        number: usize,
        modified_ms: i64,
    ) -> Self {
        let first = (number - 1) * PAGE;
        let end = entries.len().min(first + PAGE);
        let path = address::catalogue_page(number);
        let mut frame = Frame::new(site, path, None, &site.description);
        frame.place = Place::Library;
        let modified = OffsetDateTime::from_unix_timestamp(modified_ms.div_euclid(1000));
        Self {
            frame,
            facets,
            entries: &entries[first..end],
            first,
            chunks: entries.len().div_ceil(CHUNK),
            previous: (number > 1).then(|| address::catalogue_page(number - 1)),
            next: (end < entries.len()).then(|| address::catalogue_page(number + 1)),
            published: modified.map_or_else(|_| String::new(), ui::date),
        }
    }

    fn tile(entry: &Entry) -> Markup {
        let size = entry.size.map(ui::megabytes);
        Markup::of(&ShopTile {
            page: &entry.page(),
            icon: &entry.icon,
            name: &entry.name,
            description: &entry.teaser(),
            kind: &entry.kind(),
            size: size.as_deref(),
            flags: entry.flags as u64,
        })
    }

    /// What tiles are drawn after that are not on the page.
    fn blank() -> Markup {
        Markup::of(&ShopTile {
            page: "",
            icon: "data:,",
            name: "",
            description: "",
            kind: "",
            size: None,
            flags: 1,
        })
    }
}

/// One listing.
#[derive(Template)]
#[template(path = "listing.html")]
pub(super) struct ListingPage<'a> {
    frame: Frame<'a>,
    definition: &'a Definition,
    listing: &'a Published<'a>,
    name: &'a str,
    icon: &'a str,
    findings: FindingsPanel<'a>,
    versions: VersionsPanel<'a>,
    json: JsonPanel<'a>,
    facts: Facts,
    /// Address of the form, filled in with this listing, from the root of the storefront.
    form: String,
}

impl<'a> ListingPage<'a> {
    pub(super) fn new(
        site: &'a Site,
        definition: &'a Definition,
        listing: &'a Published<'a>,
        slug: &str,
        icon: &'a str,
    ) -> Self {
        let name = &definition.friendly_name;
        let description = definition.description.as_deref().unwrap_or_default();
        let mut frame = Frame::new(site, address::page_of(slug), Some(name), description);
        frame.picture = icon;
        Self {
            definition,
            listing,
            name,
            icon,
            findings: listing.findings_panel("findings", site.contact.as_deref(), WARNINGS),
            versions: listing.versions_panel(),
            json: listing.json_panel(),
            facts: listing.facts(),
            form: address::form_from(slug),
            frame,
        }
    }
}

/// All listings by category, for browsers without script and for crawlers.
#[derive(Template)]
#[template(path = "all.html")]
pub(super) struct AllPage<'a> {
    frame: Frame<'a>,
    total: u64,
    sections: Vec<Section<'a>>,
}

struct Section<'a> {
    number: usize,
    name: &'a str,
    entries: Vec<&'a Entry>,
}

impl Section<'_> {
    fn id(&self) -> String {
        format!("category-{}", self.number)
    }
}

impl<'a> AllPage<'a> {
    pub(super) fn new(site: &'a Site, entries: &'a [Entry]) -> Self {
        let mut by_category: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            let category = entry.categories.first().map_or("", String::as_str);
            by_category.entry(category).or_default().push(entry);
        }
        let mut sections: Vec<_> = by_category.into_iter().collect();
        // Those without a category come last.
        sections.sort_by(|(left, _), (right, _)| {
            left.is_empty()
                .cmp(&right.is_empty())
                .then_with(|| model::compare_names(left, right))
        });
        let section = |(number, (name, entries)): (usize, (&'a str, Vec<&'a Entry>))| Section {
            number,
            name: if name.is_empty() { "Other" } else { name },
            entries,
        };
        Self {
            frame: Frame::new(
                site,
                "all.html".to_owned(),
                Some("All workspaces"),
                &site.description,
            ),
            total: entries.len() as u64,
            sections: (1..).zip(sections).map(section).collect(),
        }
    }
}

/// What the identifiers of warnings mean.
#[derive(Template)]
#[template(path = "warnings.html")]
pub(super) struct WarningsPage<'a> {
    frame: Frame<'a>,
    ids: &'static [FindingId],
}

impl<'a> WarningsPage<'a> {
    pub(super) fn new(site: &'a Site) -> Self {
        let description = "What the warnings of workspaces mean";
        Self {
            frame: Frame::new(
                site,
                "warnings.html".to_owned(),
                Some("Warnings"),
                description,
            ),
            ids: &FindingId::ALL,
        }
    }
}

/// At an address where the template had its form filled in with a listing, what leads to ours.
#[derive(Template)]
#[template(path = "redirect.html")]
pub(super) struct RedirectPage<'a> {
    target: String,
    name: &'a str,
}

impl<'a> RedirectPage<'a> {
    /// For the page at `path`.
    pub(super) fn new(path: &str, slug: &str, name: &'a str) -> Self {
        let back = "../".repeat(path.matches('/').count());
        Self {
            target: format!("{back}{}", address::form_from(slug)),
            name,
        }
    }
}
