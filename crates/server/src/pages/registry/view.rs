use api::{ListingSummary, ListingsQuery, Paged, Registry, Space};
use askama::Template;
use ui::Tile;

use super::cards::Cards;
use super::results::Results;
use super::space::SpaceWidget;
use crate::pages::context::{Frame, PageContext, Place, Theme};

/// What the start page shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RegistryData<'a> {
    /// All registries, in the order of their cards.
    pub(crate) registries: &'a [Registry],
    /// The listings of this page of the result, with facets.
    pub(crate) listings: &'a Paged<ListingSummary>,
    /// What was asked for.
    pub(crate) query: &'a ListingsQuery,
    /// Space on the agents.
    pub(crate) space: &'a Space,
    /// Address of the first-party registry, where it was removed.
    pub(crate) first_party_gone: Option<&'a str>,
    /// Whether the search index is still being built.
    pub(crate) loading: bool,
}

/// The start page: registries, filters, tiles.
#[derive(Template)]
#[template(path = "registry.html")]
pub(crate) struct RegistryPage<'a> {
    frame: Frame<'a>,
    cards: Cards<'a>,
    space: SpaceWidget<'a>,
    results: Results<'a>,
    first_party_gone: Option<&'a str>,
}

impl<'a> RegistryPage<'a> {
    pub(crate) fn new(page: &'a PageContext<'a>, data: &RegistryData<'a>) -> Self {
        Self {
            frame: Frame::new(page, Place::Registry),
            cards: Cards::new(data.registries, data.query, page.now),
            space: SpaceWidget::new(data.space),
            results: Results::new(data),
            first_party_gone: data.first_party_gone,
        }
    }
}

/// What changes on the start page when a filter does.
#[derive(Template)]
#[template(path = "listings-fragment.html")]
pub(crate) struct ListingsFragment<'a> {
    results: Results<'a>,
}

impl<'a> ListingsFragment<'a> {
    pub(crate) fn new(data: &RegistryData<'a>) -> Self {
        Self {
            results: Results::new(data),
        }
    }
}

/// One tile.
#[derive(Template)]
#[template(path = "tile-fragment.html")]
pub(crate) struct TileFragment<'a> {
    tile: Tile<'a>,
}

impl<'a> TileFragment<'a> {
    pub(crate) fn new(
        listing: &'a ListingSummary,
        contact: Option<&'a str>,
        space: &Space,
    ) -> Self {
        Self {
            tile: Tile::new(listing, contact, space),
        }
    }
}

/// The cards of the registries.
#[derive(Template)]
#[template(path = "registries-fragment.html")]
pub(crate) struct RegistriesFragment<'a> {
    cards: Cards<'a>,
}

impl<'a> RegistriesFragment<'a> {
    pub(crate) fn new(
        page: &'a PageContext<'a>,
        registries: &'a [Registry],
        query: &ListingsQuery,
    ) -> Self {
        Self {
            cards: Cards::new(registries, query, page.now),
        }
    }
}

/// The size widget.
#[derive(Template)]
#[template(path = "space-fragment.html")]
pub(crate) struct SpaceFragment<'a> {
    space: SpaceWidget<'a>,
}

impl<'a> SpaceFragment<'a> {
    pub(crate) const fn new(space: &'a Space) -> Self {
        Self {
            space: SpaceWidget::new(space),
        }
    }
}
