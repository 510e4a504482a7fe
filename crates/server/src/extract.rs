//! Extractors whose refusals are problems that name the place.

use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::error::AppError;
use crate::wrong_input;

/// The largest JSON body, bytes: what an agent sees on a host with some ten thousand images.
const JSON_LIMIT: usize = 4 << 20;

/// A JSON body.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, _: &App) -> Result<Self, AppError> {
        let bytes = body(request, JSON_LIMIT).await?;
        from_slice(&bytes).map(Self)
    }
}

/// Reads a body up to a limit.
pub(crate) async fn body(request: Request, limit: usize) -> Result<Bytes, AppError> {
    axum::body::to_bytes(request.into_body(), limit)
        .await
        .map_err(|error| {
            let too_large = std::error::Error::source(&error).is_some_and(
                <dyn std::error::Error + 'static>::is::<http_body_util::LengthLimitError>,
            );
            if too_large {
                AppError::too_large(limit)
            } else {
                AppError::bad_request("The request was cut off.")
            }
        })
}

/// Reads JSON; what is wrong is said with its place.
pub(crate) fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, AppError> {
    match axum::Json::from_bytes(bytes) {
        Ok(axum::Json(value)) => Ok(value),
        Err(refusal) => {
            let is_json = matches!(refusal, JsonRejection::JsonDataError(_));
            // Its own source says what was found; the refusal wraps it in words of its own.
            let told = std::error::Error::source(&refusal).map(ToString::to_string);
            Err(wrong_input::in_json(&told.unwrap_or_default(), is_json))
        }
    }
}

/// The query string. A form without script sends fields that were left empty, too: they say nothing.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, AppError> {
        let given = parts.uri.query().unwrap_or_default();
        let pairs = url::form_urlencoded::parse(given.as_bytes());
        let start = "/?".to_owned();
        let length = start.len();
        let said: Uri = url::form_urlencoded::Serializer::for_suffix(start, length)
            .extend_pairs(pairs.filter(|(_, value)| !value.is_empty()))
            .finish()
            .parse()
            .map_err(|_| AppError::bad_request("The query is too long."))?;
        let query = axum::extract::Query::<T>::try_from_uri(&said);
        query
            .map(|query| Self(query.0))
            .map_err(|error| wrong_input::in_fields(&error.body_text(), "The query"))
    }
}

/// A form's fields; its bytes were counted by the forgery layer.
#[derive(Debug)]
pub(crate) struct Form<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, app: &App) -> Result<Self, AppError> {
        let form = axum::Form::<T>::from_request(request, app).await;
        form.map(|form| Self(form.0))
            .map_err(|error| wrong_input::in_fields(&error.body_text(), "The form"))
    }
}

/// An identifier in the address. What is none names nothing.
#[derive(Debug)]
pub(crate) struct Id<T>(pub(crate) T);

impl<T: FromStr + Send> FromRequestParts<App> for Id<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let Path(text) = Path::<String>::from_request_parts(parts, app)
            .await
            .map_err(|_| AppError::page_not_found())?;
        text.parse()
            .map(Self)
            .map_err(|_| AppError::page_not_found())
    }
}

/// The version that `If-Match` wants; `*` and no header want any. What is no tag of ours matches nothing.
pub(crate) fn if_match(headers: &HeaderMap) -> Result<Option<u64>, AppError> {
    match headers.get(header::IF_MATCH) {
        None => Ok(None),
        Some(value) if value == "*" => Ok(None),
        Some(_) => entity_number(headers, header::IF_MATCH)
            .map(Some)
            .ok_or_else(AppError::version_conflict),
    }
}

/// The header with a version's entity tag.
pub(crate) fn entity_tag(version: u64) -> [(HeaderName, HeaderValue); 1] {
    let tag = HeaderValue::try_from(format!("\"{version}\"")).expect("a number makes a header");
    [(header::ETAG, tag)]
}

/// The number in an entity tag of `If-Match` or `If-None-Match`, such as `"7"`.
pub(crate) fn entity_number(headers: &HeaderMap, name: header::HeaderName) -> Option<u64> {
    headers
        .get(name)?
        .to_str()
        .ok()?
        .trim()
        .trim_start_matches("W/")
        .trim_matches('"')
        .parse()
        .ok()
}
