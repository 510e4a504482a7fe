use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use url::Url;

use crate::app::App;
use crate::auth::{Person, csrf};
use crate::config::ServerConfig;
use crate::error::{ProblemExtension, SIGNED_OUT};
use crate::middleware::log::RequestId;
use crate::pages::context::PageContext;
use crate::pages::errors::view::{ErrorInside, ErrorPage};
use crate::pages::request::{show, theme};

/// Gives problems their request id and shows them as pages to browsers that asked for one.
pub(crate) async fn show_errors(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    let accepts = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    let path = request.uri().path();
    let wants_page = accepts.is_some_and(|accepts| accepts.contains("text/html"))
        && !["/api/", "/v2/", "/fragments/"]
            .iter()
            .any(|prefix| path.starts_with(prefix));
    let here = request
        .uri()
        .path_and_query()
        .map(ToString::to_string)
        .unwrap_or_default();
    let theme = theme(request.headers());
    let was = came_from(request.headers(), &app.config);
    let response = next.run(request).await;
    let Some(ProblemExtension(problem)) = response.extensions().get::<ProblemExtension>().cloned()
    else {
        return response;
    };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    if !wants_page {
        let problem = api::Problem {
            request_id: Some(id),
            ..(*problem).clone()
        };
        return (parts, serde_json::to_vec(&problem).unwrap_or_default()).into_response();
    }
    let person = parts.extensions.remove::<Person>();
    let page = PageContext {
        person: person.as_ref().map_or("", |person| &person.name),
        csrf: person.as_ref().map_or("", |person| &person.csrf),
        theme,
        now: app.clock.now(),
        here: &here,
        last_event: None,
    };
    let retry_after = parts
        .headers
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    let view = match parts.status {
        StatusCode::UNAUTHORIZED if problem.code == SIGNED_OUT => {
            ErrorPage::signed_out(&page, was.as_deref().unwrap_or("/"))
        }
        StatusCode::NOT_FOUND => ErrorPage::not_found(&page),
        StatusCode::INTERNAL_SERVER_ERROR => ErrorPage::server_error(&page, &id),
        StatusCode::TOO_MANY_REQUESTS => {
            ErrorPage::too_many_requests(&page, &problem.detail, retry_after.unwrap_or(60))
        }
        _ => ErrorPage::problem(&page, &problem),
    };
    let shown = if person.is_some() {
        show(parts.status, &ErrorInside::new(view))
    } else {
        show(parts.status, &view)
    };
    match shown {
        Ok(mut page) => {
            parts.headers.remove(header::CONTENT_TYPE);
            for (name, value) in &parts.headers {
                page.headers_mut().append(name.clone(), value.clone());
            }
            page
        }
        Err(error) => error.into_response(),
    }
}

/// Path and query of the page of ours that a request was sent from.
fn came_from(headers: &HeaderMap, config: &ServerConfig) -> Option<String> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let url = Url::parse(referer).ok()?;
    let query = url.query().map(|query| format!("?{query}"));
    csrf::same_origin(&url, config).then(|| format!("{}{}", url.path(), query.unwrap_or_default()))
}
