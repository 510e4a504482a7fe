use std::time::Duration;

use api::{CreateRegistry, InspectRegistry, Paged, Problem, Registry, StepReport, UpdateRegistry};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use model::RegistryId;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::auth::{Caller, Scope};
use crate::error::AppError;
use crate::extract::{Id, Json, Query, entity_tag, if_match};
use crate::paging::PageQuery;
use crate::services::registries;

/// List registries.
#[utoipa::path(get, path = "/api/v1/registries", params(PageQuery), responses((status = 200, body = Paged<Registry>)))]
pub(super) async fn list_registries(
    app: axum::extract::State<App>,
    caller: Caller,
    Query(query): Query<PageQuery>,
) -> Result<axum::Json<Paged<Registry>>, AppError> {
    caller.require(Scope::Read)?;
    query.page_of(registries::list(&app).await?).map(axum::Json)
}

/// Add a registry by its address. It is stored once its list was read.
#[utoipa::path(
    post,
    path = "/api/v1/registries",
    request_body = CreateRegistry,
    responses(
        (status = 201, body = Registry, description = "Its list was read; Location names it"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "It is here already, there are as many as there may be, or the same Idempotency-Key is being answered right now"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "A step failed and nothing was stored, a field is wrong, or the Idempotency-Key came with another request before"),
    )
)]
pub(super) async fn create_registry(
    app: axum::extract::State<App>,
    caller: Caller,
    Json(request): Json<CreateRegistry>,
) -> Result<Response, AppError> {
    caller.require(Scope::Write)?;
    let registry = registries::create(&app, request).await?;
    Ok((
        StatusCode::CREATED,
        location("registries", &registry.id.to_string())?,
        tagged(registry),
    )
        .into_response())
}

/// Look at a registry without storing anything: one line of JSON a step, as they happen.
#[utoipa::path(
    post,
    path = "/api/v1/registries/inspect",
    request_body = InspectRegistry,
    responses((status = 200, body = StepReport, content_type = "application/x-ndjson"))
)]
pub(super) async fn inspect_registry(
    app: axum::extract::State<App>,
    caller: Caller,
    Json(request): Json<InspectRegistry>,
) -> Result<Response, AppError> {
    caller.require(Scope::Write)?;
    let (sender, receiver) = tokio::sync::mpsc::channel::<StepReport>(16);
    let gone = CancellationToken::new();
    let guard = gone.clone().drop_guard();
    tokio::spawn(async move {
        // A browser that left wants no more steps.
        tokio::select! {
            () = registries::inspect(&app, request, sender) => {}
            () = gone.cancelled() => {}
        }
    });
    let lines = tokio_stream(receiver).map(move |report| {
        let _alive = &guard;
        serde_json::to_vec(&report).map(|mut line| {
            line.push(b'\n');
            Bytes::from(line)
        })
    });
    Ok((
        [(header::CONTENT_TYPE, "application/x-ndjson")],
        Body::from_stream(lines),
    )
        .into_response())
}

fn tokio_stream<T>(
    receiver: tokio::sync::mpsc::Receiver<T>,
) -> impl futures_util::Stream<Item = T> {
    futures_util::stream::unfold(receiver, async |mut receiver| {
        receiver.recv().await.map(|item| (item, receiver))
    })
}

/// Find a registry.
#[utoipa::path(
    get,
    path = "/api/v1/registries/{id}",
    params(("id" = RegistryId, Path, description = "Registry")),
    responses((status = 200, body = Registry))
)]
pub(super) async fn find_registry(
    app: axum::extract::State<App>,
    caller: Caller,
    Id(id): Id<RegistryId>,
) -> Result<impl IntoResponse, AppError> {
    caller.require(Scope::Read)?;
    registries::find(&app, id).await.map(tagged)
}

/// Change a registry's settings. With If-Match, only the version that was read.
#[utoipa::path(
    patch,
    path = "/api/v1/registries/{id}",
    params(("id" = RegistryId, Path, description = "Registry"), ("If-Match" = Option<String>, Header, description = "ETag that was read")),
    request_body = UpdateRegistry,
    responses(
        (status = 200, body = Registry),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "Somebody changed it in the meantime"),
    )
)]
pub(super) async fn update_registry(
    app: axum::extract::State<App>,
    caller: Caller,
    Id(id): Id<RegistryId>,
    headers: HeaderMap,
    Json(request): Json<UpdateRegistry>,
) -> Result<impl IntoResponse, AppError> {
    caller.require(Scope::Write)?;
    let expected = if_match(&headers)?;
    registries::update(&app, id, expected, request)
        .await
        .map(tagged)
}

/// Remove a registry. What is installed from it stays. With If-Match, only the version that was read.
#[utoipa::path(
    delete,
    path = "/api/v1/registries/{id}",
    params(("id" = RegistryId, Path, description = "Registry"), ("If-Match" = Option<String>, Header, description = "ETag that was read")),
    responses(
        (status = 204),
        (status = 412, body = Problem, content_type = "application/problem+json", description = "Somebody changed it in the meantime"),
    )
)]
pub(super) async fn delete_registry(
    app: axum::extract::State<App>,
    caller: Caller,
    Id(id): Id<RegistryId>,
    headers: HeaderMap,
) -> Result<StatusCode, AppError> {
    caller.require(Scope::Write)?;
    registries::delete(&app, id, if_match(&headers)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Read a registry again now, or a minute after it was read last.
#[utoipa::path(
    post,
    path = "/api/v1/registries/{id}/refresh",
    params(("id" = RegistryId, Path, description = "Registry")),
    responses((status = 202, description = "Asked for; Location names the registry, Retry-After the seconds until it is read where that is not now"), (status = 429, body = Problem, content_type = "application/problem+json", description = "The registry asked not to be read again so soon; Retry-After tells the seconds"))
)]
pub(super) async fn refresh_registry(
    app: axum::extract::State<App>,
    caller: Caller,
    Id(id): Id<RegistryId>,
) -> Result<Response, AppError> {
    caller.require(Scope::Write)?;
    let wait = registries::refresh_now(&app, id).await?;
    let mut answer = (
        StatusCode::ACCEPTED,
        location("registries", &id.to_string())?,
    )
        .into_response();
    if wait > Duration::ZERO {
        answer.headers_mut().insert(
            header::RETRY_AFTER,
            HeaderValue::from(wait.as_millis().div_ceil(1000) as u64),
        );
    }
    Ok(answer)
}

fn tagged(registry: Registry) -> impl IntoResponse {
    (entity_tag(registry.version), axum::Json(registry))
}

/// The `Location` of a resource.
pub(super) fn location(
    resource: &str,
    id: &str,
) -> Result<[(header::HeaderName, HeaderValue); 1], AppError> {
    let value =
        HeaderValue::try_from(format!("/api/v1/{resource}/{id}")).map_err(AppError::internal)?;
    Ok([(header::LOCATION, value)])
}
