//! The pages that visitors of a published registry see: a catalogue, a page for each listing, and a form for new ones.
//!
//! Everything is written as it is met; of a listing that was written, what the pages of the catalogue show is kept.

mod address;
mod entry;
mod feed;
mod frame;
mod new_page;
mod pages;
mod script;
mod search;
mod site;
mod slug;
mod style;

use crate::workspace::Workspace;
use crate::{BuildError, Change, Config, Output};
use entry::Entry;
use feed::Feed;
use frame::html;
use new_page::NewPage;
use pages::{AllPage, CataloguePage, ListingPage, RedirectPage, WarningsPage};
use search::{CHUNK, chunk};
use site::{Facets, Site};
use slug::Slugs;

/// Tiles on one page of the catalogue.
const PAGE: usize = 200;

/// Writes the storefront of one build.
pub(crate) struct Storefront<'a> {
    site: Site,
    history: &'a [Change],
    default_channel: Option<String>,
    slugs: Slugs,
    facets: Facets,
    entries: Vec<Entry>,
}

impl<'a> Storefront<'a> {
    /// Begins with what the registry says of itself; `logo` is the path of its picture, if that was published, and
    /// `history` what is known of its changes, the newest first.
    pub(crate) fn new(config: &Config, logo: Option<String>, history: &'a [Change]) -> Self {
        let mut site = Site::new(config, logo);
        site.has_feed = !history.is_empty();
        Self {
            site,
            history,
            default_channel: config.default_channel.clone(),
            slugs: Slugs::default(),
            facets: Facets::default(),
            entries: Vec::new(),
        }
    }

    /// Writes the page of a listing; `icon` is the path of its icon, if that was published.
    pub(crate) fn listing(
        &mut self,
        workspace: &Workspace,
        icon: Option<&str>,
        output: &mut Output<'_>,
    ) -> Result<(), BuildError> {
        let definition = &workspace.definition;
        let slug = self.slugs.assign(&workspace.folder);
        let icon = if let Some(path) = icon {
            address::encode(path)
        } else {
            let path = format!("storefront/initials/{slug}.svg");
            let drawing = ui::initials(&definition.friendly_name);
            output.write(&path, drawing.as_bytes())?;
            path
        };
        let json = String::from_utf8_lossy(&workspace.listing);
        let published = ui::Published::new(definition, &json, self.default_channel.as_deref());
        let page = ListingPage::new(&self.site, definition, &published, &slug, &icon);
        output.write(&address::page_of(&slug), &html(&page))?;
        if let Some(path) = address::template_page(definition)
            && !output.has(&path)
        {
            let page = RedirectPage::new(&path, &slug, &definition.friendly_name);
            output.write(&path, &html(&page))?;
        }
        self.facets.add(definition);
        self.entries.push(Entry::new(
            workspace.folder.clone(),
            slug,
            icon,
            definition,
            &published,
        ));
        Ok(())
    }

    /// Writes what shows all listings, and what all pages need.
    pub(crate) fn finish(
        self,
        modified_ms: i64,
        output: &mut Output<'_>,
    ) -> Result<(), BuildError> {
        let Self {
            site,
            history,
            facets,
            entries,
            ..
        } = self;
        output.write(
            "storefront/catalogue.css",
            style::catalogue(site.accent).as_bytes(),
        )?;
        output.write("storefront/pages.css", style::pages(site.accent).as_bytes())?;
        output.write("storefront/chevron.svg", style::chevron())?;
        output.write("storefront/storefront.js", script::storefront().as_bytes())?;
        if !site.has_logo {
            output.write(&site.logo, ui::initials(&site.name).as_bytes())?;
        }
        for (number, listings) in (1..).zip(entries.chunks(CHUNK)) {
            let path = format!("storefront/search-{number}.js");
            output.write(&path, &chunk(number, listings))?;
        }
        // There is a first page without a listing, too.
        for number in 1..=entries.len().div_ceil(PAGE).max(1) {
            let page = CataloguePage::new(&site, &facets, &entries, number, modified_ms);
            output.write(&address::catalogue_page(number), &html(&page))?;
        }
        output.write("storefront/blank.svg", ui::initials("").as_bytes())?;
        output.write("storefront/new.js", script::new().as_bytes())?;
        output.write(new_page::PATH, &html(&NewPage::new(&site, &facets)))?;
        if site.has_feed {
            output.write("feed.xml", &html(&Feed::new(&site, history, &entries)))?;
        }
        output.write("all.html", &html(&AllPage::new(&site, &entries)))?;
        output.write("warnings.html", &html(&WarningsPage::new(&site)))
    }
}
