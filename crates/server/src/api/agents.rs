use api::{Agent, Paged, Space};
use axum::extract::State;
use model::AgentId;

use crate::app::App;
use crate::auth::{Caller, Scope};
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::paging::PageQuery;
use crate::services::{agents, space};

/// List agents.
#[utoipa::path(get, path = "/api/v1/agents", params(PageQuery), responses((status = 200, body = Paged<Agent>)))]
pub(super) async fn list_agents(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<Paged<Agent>>, AppError> {
    caller.require(Scope::Read)?;
    query.page_of(agents::list(&app).await?).map(axum::Json)
}

/// Find an agent.
#[utoipa::path(
    get,
    path = "/api/v1/agents/{id}",
    params(("id" = AgentId, Path, description = "Agent")),
    responses((status = 200, body = Agent))
)]
pub(super) async fn find_agent(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<AgentId>,
) -> Result<axum::Json<Agent>, AppError> {
    caller.require(Scope::Read)?;
    agents::find(&app, id).await.map(axum::Json)
}

/// Show the space needed and free on all agents.
#[utoipa::path(get, path = "/api/v1/space", responses((status = 200, body = Space)))]
pub(super) async fn show_space(
    State(app): State<App>,
    caller: Caller,
) -> Result<axum::Json<Space>, AppError> {
    caller.require(Scope::Read)?;
    space::read(&app).await.map(axum::Json)
}
