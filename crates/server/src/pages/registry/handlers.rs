use api::{ListingsQuery, Paged, Registry, Space};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use model::ListingId;

use super::view::{
    ListingsFragment, RegistriesFragment, RegistryData, RegistryPage, SpaceFragment, TileFragment,
};
use crate::app::App;
use crate::error::AppResult;
use crate::extract::{Id, Query};
use crate::pages::request::{Page, part, show};
use crate::services::{listings, refresh, registries, space};

/// What the registry page shows, read at once.
struct Data {
    registries: Vec<Registry>,
    listings: Paged<api::ListingSummary>,
    space: Space,
    first_party_gone: Option<String>,
    loading: bool,
}

impl Data {
    async fn read(app: &App, query: &ListingsQuery) -> AppResult<Self> {
        // Asked first: the catalogue may be there by the time the listings are looked for, never the other way round.
        let loading = app.catalogue.snapshot().index.is_none();
        let registries = registries::list(app).await?;
        let listings = listings::list(app, query).await?;
        Ok(Self {
            first_party_gone: registries::first_party_gone(app, &registries),
            registries,
            loading: loading && listings.items.is_empty(),
            listings,
            space: space::read(app).await?,
        })
    }

    fn view<'a>(&'a self, query: &'a ListingsQuery) -> RegistryData<'a> {
        RegistryData {
            registries: &self.registries,
            listings: &self.listings,
            query,
            space: &self.space,
            first_party_gone: self.first_party_gone.as_deref(),
            loading: self.loading,
        }
    }
}

pub(crate) async fn show_page(
    State(app): State<App>,
    page: Page,
    Query(query): Query<ListingsQuery>,
) -> AppResult<Response> {
    let context = page.context(&app);
    let data = Data::read(&app, &query).await?;
    // The page shows what there is and takes in what changes.
    refresh::follow_opening(&app, &data.registries);
    show(
        StatusCode::OK,
        &RegistryPage::new(&context, &data.view(&query)),
    )
}

pub(crate) async fn show_listings(
    State(app): State<App>,
    _: Page,
    Query(query): Query<ListingsQuery>,
) -> AppResult<Response> {
    let data = Data::read(&app, &query).await?;
    show(StatusCode::OK, &ListingsFragment::new(&data.view(&query)))
}

pub(crate) async fn show_registries(
    State(app): State<App>,
    page: Page,
    Query(query): Query<ListingsQuery>,
) -> AppResult<Response> {
    let context = page.context(&app);
    show(
        StatusCode::OK,
        &RegistriesFragment::new(&context, &registries::list(&app).await?, &query),
    )
}

pub(crate) async fn show_space(State(app): State<App>, _: Page) -> AppResult<Response> {
    show(
        StatusCode::OK,
        &SpaceFragment::new(&space::read(&app).await?),
    )
}

pub(crate) async fn show_tile(
    State(app): State<App>,
    _: Page,
    Id(id): Id<ListingId>,
) -> AppResult<Response> {
    part(tile(&app, id).await)
}

async fn tile(app: &App, id: ListingId) -> AppResult<Response> {
    let listing = listings::find_summary(app, id).await?;
    let contact = contact(app, &listing).await?;
    let space = space::read(app).await?;
    show(
        StatusCode::OK,
        &TileFragment::new(&listing, contact.as_deref(), &space),
    )
}

async fn contact(app: &App, listing: &api::ListingSummary) -> AppResult<Option<String>> {
    Ok(registries::find(app, listing.registry.id)
        .await?
        .contact_url)
}
