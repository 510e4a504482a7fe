use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use model::WorkspaceId;

use super::view::{Uninstall, WorkspaceFragment, WorkspacesPage, WorkspacesQuery};
use crate::app::App;
use crate::error::AppResult;
use crate::extract::{Form, Id, Query};
use crate::pages::context::return_address;
use crate::pages::registries::handlers::BackForm;
use crate::pages::request::{Page, see, show};
use crate::services::{installs, workspaces};

pub(crate) async fn show_all(
    State(app): State<App>,
    page: Page,
    Query(query): Query<WorkspacesQuery>,
) -> AppResult<Response> {
    let context = page.context(&app);
    show(
        StatusCode::OK,
        &WorkspacesPage::new(&context, &workspaces::list(&app).await?, &query),
    )
}

pub(crate) async fn show_one(
    State(app): State<App>,
    page: Page,
    Id(id): Id<WorkspaceId>,
) -> AppResult<Response> {
    let context = page.context(&app);
    show(
        StatusCode::OK,
        &WorkspaceFragment::new(&context, &workspaces::find(&app, id).await?),
    )
}

pub(crate) async fn retry(
    State(app): State<App>,
    _: Page,
    Id(id): Id<WorkspaceId>,
    Form(form): Form<BackForm>,
) -> AppResult<Response> {
    installs::retry(&app, id).await?;
    Ok(see(return_address(form.back())))
}

pub(crate) async fn show_uninstall(
    State(app): State<App>,
    page: Page,
    Id(id): Id<WorkspaceId>,
) -> AppResult<Response> {
    show(
        StatusCode::OK,
        &Uninstall::new(&page.context(&app), &workspaces::find(&app, id).await?),
    )
}

pub(crate) async fn uninstall(
    State(app): State<App>,
    _: Page,
    Id(id): Id<WorkspaceId>,
) -> AppResult<Response> {
    installs::uninstall(&app, id).await?;
    Ok(see("/workspaces"))
}
