//! What commands beside the server do: tokens, sign-in links, the administrator's password.

use model::{TokenId, UserId};
use secrecy::{ExposeSecret, SecretString};
use store::{NewToken, Store};
use url::Url;

use crate::auth::Scope;
use crate::clock::Clock;
use crate::secrets::{new_secret, secret_hash};
use crate::services::sign_in;
use crate::{App, StartError};

/// Creates a token and tells it, this once.
pub async fn create_token(
    store: &Store,
    name: &str,
    scopes: &[Scope],
) -> Result<SecretString, StartError> {
    let secret = token_text();
    store
        .tokens()
        .insert(new_token(name, scopes, false, &secret))
        .await
        .map_err(|error| StartError::new(&error.into()))?;
    Ok(secret)
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
            sign_in::set_password(app, admin.id, password)
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

/// Removes the administrator's password and ends the sessions.
pub async fn reset_password(store: &Store, admin_name: &str) -> Result<(), StartError> {
    let failed = |error: store::StoreError| StartError::new(&error.into());
    let clock = Clock::default();
    let id = UserId::from_uuid(clock.new_id());
    let admin = store
        .users()
        .ensure_admin(id, admin_name, clock.now_ms())
        .await
        .map_err(failed)?;
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
        .map_err(failed)
}
