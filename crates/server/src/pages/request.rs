//! What every page handler is given, and how it answers.

use askama::Template;
use axum::extract::FromRequestParts;
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::app::App;
use crate::auth::cookie::{self, Kind};
use crate::auth::{Person, csrf};
use crate::error::{AppError, AppResult};
use crate::pages::context::{PageContext, Theme, sign_in_address};
use crate::secrets::new_secret;

/// A person's request for a page. Who is not signed in is sent to sign in and comes back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) person: Person,
    here: String,
    theme: Theme,
}

impl Page {
    /// The context that views want, with the events published until now as read.
    pub(crate) fn context<'a>(&'a self, app: &App) -> PageContext<'a> {
        PageContext {
            person: &self.person.name,
            csrf: &self.person.csrf,
            theme: self.theme,
            now: app.clock.now(),
            here: &self.here,
            last_event: Some(app.events.newest()),
        }
    }
}

impl FromRequestParts<App> for Page {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let here = here(parts);
        match <Person as FromRequestParts<App>>::from_request_parts(parts, app).await {
            Ok(person) => Ok(Self {
                person,
                here,
                theme: theme(&parts.headers),
            }),
            Err(error) if here.starts_with("/fragments/") => Err(error.into_response()),
            Err(_) => Err(Redirect::to(&sign_in_address(&here)).into_response()),
        }
    }
}

/// A request for a page that nobody needs to be signed in for. A fresh visitor gets a cookie that ties the form's
/// token to this browser.
#[derive(Debug)]
pub(crate) struct Visit {
    pub(crate) person: Option<Person>,
    csrf: String,
    here: String,
    theme: Theme,
    set_cookie: Option<HeaderValue>,
}

impl Visit {
    pub(crate) fn context<'a>(&'a self, app: &App) -> PageContext<'a> {
        PageContext {
            person: self.person.as_ref().map_or("", |person| &person.name),
            csrf: &self.csrf,
            theme: self.theme,
            now: app.clock.now(),
            here: &self.here,
            last_event: None,
        }
    }

    /// Answers with a page and, for a fresh visitor, the cookie.
    pub(crate) fn show(&self, status: StatusCode, view: &impl Template) -> AppResult<Response> {
        let mut response = show(status, view)?;
        if let Some(cookie) = &self.set_cookie {
            response
                .headers_mut()
                .append(header::SET_COOKIE, cookie.clone());
        }
        Ok(response)
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let person = <Person as FromRequestParts<App>>::from_request_parts(parts, app)
            .await
            .ok();
        let visitor = cookie::read(&parts.headers, Kind::Visitor, &app.config);
        let (csrf, set_cookie) = match (&person, visitor) {
            (Some(person), _) => (person.csrf.clone(), None),
            (None, Some(cookie)) => (csrf::token(&cookie), None),
            (None, None) => {
                let cookie = new_secret();
                (
                    csrf::token(&cookie),
                    Some(cookie::set(Kind::Visitor, &cookie, &app.config)),
                )
            }
        };
        Ok(Self {
            person,
            csrf,
            here: here(parts),
            theme: theme(&parts.headers),
            set_cookie,
        })
    }
}

fn here(parts: &Parts) -> String {
    parts
        .uri
        .path_and_query()
        .map_or_else(|| "/".to_owned(), |path| path.as_str().to_owned())
}

/// The theme of a request, from its cookie.
pub(crate) fn theme(headers: &HeaderMap) -> Theme {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let value = cookies
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix("theme="));
    Theme::from_cookie(value)
}

/// Answers with a page.
pub(crate) fn show(status: StatusCode, view: &impl Template) -> AppResult<Response> {
    let text = view.render().map_err(AppError::internal)?;
    Ok((status, Html(text)).into_response())
}

/// Answers a script that asks for a part of a page; what is gone meanwhile has none, which is no error.
pub(crate) fn part(answer: AppResult<Response>) -> AppResult<Response> {
    match answer {
        Err(error) if error.status() == StatusCode::NOT_FOUND => {
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        answer => answer,
    }
}

/// The host that people typed, for the sign-in page.
pub(crate) fn host(app: &App) -> String {
    let url = &app.config.public_url;
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    }
}

/// 303 to a path of this server.
pub(crate) fn see(path: &str) -> Response {
    Redirect::to(path).into_response()
}
