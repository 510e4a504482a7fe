//! `/api/agent/v1`: what agents ask and tell. Only for tokens of scope `agent`.

use std::time::Duration;

use api::agent::{Observed, Progress};
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use store::AgentRow;

use crate::app::App;
use crate::auth::{Caller, Scope};
use crate::error::AppError;
use crate::extract::{Json, Query, entity_number};
use crate::services::agents;

const LONGEST_WAIT: u64 = 25;

/// The routes that end soon, and the long poll, which timeouts must not touch.
pub(crate) fn routers() -> (Router<App>, Router<App>) {
    let quick = Router::new()
        .route("/api/agent/v1/observed", put(observed))
        .route("/api/agent/v1/progress", post(progress));
    (
        quick,
        Router::new().route("/api/agent/v1/desired", get(desired)),
    )
}

async fn agent(app: &App, caller: &Caller) -> Result<AgentRow, AppError> {
    caller.require(Scope::Agent)?;
    let token = caller
        .token()
        .ok_or_else(|| AppError::scope_missing(Scope::Agent.as_str()))?;
    agents::by_token(app, token).await
}

#[derive(Debug, Default, Deserialize)]
struct Wait {
    wait: Option<u64>,
}

async fn desired(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Query(query): Query<Wait>,
) -> Result<Response, AppError> {
    let agent = agent(&app, &caller).await?;
    let wait = Duration::from_secs(query.wait.unwrap_or(0).min(LONGEST_WAIT));
    let known = entity_number(&headers, header::IF_NONE_MATCH);
    let Some(desired) = agents::desired(&app, agent.id, known, wait).await? else {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    };
    let tag =
        HeaderValue::try_from(format!("\"{}\"", desired.generation)).map_err(AppError::internal)?;
    Ok(([(header::ETAG, tag)], axum::Json(desired)).into_response())
}

async fn observed(
    State(app): State<App>,
    caller: Caller,
    Json(report): Json<Observed>,
) -> Result<StatusCode, AppError> {
    let agent = agent(&app, &caller).await?;
    agents::observe(&app, &agent, report).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn progress(
    State(app): State<App>,
    caller: Caller,
    Json(report): Json<Progress>,
) -> Result<StatusCode, AppError> {
    let agent = agent(&app, &caller).await?;
    agents::progress(&app, &agent, report).await?;
    Ok(StatusCode::NO_CONTENT)
}
