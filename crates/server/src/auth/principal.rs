use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;
use model::{SessionId, TokenId, UserId};
use secrecy::SecretString;

use crate::app::App;
use crate::auth::{Scope, csrf};
use crate::error::AppError;

/// Who asks. Put into every request by the `identify` layer.
#[derive(Debug, Clone)]
pub(crate) enum Principal {
    /// Somebody unknown.
    Nobody,
    /// Somebody whose session is over.
    SignedOut,
    /// A person, by cookie.
    Session(SessionPrincipal),
    /// A program, by bearer token.
    Token(TokenPrincipal),
}

/// A person signed in.
#[derive(Debug, Clone)]
pub(crate) struct SessionPrincipal {
    pub(crate) session: SessionId,
    pub(crate) user: UserId,
    pub(crate) name: String,
    pub(crate) cookie: SecretString,
}

/// A program with a token.
#[derive(Debug, Clone)]
pub(crate) struct TokenPrincipal {
    pub(crate) token: TokenId,
    pub(crate) name: String,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) embedded: bool,
}

/// A person signed in, for pages; who is not goes to the sign-in page.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) user: UserId,
    pub(crate) name: String,
    /// Token for this page's forms.
    pub(crate) csrf: String,
}

impl Principal {
    /// The person, if it is one.
    pub(crate) fn person(&self) -> Option<Person> {
        match self {
            Self::Session(session) => Some(Person {
                user: session.user,
                csrf: csrf::token(&session.cookie),
                name: session.name.clone(),
            }),
            Self::Nobody | Self::SignedOut | Self::Token(_) => None,
        }
    }
}

/// Anybody known, for the API; handlers say which scope they want.
#[derive(Debug, Clone)]
pub(crate) struct Caller(Principal);

impl Caller {
    /// People may do everything; tokens what their scopes grant.
    pub(crate) fn require(&self, wanted: Scope) -> Result<(), AppError> {
        match &self.0 {
            Principal::Nobody => Err(AppError::sign_in_needed()),
            Principal::SignedOut => Err(AppError::signed_out()),
            Principal::Session(_) if matches!(wanted, Scope::Agent) => {
                Err(AppError::scope_missing(wanted.as_str()))
            }
            Principal::Session(_) => Ok(()),
            Principal::Token(token) if token.scopes.iter().any(|scope| scope.grants(wanted)) => {
                Ok(())
            }
            Principal::Token(_) => Err(AppError::scope_missing(wanted.as_str())),
        }
    }

    /// The browser session, if it is one.
    pub(crate) fn session(&self) -> Option<SessionId> {
        match &self.0 {
            Principal::Session(session) => Some(session.session),
            Principal::Nobody | Principal::SignedOut | Principal::Token(_) => None,
        }
    }

    /// The token, if it is one.
    pub(crate) fn token(&self) -> Option<&TokenPrincipal> {
        match &self.0 {
            Principal::Token(token) => Some(token),
            Principal::Nobody | Principal::SignedOut | Principal::Session(_) => None,
        }
    }

    /// Tells callers apart, for idempotency keys.
    pub(crate) fn key(&self) -> String {
        match &self.0 {
            Principal::Nobody | Principal::SignedOut => "nobody".to_owned(),
            Principal::Session(session) => format!("user:{}", session.user),
            Principal::Token(token) => format!("token:{}", token.token),
        }
    }
}

fn principal(parts: &Parts) -> Principal {
    parts
        .extensions
        .get::<Principal>()
        .cloned()
        .unwrap_or(Principal::Nobody)
}

impl FromRequestParts<App> for Caller {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, AppError> {
        match principal(parts) {
            Principal::Nobody => Err(AppError::sign_in_needed()),
            Principal::SignedOut => Err(AppError::signed_out()),
            known => Ok(Self(known)),
        }
    }
}

impl FromRequestParts<App> for Person {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, AppError> {
        let principal = principal(parts);
        principal.person().ok_or_else(|| match principal {
            Principal::SignedOut => AppError::signed_out(),
            _ => AppError::sign_in_needed(),
        })
    }
}

impl OptionalFromRequestParts<App> for Person {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, AppError> {
        Ok(
            <Self as FromRequestParts<App>>::from_request_parts(parts, app)
                .await
                .ok(),
        )
    }
}
