use api::InstallRequest;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use model::ListingId;
use serde::Deserialize;

use super::view::{ListingPage, ReviewPage};
use crate::app::App;
use crate::error::AppResult;
use crate::extract::{Form, Id};
use crate::pages::context::return_address;
use crate::pages::request::{Page, see, show};
use crate::services::{installs, listings, registries, space};

pub(crate) async fn show_listing(
    State(app): State<App>,
    page: Page,
    Id(id): Id<ListingId>,
) -> AppResult<Response> {
    let context = page.context(&app);
    let listing = listings::find(&app, id).await?;
    let registry = registries::find(&app, listing.summary.registry.id)
        .await
        .ok();
    let space = space::read(&app).await?;
    show(
        StatusCode::OK,
        &ListingPage::new(&context, &listing, registry.as_ref(), &space),
    )
}

pub(crate) async fn show_review(
    State(app): State<App>,
    page: Page,
    Id(id): Id<ListingId>,
) -> AppResult<Response> {
    let listing = listings::find(&app, id).await?;
    let registry = registries::find(&app, listing.summary.registry.id)
        .await
        .ok();
    show(
        StatusCode::OK,
        &ReviewPage::new(&page.context(&app), &listing, registry.as_ref()),
    )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct InstallForm {
    copy: Option<String>,
    back: String,
}

pub(crate) async fn install(
    State(app): State<App>,
    _: Page,
    Id(id): Id<ListingId>,
    Form(form): Form<InstallForm>,
) -> AppResult<Response> {
    let request = InstallRequest {
        listing: id,
        changes: None,
        agents: None,
        copy: form.copy.is_some(),
    };
    installs::install(&app, request).await?;
    Ok(see(return_address(&form.back)))
}
