use api::{ListingDetail, ListingSummary, ListingsQuery, Paged};
use axum::extract::State;
use model::ListingId;

use crate::app::App;
use crate::auth::{Caller, Scope};
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::services::listings;

/// Search listings of all registries.
#[utoipa::path(get, path = "/api/v1/listings", params(ListingsQuery), responses((status = 200, body = Paged<ListingSummary>)))]
pub(super) async fn list_listings(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<ListingsQuery>,
) -> Result<axum::Json<Paged<ListingSummary>>, AppError> {
    caller.require(Scope::Read)?;
    listings::list(&app, &query).await.map(axum::Json)
}

/// Find a listing, with its JSON as published.
#[utoipa::path(
    get,
    path = "/api/v1/listings/{id}",
    params(("id" = ListingId, Path, description = "Listing")),
    responses((status = 200, body = ListingDetail))
)]
pub(super) async fn find_listing(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<ListingId>,
) -> Result<axum::Json<ListingDetail>, AppError> {
    caller.require(Scope::Read)?;
    listings::find(&app, id).await.map(axum::Json)
}
