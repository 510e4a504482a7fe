use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header;
use url::Url;

use crate::app::App;
use crate::auth::csrf::same_origin;
use crate::error::AppError;

/// Refuses names that are not the public address's (421), so that a rebound name reads nothing. `/healthz` says
/// nothing worth protecting and is asked by address.
pub(crate) async fn check_host(State(app): State<App>, request: Request, next: Next) -> Response {
    let host = request.uri().authority().map(http::uri::Authority::as_str);
    let host = host.or_else(|| {
        request
            .headers()
            .get(header::HOST)
            .and_then(|value| value.to_str().ok())
    });
    let scheme = app.config.public_url.scheme();
    let known = host
        .and_then(|host| Url::parse(&format!("{scheme}://{host}/")).ok())
        .is_some_and(|url| same_origin(&url, &app.config));
    // Of two names one was meant for somebody else.
    let is_single = request.headers().get_all(header::HOST).iter().count() <= 1;
    if (known && is_single) || request.uri().path() == "/healthz" {
        next.run(request).await
    } else {
        AppError::misdirected().into_response()
    }
}
