use api::{InstallRequest, Paged, Problem, UpdateWorkspace, Workspace};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use model::WorkspaceId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::registries::location;
use crate::app::App;
use crate::auth::{Caller, Scope};
use crate::error::AppError;
use crate::extract::{Id, Json, Query, entity_tag, if_match};
use crate::paging::PageQuery;
use crate::services::installs::{self, Installed};
use crate::services::workspaces;

/// List what is installed.
#[utoipa::path(get, path = "/api/v1/workspaces", params(PageQuery), responses((status = 200, body = Paged<Workspace>)))]
pub(super) async fn list_workspaces(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<Paged<Workspace>>, AppError> {
    caller.require(Scope::Read)?;
    query.page_of(workspaces::list(&app).await?).map(axum::Json)
}

/// Install a listing on all fitting agents, or on those named.
#[utoipa::path(
    post,
    path = "/api/v1/workspaces",
    request_body = InstallRequest,
    responses(
        (status = 202, body = Workspace, description = "On its way; Location names it"),
        (status = 200, body = Workspace, description = "Installed already"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such listing"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Its registry no longer offers it, or the same Idempotency-Key is being answered right now"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "The changes do not make a workspace, or the Idempotency-Key came with another request before"),
    )
)]
pub(super) async fn create_workspace(
    State(app): State<App>,
    caller: Caller,
    Json(request): Json<InstallRequest>,
) -> Result<Response, AppError> {
    caller.require(Scope::Write)?;
    let (status, id) = match installs::install(&app, request).await? {
        Installed::Begun(id) => (StatusCode::ACCEPTED, id),
        Installed::Already(id) => (StatusCode::OK, id),
    };
    let workspace = workspaces::find(&app, id).await?;
    Ok((
        status,
        location("workspaces", &id.to_string())?,
        tagged(workspace),
    )
        .into_response())
}

/// Find a workspace.
#[utoipa::path(
    get,
    path = "/api/v1/workspaces/{id}",
    params(("id" = WorkspaceId, Path, description = "Workspace")),
    responses((status = 200, body = Workspace))
)]
pub(super) async fn find_workspace(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<WorkspaceId>,
) -> Result<impl IntoResponse, AppError> {
    caller.require(Scope::Read)?;
    workspaces::find(&app, id).await.map(tagged)
}

/// Change the edits of a workspace. With If-Match, only the version that was read.
#[utoipa::path(
    patch,
    path = "/api/v1/workspaces/{id}",
    params(("id" = WorkspaceId, Path, description = "Workspace"), ("If-Match" = Option<String>, Header, description = "ETag that was read")),
    request_body = UpdateWorkspace,
    responses(
        (status = 200, body = Workspace),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "It is being uninstalled"),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "Somebody changed it in the meantime"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "The changes do not make a workspace"),
    )
)]
pub(super) async fn update_workspace(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<WorkspaceId>,
    headers: HeaderMap,
    Json(request): Json<UpdateWorkspace>,
) -> Result<impl IntoResponse, AppError> {
    caller.require(Scope::Write)?;
    installs::update(&app, id, if_match(&headers)?, request).await?;
    workspaces::find(&app, id).await.map(tagged)
}

/// Query of `DELETE /workspaces/{id}`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct DeleteWorkspaceQueryParams {
    /// Do not wait for agents that are offline; each clears its part away at its next contact.
    forget: bool,
}

/// Uninstall a workspace from every agent. It is gone once all have confirmed, or once it is forgotten.
#[utoipa::path(
    delete,
    path = "/api/v1/workspaces/{id}",
    params(("id" = WorkspaceId, Path, description = "Workspace"), DeleteWorkspaceQueryParams),
    responses(
        (status = 202, description = "Being removed; Location names it"),
        (status = 204, description = "Forgotten"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Only what is being removed can be forgotten"),
    )
)]
pub(super) async fn delete_workspace(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<WorkspaceId>,
    Query(query): Query<DeleteWorkspaceQueryParams>,
) -> Result<Response, AppError> {
    caller.require(Scope::Write)?;
    if query.forget {
        installs::forget(&app, id).await?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    installs::uninstall(&app, id).await?;
    Ok((
        StatusCode::ACCEPTED,
        location("workspaces", &id.to_string())?,
    )
        .into_response())
}

/// Try again what failed.
#[utoipa::path(
    post,
    path = "/api/v1/workspaces/{id}/retry",
    params(("id" = WorkspaceId, Path, description = "Workspace")),
    responses((status = 202, description = "Asked for; Location names it"))
)]
pub(super) async fn retry_workspace(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<WorkspaceId>,
) -> Result<Response, AppError> {
    caller.require(Scope::Write)?;
    installs::retry(&app, id).await?;
    Ok((
        StatusCode::ACCEPTED,
        location("workspaces", &id.to_string())?,
    )
        .into_response())
}

fn tagged(workspace: Workspace) -> impl IntoResponse {
    (entity_tag(workspace.version), axum::Json(workspace))
}
