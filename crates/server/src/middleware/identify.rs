use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};

use crate::app::App;
use crate::auth::cookie::{self, Kind};
use crate::auth::{Principal, Scope, SessionPrincipal, TokenPrincipal};
use crate::error::{AppError, AppResult};
use crate::secrets::secret_hash;

/// Finds out who asks: a bearer token goes before a cookie. The answer carries the person on, for pages that tell errors.
pub(crate) async fn identify(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match principal(&app, request.headers()).await {
        Ok(principal) => {
            let person = principal.person();
            request.extensions_mut().insert(principal);
            let mut response = next.run(request).await;
            if let Some(person) = person {
                response.extensions_mut().insert(person);
            }
            response
        }
        Err(error) => error.into_response(),
    }
}

async fn principal(app: &App, headers: &HeaderMap) -> AppResult<Principal> {
    if let Some(token) = bearer(headers) {
        return token_principal(app, token)
            .await?
            .map(Principal::Token)
            .ok_or_else(AppError::token_unknown);
    }
    let Some(cookie) = cookie::read(headers, Kind::Session, &app.config) else {
        return Ok(Principal::Nobody);
    };
    let hash = secret_hash(secrecy::ExposeSecret::expose_secret(&cookie));
    let sessions = app.store.sessions();
    let found = sessions.find(&hash, app.clock.now_ms()).await?;
    Ok(found.map_or(Principal::SignedOut, |(session, user)| {
        Principal::Session(SessionPrincipal {
            session: session.id,
            user: user.id,
            name: user.name,
            cookie,
        })
    }))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Who has a token; its text is random, so that its hash finds it.
pub(crate) async fn token_principal(app: &App, token: &str) -> AppResult<Option<TokenPrincipal>> {
    let Some(row) = app
        .store
        .tokens()
        .find_by_sha256(&secret_hash(token))
        .await?
    else {
        return Ok(None);
    };
    let scopes: Vec<String> = serde_json::from_str(&row.scopes).map_err(AppError::internal)?;
    Ok(Some(TokenPrincipal {
        token: row.id,
        name: row.name,
        scopes: scopes
            .iter()
            .filter_map(|scope| scope.parse::<Scope>().ok())
            .collect(),
        embedded: row.embedded,
    }))
}
