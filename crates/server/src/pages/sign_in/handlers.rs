use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use secrecy::SecretString;
use serde::Deserialize;

use super::view::{SignIn, SignInFailure, SignInLink};
use crate::app::App;
use crate::auth::cookie::{self, Kind};
use crate::auth::{Principal, SessionPrincipal};
use crate::error::{AppError, AppResult};
use crate::extract::{Form, Query};
use crate::middleware::client_address::ClientAddress;
use crate::pages::context::{Theme, return_address};
use crate::pages::request::{Visit, host, see};
use crate::services::sign_in::{self, SignedIn};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Next {
    next: String,
}

pub(crate) async fn show_sign_in(
    State(app): State<App>,
    visit: Visit,
    Query(query): Query<Next>,
) -> AppResult<Response> {
    if visit.person.is_some() {
        return Ok(see(return_address(&query.next)));
    }
    let context = visit.context(&app);
    let host = host(&app);
    visit.show(
        StatusCode::OK,
        &SignIn::new(&context, &host, "", &query.next, None),
    )
}

#[derive(Debug, Deserialize)]
pub(crate) struct SignInForm {
    name: String,
    password: String,
    #[serde(default)]
    next: String,
}

pub(crate) async fn sign_in(
    State(app): State<App>,
    visit: Visit,
    Extension(address): Extension<ClientAddress>,
    Form(form): Form<SignInForm>,
) -> AppResult<Response> {
    match sign_in::by_password(
        &app,
        form.name.trim(),
        SecretString::from(form.password),
        address.ip,
    )
    .await
    {
        Ok(signed_in) => Ok(enter(&app, &signed_in, return_address(&form.next))),
        Err(error) => {
            let failure = match error.status() {
                StatusCode::UNAUTHORIZED => SignInFailure::Wrong,
                StatusCode::TOO_MANY_REQUESTS => SignInFailure::TooMany {
                    retry_after_seconds: error.retry_after().map_or(60, |wait| wait.as_secs()),
                },
                _ => return Err(error),
            };
            let context = visit.context(&app);
            let host = host(&app);
            visit.show(
                error.status(),
                &SignIn::new(&context, &host, &form.name, &form.next, Some(failure)),
            )
        }
    }
}

pub(crate) async fn show_link(State(app): State<App>, visit: Visit) -> AppResult<Response> {
    let context = visit.context(&app);
    let host = host(&app);
    visit.show(StatusCode::OK, &SignInLink::new(&context, &host, false))
}

#[derive(Debug, Deserialize)]
pub(crate) struct LinkForm {
    secret: String,
}

pub(crate) async fn use_link(
    State(app): State<App>,
    visit: Visit,
    Form(form): Form<LinkForm>,
) -> AppResult<Response> {
    // The whole link may be pasted: the secret is what follows the fragment sign.
    let secret = form.secret.rsplit('#').next().unwrap_or_default().trim();
    match sign_in::by_link(&app, secret).await {
        Ok(signed_in) => Ok(enter(&app, &signed_in, "/")),
        Err(error) if error.status() == StatusCode::UNAUTHORIZED => {
            let context = visit.context(&app);
            let host = host(&app);
            visit.show(
                StatusCode::UNAUTHORIZED,
                &SignInLink::new(&context, &host, true),
            )
        }
        Err(error) => Err(error),
    }
}

fn enter(app: &App, signed_in: &SignedIn, next: &str) -> Response {
    let mut response = see(if signed_in.needs_password {
        "/password"
    } else {
        next
    });
    let headers = response.headers_mut();
    headers.append(
        header::SET_COOKIE,
        cookie::set(Kind::Session, &signed_in.cookie, &app.config),
    );
    headers.append(
        header::SET_COOKIE,
        cookie::clear(Kind::Visitor, &app.config),
    );
    response
}

pub(crate) async fn sign_out(
    State(app): State<App>,
    Extension(principal): Extension<Principal>,
) -> AppResult<Response> {
    let Principal::Session(SessionPrincipal {
        session, cookie, ..
    }) = principal
    else {
        return Err(AppError::signed_out());
    };
    sign_in::sign_out(&app, session, &cookie).await?;
    Ok((
        [(
            header::SET_COOKIE,
            cookie::clear(Kind::Session, &app.config),
        )],
        see("/sign-in"),
    )
        .into_response())
}

#[derive(Debug, Deserialize)]
pub(crate) struct ThemeForm {
    theme: String,
    #[serde(default)]
    back: String,
}

/// Keeps the theme for a year; the script reads this cookie, too.
pub(crate) async fn set_theme(State(app): State<App>, Form(form): Form<ThemeForm>) -> Response {
    let theme = Theme::from_cookie(Some(&form.theme)).name();
    let secure = if app.config.is_loopback_http() {
        ""
    } else {
        "; Secure"
    };
    let cookie = format!("theme={theme}; Path=/; Max-Age=31536000; SameSite=Lax{secure}");
    (
        [(header::SET_COOKIE, cookie)],
        see(return_address(&form.back)),
    )
        .into_response()
}
