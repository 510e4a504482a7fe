use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{Method, header};

use crate::app::App;
use crate::auth::cookie::{self, Kind};
use crate::auth::{Principal, csrf};
use crate::error::AppError;

/// The largest form read, bytes: an edit form with all its JSON.
pub(crate) const FORM_LIMIT: usize = 1 << 20;

/// Refuses changes that our own pages did not ask for. Tokens are not sent by browsers on their own, so that
/// requests with one pass.
pub(crate) async fn refuse_forged(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Response {
    let reads = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let principal = request
        .extensions()
        .get::<Principal>()
        .cloned()
        .unwrap_or(Principal::Nobody);
    if reads || matches!(principal, Principal::Token(_)) || !app_changes(request.uri().path()) {
        return next.run(request).await;
    }
    if !csrf::is_own_origin(request.headers(), &app.config) {
        return AppError::forged_request().into_response();
    }
    let path = request.uri().path();
    let cookie = match principal {
        Principal::Session(session) => session.cookie,
        Principal::SignedOut if path.starts_with("/api/") => {
            return AppError::signed_out().into_response();
        }
        _ if path.starts_with("/api/") => return AppError::sign_in_needed().into_response(),
        // A page that stayed open after its session was over: what it asks for is not done.
        _ if !is_for_visitors(path) => return AppError::signed_out().into_response(),
        _ => match cookie::read(request.headers(), Kind::Visitor, &app.config) {
            Some(cookie) => cookie,
            None => return AppError::forged_request().into_response(),
        },
    };
    let (request, given) = match given_token(request).await {
        Ok(parts) => parts,
        Err(error) => return error.into_response(),
    };
    if given.is_some_and(|given| csrf::is_token(&cookie, &given)) {
        next.run(request).await
    } else {
        AppError::forged_request().into_response()
    }
}

/// The agent API and the image endpoint take tokens only and never look at cookies.
fn app_changes(path: &str) -> bool {
    !path.starts_with("/api/agent/") && !path.starts_with("/v2/")
}

/// Forms that are shown to who is not signed in.
fn is_for_visitors(path: &str) -> bool {
    matches!(path, "/sign-in" | "/sign-in/link" | "/theme")
}

/// The token from the header, or from the form, whose bytes are put back.
async fn given_token(request: Request) -> Result<(Request, Option<String>), AppError> {
    if let Some(given) = request.headers().get(csrf::HEADER) {
        let given = given.to_str().ok().map(str::to_owned);
        return Ok((request, given));
    }
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Ok((request, None));
    }
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, FORM_LIMIT)
        .await
        .map_err(|_| AppError::too_large(FORM_LIMIT))?;
    let given = url::form_urlencoded::parse(&bytes)
        .find(|(key, _)| key == "csrf")
        .map(|(_, value)| value.into_owned());
    Ok((Request::from_parts(parts, Body::from(bytes)), given))
}
