//! What commands beside the server do: tokens, sign-in links, the administrator's password.

use model::{TokenId, UserId};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use store::{NewToken, Store, TokenRow};
use time::{Date, OffsetDateTime};
use url::Url;

use crate::auth::{Scope, TokenName};
use crate::clock::{Clock, date};
use crate::secrets::{new_secret, secret_hash};
use crate::services::sign_in;
use crate::{App, StartError};

/// Why there is no new token.
#[derive(Debug, thiserror::Error)]
pub enum CreateTokenError {
    /// Another one has the name; who created that may not want to lose it.
    #[error("there is a token `{name}` already, with the scope {scopes}, made on {created}")]
    NameTaken {
        /// The name of both.
        name: String,
        /// What the other one may do.
        scopes: String,
        /// The day it was made.
        created: Date,
    },
    /// The server's own agent has the name, and people could not tell them apart.
    #[error("the agent of the server's own host is called `{0}`")]
    OwnAgent(String),
    /// The database could not be read or written.
    #[error(transparent)]
    Store(StartError),
}

/// Creates a token and tells it, this once. One of the same name stays, unless it is to be replaced: then its secret
/// works no more, and its agent goes on with the new one.
pub async fn create_token(
    store: &Store,
    name: &TokenName,
    scopes: &[Scope],
    replace: bool,
) -> Result<SecretString, CreateTokenError> {
    let failed = |error: store::StoreError| CreateTokenError::Store(StartError::new(&error.into()));
    if scopes.contains(&Scope::Agent) {
        let all = store.tokens().list().await.map_err(failed)?;
        let is_own = |row: &TokenRow| row.embedded && row.name == name.as_str();
        if all.iter().any(is_own) {
            return Err(CreateTokenError::OwnAgent(name.to_string()));
        }
    }
    let secret = token_text();
    let new = new_token(name.as_str(), scopes, false, &secret);
    if replace {
        store.tokens().replace(new).await.map_err(failed)?;
        return Ok(secret);
    }
    match store.tokens().insert(new).await.map_err(failed)? {
        None => Ok(secret),
        Some(existing) => Err(CreateTokenError::NameTaken {
            scopes: scope_names(&existing).join(", "),
            created: date(existing.created_at).date(),
            name: existing.name,
        }),
    }
}

/// A token as its administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Token {
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// All tokens but that of the server's own agent, oldest first.
pub async fn list_tokens(store: &Store) -> Result<Vec<Token>, StartError> {
    let rows = store.tokens().list().await;
    let rows = rows.map_err(|error| StartError::new(&error.into()))?;
    let tokens = rows.into_iter().filter(|row| !row.embedded);
    Ok(tokens
        .map(|row| Token {
            scopes: scope_names(&row),
            created_at: date(row.created_at),
            name: row.name,
        })
        .collect())
}

/// Lets a token work no more; says whether there was one. Its agent is offline from then on.
pub async fn revoke_token(store: &Store, name: &TokenName) -> Result<bool, StartError> {
    let revoked = store.tokens().delete_named(name.as_str()).await;
    revoked.map_err(|error| StartError::new(&error.into()))
}

fn scope_names(row: &TokenRow) -> Vec<String> {
    serde_json::from_str(&row.scopes).unwrap_or_default()
}

/// The token of the agent inside this server: a fresh secret at every start, the same agent.
pub async fn embedded_agent_token(app: &App, name: &str) -> Result<SecretString, StartError> {
    let secret = token_text();
    let new = new_token(name, &[Scope::Agent], true, &secret);
    app.store
        .tokens()
        .replace_embedded(new)
        .await
        .map_err(|error| StartError::new(&error.into()))?;
    Ok(secret)
}

/// The prefix lets scanners find tokens that leaked.
fn token_text() -> SecretString {
    SecretString::from(format!("quayside_{}", new_secret().expose_secret()))
}

fn new_token(name: &str, scopes: &[Scope], embedded: bool, secret: &SecretString) -> NewToken {
    let clock = Clock::default();
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    NewToken {
        id: TokenId::from_uuid(clock.new_id()),
        name: name.to_owned(),
        sha256: secret_hash(secret.expose_secret()),
        scopes: serde_json::to_string(&scopes).expect("texts make JSON"),
        embedded,
        created_at: clock.now_ms(),
    }
}

/// Makes the administrator and sets the password that a file gave. Tells whether a sign-in link is needed, because
/// there is no password yet.
pub async fn prepare_administrator(
    app: &App,
    password: Option<SecretString>,
) -> Result<bool, StartError> {
    let id = UserId::from_uuid(app.clock.new_id());
    let admin = app
        .store
        .users()
        .ensure_admin(id, &app.config.admin_name, app.clock.now_ms())
        .await;
    let admin = admin.map_err(|error| StartError::new(&error.into()))?;
    match password {
        Some(password) if admin.password_hash.is_none() => {
            sign_in::set_password(app, (admin.id, &admin.name), password)
                .await
                .map_err(|error| StartError::new(&error))?;
            Ok(false)
        }
        _ => app
            .store
            .users()
            .any_password()
            .await
            .map(|any| !any)
            .map_err(|error| StartError::new(&error.into())),
    }
}

/// A fresh one-time sign-in link; older ones stop working.
pub async fn new_sign_in_link(store: &Store, public_url: &Url) -> Result<String, StartError> {
    sign_in::new_link(store, &Clock::default(), public_url)
        .await
        .map_err(|error| StartError::new(&error))
}

/// Removes the administrator's password and ends the sessions; says whether there is such an administrator.
pub async fn reset_password(store: &Store, admin_name: &str) -> Result<bool, StartError> {
    let failed = |error: store::StoreError| StartError::new(&error.into());
    let admin = store.users().find_by_name(admin_name).await;
    let Some(admin) = admin.map_err(failed)? else {
        return Ok(false);
    };
    store
        .users()
        .set_password_hash(admin.id, None)
        .await
        .map_err(failed)?;
    store
        .sessions()
        .delete_for_user(admin.id)
        .await
        .map_err(failed)?;
    store
        .login_failures()
        .clear(admin_name)
        .await
        .map_err(failed)?;
    Ok(true)
}
