//! The read-only image endpoint `/v2/`, which `docker pull`, `skopeo` and `podman` accept.

use std::io::{Read as _, Seek as _, SeekFrom};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use bytes::{Bytes, BytesMut};
use data_encoding::BASE64;
use futures_util::Stream;
use http::{HeaderMap, header};
use images::LayoutReader;
use images::serve::{Answer, Body as AnswerBody};

use crate::app::App;
use crate::auth::Scope;
use crate::error::{AppError, AppResult};
use crate::middleware::identify::token_principal;

/// Bytes read from a file at a time.
const PIECE: usize = 256 * 1024;

/// Images of a layout for everybody who reaches the listener: only for loopback.
pub fn images_router(layout: LayoutReader) -> Router {
    Router::new()
        .route("/v2/", any(answer_open))
        .route("/v2/{*path}", any(answer_open))
        .with_state(layout)
}

async fn answer_open(State(layout): State<LayoutReader>, request: Request) -> Response {
    answer(layout, request)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

/// The endpoint of the server, for tokens of scope `images:read` unless it was told to be open.
pub(crate) fn router(app: &App) -> Option<Router<App>> {
    let endpoint = app.config.images.clone()?;
    let layout = LayoutReader::open(&endpoint.layout);
    let handler = move |State(app): State<App>, request: Request| async move {
        if !endpoint.anonymous {
            check_token(&app, request.headers()).await?;
        }
        answer(layout, request).await
    };
    Some(
        Router::new()
            .route("/v2/", any(handler.clone()))
            .route("/v2/{*path}", any(handler)),
    )
}

/// Any user name, a token as password: what `docker login` sends.
async fn check_token(app: &App, headers: &HeaderMap) -> AppResult<()> {
    let token = basic_password(headers).ok_or_else(AppError::image_token_needed)?;
    let principal = token_principal(app, &token).await?;
    let granted = principal.is_some_and(|token| token.scopes.contains(&Scope::ImagesRead));
    if granted {
        Ok(())
    } else {
        Err(AppError::image_token_needed())
    }
}

fn basic_password(headers: &HeaderMap) -> Option<String> {
    let (scheme, encoded) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64.decode(encoded.trim().as_bytes()).ok()?).ok()?;
    decoded
        .split_once(':')
        .map(|(_, password)| password.to_owned())
}

async fn answer(layout: LayoutReader, request: Request) -> AppResult<Response> {
    let (parts, _) = request.into_parts();
    let task = move || images::serve::answer(&layout, &parts.method, &parts.uri, &parts.headers);
    let Answer {
        status,
        headers,
        body,
    } = tokio::task::spawn_blocking(task)
        .await
        .map_err(AppError::internal)?;
    let body = match body {
        AnswerBody::Empty => Body::empty(),
        AnswerBody::Bytes(bytes) => Body::from(bytes),
        AnswerBody::File { file, range } => Body::from_stream(pieces(file, range)),
    };
    let mut response = (status, body).into_response();
    *response.headers_mut() = headers;
    Ok(response)
}

fn pieces(
    mut file: std::fs::File,
    range: std::ops::Range<u64>,
) -> impl Stream<Item = std::io::Result<Bytes>> {
    let seek = file.seek(SeekFrom::Start(range.start)).map(|_| ());
    let start = (file, range.end - range.start, Some(seek));
    futures_util::stream::unfold(Some(start), async |state| {
        let (file, left, seek) = state?;
        if let Some(Err(error)) = seek {
            return Some((Err(error), None));
        }
        if left == 0 {
            return None;
        }
        let read = tokio::task::spawn_blocking(move || read_piece(file, left)).await;
        match read
            .map_err(std::io::Error::other)
            .and_then(|result| result)
        {
            Ok((file, piece)) => {
                let left = left - piece.len() as u64;
                Some((Ok(piece), Some((file, left, None))))
            }
            Err(error) => Some((Err(error), None)),
        }
    })
}

fn read_piece(mut file: std::fs::File, left: u64) -> std::io::Result<(std::fs::File, Bytes)> {
    let mut piece = BytesMut::zeroed(left.min(PIECE as u64) as usize);
    file.read_exact(&mut piece)?;
    Ok((file, piece.freeze()))
}
