//! `/api/agent/v1`: what agents ask and tell. Only for tokens of scope `agent`.

use std::time::Duration;

use api::agent::{INSTANCE_HEADER, Observed, Progress};
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

/// Longest instance that is taken from an agent.
const LONGEST_INSTANCE: usize = 64;

async fn agent(app: &App, caller: &Caller, headers: &HeaderMap) -> Result<AgentRow, AppError> {
    caller.require(Scope::Agent)?;
    let token = caller
        .token()
        .ok_or_else(|| AppError::scope_missing(Scope::Agent.as_str()))?;
    agents::by_token(app, token, instance(headers)?).await
}

/// Which program with that token asks; one that does not say is taken at its token's word.
fn instance(headers: &HeaderMap) -> Result<Option<&str>, AppError> {
    let Some(value) = headers.get(INSTANCE_HEADER) else {
        return Ok(None);
    };
    let text = value.to_str().ok().filter(|text| {
        text.len() <= LONGEST_INSTANCE && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    text.map(Some).ok_or_else(|| {
        AppError::bad_request("An agent's instance is made of at most 64 letters and digits.")
    })
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
    let agent = agent(&app, &caller, &headers).await?;
    let wait = Duration::from_secs(query.wait.unwrap_or(0).min(LONGEST_WAIT));
    let known = entity_number(&headers, header::IF_NONE_MATCH);
    let Some(desired) = agents::desired(&app, &agent, known, wait).await? else {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    };
    let tag =
        HeaderValue::try_from(format!("\"{}\"", desired.generation)).map_err(AppError::internal)?;
    Ok(([(header::ETAG, tag)], axum::Json(desired)).into_response())
}

async fn observed(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Json(report): Json<Observed>,
) -> Result<StatusCode, AppError> {
    let agent = agent(&app, &caller, &headers).await?;
    agents::observe(&app, &agent, report).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn progress(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Json(report): Json<Progress>,
) -> Result<StatusCode, AppError> {
    let agent = agent(&app, &caller, &headers).await?;
    agents::progress(&app, &agent, report).await?;
    Ok(StatusCode::NO_CONTENT)
}
