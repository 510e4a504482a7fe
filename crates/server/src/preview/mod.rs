//! Serves a site while it is written: pages reload when it changes and show what is wrong with its sources.
//!
//! The files lie in a folder that whoever builds the site keeps up to date; pages get a script on their way out. Nothing
//! of that is in the site itself. Only this machine is meant: requests under another name are refused, so that a page
//! elsewhere whose name was made to lead here reads nothing.

mod events;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use serde::Serialize;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

/// The longest page that gets the script.
const LONGEST_PAGE: usize = 64 * 1024 * 1024;

/// What there is to see.
#[derive(Debug, Clone, Default)]
pub struct PreviewState {
    /// Counts the builds that changed the site.
    pub build: u64,
    /// What is wrong with the sources, the worst first.
    pub problems: Arc<[PreviewProblem]>,
}

/// Something that is wrong with the sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreviewProblem {
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// What, where and what to do, in lines of a fixed width.
    pub text: String,
}

#[derive(Clone)]
struct Preview {
    folder: PathBuf,
    address: SocketAddr,
    states: watch::Receiver<PreviewState>,
    shutdown: CancellationToken,
}

/// The site in a folder, at an address of this machine.
pub fn preview_router(
    folder: &Path,
    address: SocketAddr,
    states: watch::Receiver<PreviewState>,
    shutdown: CancellationToken,
) -> Router {
    let preview = Preview {
        folder: folder.to_owned(),
        address,
        states,
        shutdown,
    };
    let script = include_str!("../../assets/preview.js");
    let style = include_str!("../../assets/preview.css");
    Router::new()
        .route("/.preview/events", get(events::stream))
        .route(
            "/.preview/preview.js",
            get(async move || text("text/javascript", script)),
        )
        .route(
            "/.preview/preview.css",
            get(async move || text("text/css", style)),
        )
        .fallback(serve)
        .layer(from_fn_with_state(preview.clone(), check))
        .with_state(preview)
}

fn text(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Lets only requests through that read and that mean this machine; what they get is never kept.
async fn check(State(preview): State<Preview>, request: Request, next: Next) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allowed = [(header::ALLOW, "GET, HEAD")];
        return (StatusCode::METHOD_NOT_ALLOWED, allowed).into_response();
    }
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    let is_known = host.is_some_and(|host| is_own(host, preview.address));
    if !is_known || hosts.next().is_some() {
        let words = "This preview is for this machine alone, under the address that it printed.";
        return (StatusCode::MISDIRECTED_REQUEST, words).into_response();
    }
    let mut response = next.run(request).await;
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

/// Whether a name of a request is one of this machine's for itself, with the port that is listened on.
fn is_own(host: &str, address: SocketAddr) -> bool {
    let port = address.port();
    let (name, told) = match host.rsplit_once(':') {
        Some((name, told)) if !told.ends_with(']') => (name, told.parse().ok()),
        _ => (host, Some(80)),
    };
    let is_name = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|own| name.eq_ignore_ascii_case(own));
    told == Some(port) && (is_name || host == address.to_string())
}

/// A file of the site.
async fn serve(State(preview): State<Preview>, request: Request) -> Response {
    let path = request.uri().path();
    let is_hidden = path.split('/').any(|part| part.starts_with('.'));
    let build = preview.states.borrow().build;
    if is_hidden {
        return missing(build);
    }
    let files = ServeDir::new(&preview.folder);
    let response = match files.oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    };
    if response.status() == StatusCode::NOT_FOUND {
        return missing(build);
    }
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(page) = axum::body::to_bytes(body, LONGEST_PAGE).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::LAST_MODIFIED);
    parts.headers.remove(header::ACCEPT_RANGES);
    Response::from_parts(parts, Body::from(with_script(&page, build)))
}

/// In the place of a page that is not there, one that becomes it as soon as it is.
fn missing(build: u64) -> Response {
    let page = concat!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Not found</title></head>",
        "<body><h1>Not found</h1><p>The site has no such page. <a href=\"/\">To its beginning</a></p></body></html>"
    );
    let page = with_script(page.as_bytes(), build);
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (StatusCode::NOT_FOUND, kind, page).into_response()
}

/// A page with the script that reloads it. One that only leads to another is left alone.
fn with_script(page: &[u8], build: u64) -> Vec<u8> {
    let text = String::from_utf8_lossy(page);
    let Some(end) = text.find("</head>") else {
        return page.to_vec();
    };
    if text[..end].contains("http-equiv=\"refresh\"") {
        return page.to_vec();
    }
    format!(
        "{}<link rel=\"stylesheet\" href=\"/.preview/preview.css\"><script src=\"/.preview/preview.js\" data-build=\"{build}\" defer></script>{}",
        &text[..end],
        &text[end..]
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_its_own() {
        let address: SocketAddr = "127.0.0.1:4000".parse().expect("an address");
        for host in [
            "127.0.0.1:4000",
            "localhost:4000",
            "LOCALHOST:4000",
            "[::1]:4000",
        ] {
            assert!(is_own(host, address), "{host}");
        }
        for host in [
            "",
            "localhost",
            "localhost:4001",
            "127.0.0.1",
            "evil.example:4000",
            "localhost.evil.example:4000",
            "127.0.0.1:4000.evil.example",
            "[::1]",
        ] {
            assert!(!is_own(host, address), "{host}");
        }
        let other: SocketAddr = "127.0.0.2:80".parse().expect("an address");
        assert!(is_own("127.0.0.2:80", other) && is_own("localhost", other));
    }

    #[test]
    fn pages_get_the_script_and_nothing_else_does() {
        let page = with_script(b"<html><head></head><body></body></html>", 7);
        let page = String::from_utf8(page).expect("text");
        assert!(
            page.contains("data-build=\"7\" defer></script></head>"),
            "{page}"
        );
        for page in [
            &b"<p>no head"[..],
            b"<head><meta http-equiv=\"refresh\" content=\"0; url=1.1/\"></head>",
        ] {
            assert_eq!(with_script(page, 7), page);
        }
    }
}
