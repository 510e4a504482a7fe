use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use model::WorkspaceId;

use super::definition::DefinitionPage;
use super::view::{Forget, Uninstall, WorkspaceFragment, WorkspacesPage, WorkspacesQuery};
use crate::app::App;
use crate::error::AppResult;
use crate::extract::{Form, Id, Query};
use crate::pages::context::return_address;
use crate::pages::registries::handlers::BackForm;
use crate::pages::request::{Page, part, see, show};
use crate::services::{forms, installs, kept, workspaces};

pub(crate) async fn show_all(
    State(app): State<App>,
    page: Page,
    Query(query): Query<WorkspacesQuery>,
) -> AppResult<Response> {
    let context = page.context(&app);
    let workspaces = workspaces::list(&app).await?;
    let kept = kept::list(&app).await?;
    show(
        StatusCode::OK,
        &WorkspacesPage::new(&context, &workspaces, &kept, &query),
    )
}

pub(crate) async fn show_one(
    State(app): State<App>,
    page: Page,
    Id(id): Id<WorkspaceId>,
) -> AppResult<Response> {
    part(fragment(&app, &page, id).await)
}

async fn fragment(app: &App, page: &Page, id: WorkspaceId) -> AppResult<Response> {
    let context = page.context(app);
    let workspace = workspaces::find(app, id).await?;
    show(
        StatusCode::OK,
        &WorkspaceFragment::new(&context, &workspace),
    )
}

pub(crate) async fn show_definition(
    State(app): State<App>,
    page: Page,
    Id(id): Id<WorkspaceId>,
) -> AppResult<Response> {
    let context = page.context(&app);
    let workspace = workspaces::find(&app, id).await?;
    let forms = forms::read(&app, id).await?;
    show(
        StatusCode::OK,
        &DefinitionPage::new(&context, &workspace, &forms),
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

pub(crate) async fn show_forget(
    State(app): State<App>,
    page: Page,
    Id(id): Id<WorkspaceId>,
) -> AppResult<Response> {
    show(
        StatusCode::OK,
        &Forget::new(&page.context(&app), &workspaces::find(&app, id).await?),
    )
}

pub(crate) async fn forget(
    State(app): State<App>,
    _: Page,
    Id(id): Id<WorkspaceId>,
) -> AppResult<Response> {
    installs::forget(&app, id).await?;
    Ok(see("/workspaces"))
}
