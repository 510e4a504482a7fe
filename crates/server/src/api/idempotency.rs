use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use sha2::{Digest, Sha256};
use store::{IdempotencyKey, Reservation, StoredResponse};

use crate::app::App;
use crate::auth::Caller;
use crate::error::{AppError, AppResult};
use crate::extract;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
const LONGEST_KEY: usize = 255;
const BODY_LIMIT: usize = 1 << 20;
const ANSWER_LIMIT: usize = 1 << 20;

/// Answers a repeated POST with the same `Idempotency-Key` as it was answered before, for a day.
pub(super) async fn remember(State(app): State<App>, request: Request, next: Next) -> Response {
    let streams = request.uri().path().ends_with("/inspect");
    if request.method() != Method::POST || streams || !request.headers().contains_key(&HEADER) {
        return next.run(request).await;
    }
    answer(&app, request, next)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

async fn answer(app: &App, request: Request, next: Next) -> AppResult<Response> {
    let (mut parts, body) = request.into_parts();
    let caller = Caller::from_request_parts(&mut parts, app).await?;
    let key = parts
        .headers
        .get(&HEADER)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let key = key.filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY);
    let key = key
        .ok_or_else(|| AppError::bad_request("`Idempotency-Key` is 1 to 255 ASCII characters."))?;
    let body = extract::body(Request::new(body), BODY_LIMIT).await?;
    let mut hash = Sha256::new();
    hash.update(parts.uri.path());
    hash.update([0]);
    hash.update(&body);
    let principal = caller.key();
    let key = IdempotencyKey {
        principal: &principal,
        key: &key,
    };
    match app
        .store
        .idempotency()
        .reserve(key, &hash.finalize().into(), app.clock.now_ms())
        .await?
    {
        Reservation::Replay(stored) => return replay(stored),
        Reservation::Conflict => return Err(AppError::idempotency_conflict()),
        Reservation::InFlight => return Err(AppError::idempotency_in_flight()),
        Reservation::New => {}
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    // Neither a defect nor "come back later" is the answer for a day.
    if response.status().is_server_error() || response.status() == StatusCode::TOO_MANY_REQUESTS {
        app.store.idempotency().release(key).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, ANSWER_LIMIT)
        .await
        .map_err(AppError::internal)?;
    let kept = [header::CONTENT_TYPE, header::LOCATION, header::ETAG];
    let headers: Vec<(&str, &str)> = kept
        .iter()
        .filter_map(|name| Some((name.as_str(), parts.headers.get(name)?.to_str().ok()?)))
        .collect();
    let stored = StoredResponse {
        status: parts.status.as_u16(),
        headers: serde_json::to_string(&headers).map_err(AppError::internal)?,
        body: body.to_vec(),
    };
    app.store.idempotency().complete(key, &stored).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn replay(stored: StoredResponse) -> AppResult<Response> {
    let headers: Vec<(String, String)> =
        serde_json::from_str(&stored.headers).map_err(AppError::internal)?;
    let status = StatusCode::from_u16(stored.status).map_err(AppError::internal)?;
    let mut response = (status, stored.body).into_response();
    for (name, value) in headers {
        let name = HeaderName::try_from(name).map_err(AppError::internal)?;
        response.headers_mut().insert(
            name,
            HeaderValue::try_from(value).map_err(AppError::internal)?,
        );
    }
    Ok(response)
}
