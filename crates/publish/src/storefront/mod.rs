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

use model::definition::Definition;

use crate::listed::Listed;
use crate::{BuildError, Change, Config, Fingerprint, Output, Severities};
pub(crate) use entry::Card;
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
    /// All that goes into every page.
    made_from: Fingerprint,
    history: &'a [Change],
    default_channel: Option<String>,
    severities: Severities,
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
        let all = format!(
            "{site:?}{:?}{:?}",
            config.default_channel, config.severities
        );
        Self {
            site,
            made_from: Fingerprint::of([all.as_bytes()]),
            history,
            default_channel: config.default_channel.clone(),
            severities: config.severities.clone(),
            slugs: Slugs::default(),
            facets: Facets::default(),
            entries: Vec::new(),
        }
    }

    /// Writes the page of a listing; `icon` is the path of its icon, if that was published.
    ///
    /// Without its definition, only says whether that and all that belongs to it is in place.
    pub(crate) fn listing(
        &mut self,
        listed: &mut Listed,
        definition: Option<&Definition>,
        icon: Option<&str>,
        output: &mut Output<'_>,
    ) -> Result<bool, BuildError> {
        let slug = self.slugs.find(&listed.folder);
        let initials = match icon {
            Some(_) => None,
            None => Some(format!("storefront/initials/{slug}.svg")),
        };
        let icon = initials.clone().or_else(|| icon.map(address::encode));
        let icon = icon.unwrap_or_default();
        let made_from = Fingerprint::of([
            self.made_from.0.as_slice(),
            &listed.listing,
            slug.as_bytes(),
            icon.as_bytes(),
        ]);
        let page = address::page_of(&slug);
        let mut card = match definition {
            None => {
                // What is remembered is kept as it was, so that this is not needed there any more.
                let Some(card) = listed.card.take() else {
                    return Ok(false);
                };
                let redirect = card.template_page.as_ref();
                let redirect = redirect.filter(|path| !output.has(path));
                let mut files = initials.iter().chain([&page]).chain(redirect);
                if !files.all(|path| output.holds(path, made_from)) {
                    return Ok(false);
                }
                drop(files);
                card
            }
            Some(definition) => {
                let name = &definition.friendly_name;
                if let Some(path) = &initials {
                    output.make(path, made_from, || ui::initials(name).into_bytes())?;
                }
                let json = String::from_utf8_lossy(&listed.listing);
                let published =
                    ui::Published::new(definition, &json, self.default_channel.as_deref());
                output.make(&page, made_from, || {
                    html(&ListingPage::new(
                        &self.site, definition, &published, &slug, &icon,
                    ))
                })?;
                let card = Card::new(definition, &published);
                if let Some(path) = &card.template_page
                    && !output.has(path)
                {
                    output.make(path, made_from, || {
                        html(&RedirectPage::new(path, &slug, name))
                    })?;
                }
                listed.card = Some(card.clone());
                card
            }
        };
        self.slugs.take(&slug);
        self.facets.add(&card);
        card.entry.folder.clone_from(&listed.folder);
        card.entry.slug = slug;
        card.entry.icon = icon;
        self.entries.push(card.entry);
        Ok(true)
    }

    /// Writes what shows all listings, and what all pages need.
    pub(crate) fn finish(
        self,
        modified_ms: i64,
        output: &mut Output<'_>,
    ) -> Result<(), BuildError> {
        let Self {
            site,
            made_from,
            history,
            facets,
            entries,
            severities,
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
        let shown: Vec<Fingerprint> = entries.iter().map(Entry::fingerprint).collect();
        for (number, listings) in (1..).zip(entries.chunks(CHUNK)) {
            let path = format!("storefront/search-{number}.js");
            let first = (number - 1) * CHUNK;
            let made_from = of_all(made_from, &shown[first..first + listings.len()], "");
            output.make(&path, made_from, || chunk(number, listings))?;
        }
        let around = format!("{facets:?}{modified_ms} {}", entries.len());
        // There is a first page without a listing, too.
        for number in 1..=entries.len().div_ceil(PAGE).max(1) {
            let listings = shown.chunks(PAGE).nth(number - 1).unwrap_or_default();
            let made_from = of_all(made_from, listings, &around);
            output.make(&address::catalogue_page(number), made_from, || {
                html(&CataloguePage::new(
                    &site,
                    &facets,
                    &entries,
                    number,
                    modified_ms,
                ))
            })?;
        }
        output.write("storefront/blank.svg", ui::initials("").as_bytes())?;
        output.write("storefront/new.js", script::new().as_bytes())?;
        output.write(
            new_page::PATH,
            &html(&NewPage::new(&site, &facets, &severities)),
        )?;
        if site.has_feed {
            output.write("feed.xml", &html(&Feed::new(&site, history, &entries)))?;
        }
        let all = of_all(made_from, &shown, "");
        output.make("all.html", all, || html(&AllPage::new(&site, &entries)))?;
        output.write("warnings.html", &html(&WarningsPage::new(&site)))
    }
}

/// What a page of the catalogue is made from: what every page is, listings, and something else.
fn of_all(site: Fingerprint, listings: &[Fingerprint], other: &str) -> Fingerprint {
    let listings: Vec<u8> = listings.iter().flat_map(|listing| listing.0).collect();
    Fingerprint::of([site.0.as_slice(), &listings, other.as_bytes()])
}
