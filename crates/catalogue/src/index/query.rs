//! What is asked of the index and what it answers.

use model::definition::{WantedChannel, WantedVersion};
use model::{ListingId, RegistryId};

/// What is asked of the index. [`Query::default`] asks for the first page of everything.
#[derive(Debug, Clone)]
pub struct Query<'a> {
    /// Words that must all be found; empty for no search.
    pub search: &'a str,
    /// A category, in any spelling.
    pub category: Option<&'a str>,
    /// A registry.
    pub registry: Option<RegistryId>,
    /// An architecture, in any spelling.
    pub architecture: Option<&'a str>,
    /// Listings without an entry for it do not fit.
    pub version: WantedVersion,
    /// Listings that are not in it do not fit.
    pub channel: WantedChannel,
    /// Listings that name none of these architectures do not fit; empty for no limit.
    pub agent_architectures: &'a [String],
    /// Whether listings that do not fit are shown all the same.
    pub show_unfit: bool,
    /// Only what is installed, or only what is not.
    pub installed: InstalledFilter<'a>,
    /// Only what is flagged for review, or only what is not.
    pub flagged: Option<bool>,
    /// The order; by relevance with a search and by name without unless told.
    pub sort: Option<Sort>,
    /// The page, from 1.
    pub page: u32,
    /// Listings a page, 1 to 200.
    pub per_page: u32,
    /// Milliseconds since 1970: what is new and what changed depends on it.
    pub now_ms: i64,
}

impl Default for Query<'_> {
    fn default() -> Self {
        Self {
            search: "",
            category: None,
            registry: None,
            architecture: None,
            version: WantedVersion::Any,
            channel: WantedChannel::Default,
            agent_architectures: &[],
            show_unfit: false,
            installed: InstalledFilter::Any,
            flagged: None,
            sort: None,
            page: 1,
            per_page: 60,
            now_ms: 0,
        }
    }
}

/// Whether it matters what is installed.
#[derive(Debug, Clone, Copy, Default)]
pub enum InstalledFilter<'a> {
    /// It does not.
    #[default]
    Any,
    /// Only these, withdrawn ones too: they are installed still.
    Only(&'a [ListingId]),
    /// All but these.
    Without(&'a [ListingId]),
}

/// Order of listings; equal ones are ordered by name, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// By friendly name.
    Name,
    /// By the registry's name.
    Registry,
    /// First seen last.
    Newest,
    /// Last changed first.
    Changed,
    /// Smallest first; unknown sizes last.
    Size,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The listings of this page, in order.
    pub hits: Vec<Hit>,
    /// Listings found on all pages.
    pub total: usize,
    /// Listings on offer, whatever is asked.
    pub total_without_filters: usize,
    /// The page, from 1.
    pub page: u32,
    /// Listings a page.
    pub per_page: u32,
    /// How many listings each other choice would show.
    pub facets: Facets,
}

impl Page {
    /// The identifiers of this page, in order.
    pub fn ids(&self) -> impl Iterator<Item = ListingId> {
        self.hits.iter().map(|hit| hit.id)
    }
}

/// A listing that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The listing.
    pub id: ListingId,
    /// First seen within two weeks, in a registry that had been read before.
    pub is_new: bool,
    /// Its definition changed within two weeks.
    pub is_changed: bool,
    /// Its registry no longer offers it.
    pub withdrawn: bool,
    /// Why it does not fit.
    pub unfit: Option<Unfit>,
}

/// Why a listing does not fit: the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unfit {
    /// No entry for the version asked for.
    Version,
    /// Not in the channel asked for.
    Channel,
    /// It names none of the agents' architectures.
    Architecture,
}

impl Unfit {
    /// Every reason, in the order they are looked at.
    pub const ALL: [Self; 3] = [Self::Version, Self::Channel, Self::Architecture];
}

/// How many listings each choice of a filter would show, all other filters as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// By category, most first, at most [`Facets::MOST`].
    pub category: Vec<LabelCount>,
    /// By registry, in the order of their names.
    pub registry: Vec<RegistryCount>,
    /// By architecture, most first, at most [`Facets::MOST`].
    pub architecture: Vec<LabelCount>,
    /// Flagged for review.
    pub flagged: usize,
    /// Not flagged for review.
    pub unflagged: usize,
    /// What does not fit, by reason; reasons without a listing are left out.
    pub unfit: Vec<(Unfit, usize)>,
}

impl Facets {
    /// Most values of one facet; a registry may invent as many categories as it likes.
    pub const MOST: usize = 200;
}

/// How many listings have a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelCount {
    /// The label in its most frequent spelling.
    pub label: String,
    /// How many.
    pub count: usize,
}

/// How many listings a registry has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryCount {
    /// The registry.
    pub id: RegistryId,
    /// Its name.
    pub name: String,
    /// How many.
    pub count: usize,
}
