//! Signing in: by password, or by the one-time link that the server prints.

use std::net::IpAddr;
use std::time::Duration;

use model::{SessionId, UserId};
use secrecy::{ExposeSecret, SecretString};
use store::{SessionRow, Store};
use url::Url;

use crate::app::App;
use crate::auth::cookie::SESSION_SECONDS;
use crate::auth::{PASSWORD_LIMIT, check_password};
use crate::clock::Clock;
use crate::error::{AppError, AppResult};
use crate::secrets::{new_secret, secret_hash};

/// Failed sign-ins count for this long, milliseconds.
pub(crate) const FAILURE_WINDOW_MS: i64 = 15 * 60 * 1000;

const FAILURES_PER_NAME: u64 = 5;
const FAILURES_PER_ADDRESS: u64 = 20;

/// A printed link works for this long, milliseconds.
const LINK_MS: i64 = 3600 * 1000;

/// A fresh session: the cookie's secret, and whether its person has no password yet.
#[derive(Debug)]
pub(crate) struct SignedIn {
    pub(crate) cookie: SecretString,
    pub(crate) needs_password: bool,
}

/// Signs in by name and password. Unknown names get the same answer in the same time.
pub(crate) async fn by_password(
    app: &App,
    name: &str,
    password: SecretString,
    address: IpAddr,
) -> AppResult<SignedIn> {
    let address = address.to_string();
    let failures = app.store.login_failures();
    refuse_further(app, name, &address, 1).await?;
    // It counts as failed until it is not: many at once must be no way around the limits.
    failures.record(name, &address, app.clock.now_ms()).await?;
    refuse_further(app, name, &address, 0).await?;
    let user = app.store.users().find_by_name(name).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let too_long = password.expose_secret().len() > PASSWORD_LIMIT;
    let right = app
        .passwords
        .is_right(
            if too_long {
                SecretString::from("")
            } else {
                password
            },
            hash,
        )
        .await?;
    let Some(user) = user.filter(|_| right && !too_long) else {
        return Err(AppError::wrong_credentials());
    };
    failures.clear(name).await?;
    start(app, user.id, false).await
}

/// Refuses where there are more failures than allowed, with so many more to come.
async fn refuse_further(app: &App, name: &str, address: &str, more: u64) -> AppResult<()> {
    let since = app.clock.now_ms() - FAILURE_WINDOW_MS;
    let failures = app.store.login_failures();
    if failures.count_by_name(name, since).await? + more <= FAILURES_PER_NAME
        && failures.count_by_address(address, since).await? + more <= FAILURES_PER_ADDRESS
    {
        return Ok(());
    }
    Err(AppError::too_many_requests(
        "Too many failed sign-ins. Wait a quarter of an hour, or use a sign-in link.",
        Duration::from_millis(FAILURE_WINDOW_MS.unsigned_abs()),
    ))
}

/// Signs the administrator in by the printed link's secret; it works once. Failed passwords never lock it.
pub(crate) async fn by_link(app: &App, secret: &str) -> AppResult<SignedIn> {
    if !app
        .store
        .login_links()
        .use_once(&secret_hash(secret), app.clock.now_ms())
        .await?
    {
        return Err(AppError::link_used_up());
    }
    let id = UserId::from_uuid(app.clock.new_id());
    let user = app
        .store
        .users()
        .ensure_admin(id, &app.config.admin_name, app.clock.now_ms())
        .await?;
    start(app, user.id, user.password_hash.is_none()).await
}

async fn start(app: &App, user: UserId, needs_password: bool) -> AppResult<SignedIn> {
    let cookie = new_secret();
    let now = app.clock.now_ms();
    let session = SessionRow {
        id: SessionId::from_uuid(app.clock.new_id()),
        token_sha256: secret_hash(cookie.expose_secret()),
        user_id: user,
        created_at: now,
        expires_at: now + SESSION_SECONDS * 1000,
    };
    app.store.sessions().insert(session).await?;
    Ok(SignedIn {
        cookie,
        needs_password,
    })
}

/// Ends a session and its event streams.
pub(crate) async fn sign_out(
    app: &App,
    session: SessionId,
    cookie: &SecretString,
) -> AppResult<()> {
    app.store
        .sessions()
        .delete(&secret_hash(cookie.expose_secret()))
        .await?;
    app.events.sign_out(session);
    Ok(())
}

/// Sets a person's password; from then on no link is printed at start.
pub(crate) async fn set_password(
    app: &App,
    (user, name): (UserId, &str),
    password: SecretString,
) -> AppResult<()> {
    check_password(password.expose_secret(), name).map_err(AppError::bad_request)?;
    let hash = app.passwords.hash(password).await?;
    app.store
        .users()
        .set_password_hash(user, Some(&hash))
        .await?;
    Ok(())
}

/// A fresh one-time link; older ones stop working. The secret sits in the fragment, which no server and no preview
/// fetch is told.
pub(crate) async fn new_link(store: &Store, clock: &Clock, public_url: &Url) -> AppResult<String> {
    let secret = new_secret();
    store
        .login_links()
        .replace(
            &secret_hash(secret.expose_secret()),
            clock.now_ms() + LINK_MS,
        )
        .await?;
    Ok(format!(
        "{public_url}sign-in/link#{}",
        secret.expose_secret()
    ))
}
