//! The one cookie: an opaque random secret, of which the database keeps the hash.

use http::{HeaderMap, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

use crate::config::ServerConfig;

/// How long a person stays signed in.
pub(crate) const SESSION_SECONDS: i64 = 7 * 24 * 3600;

/// Which cookie is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A person signed in.
    Session,
    /// A visitor before signing in: only ties the form's CSRF token to this browser.
    Visitor,
}

impl Kind {
    /// `__Host-` and `Secure` unless the public address is http on loopback, where browsers would refuse them.
    fn name(self, config: &ServerConfig) -> &'static str {
        match (self, config.is_loopback_http()) {
            (Self::Session, false) => "__Host-quayside",
            (Self::Session, true) => "quayside",
            (Self::Visitor, false) => "__Host-quayside-visitor",
            (Self::Visitor, true) => "quayside-visitor",
        }
    }
}

/// Reads a cookie.
pub(crate) fn read(headers: &HeaderMap, kind: Kind, config: &ServerConfig) -> Option<SecretString> {
    let name = kind.name(config);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| SecretString::from(value.to_owned()))
}

/// The header that sets a cookie.
pub(crate) fn set(kind: Kind, secret: &SecretString, config: &ServerConfig) -> HeaderValue {
    let age = match kind {
        Kind::Session => SESSION_SECONDS,
        Kind::Visitor => 3600,
    };
    header_value(kind, secret.expose_secret(), age, config)
}

/// The header that removes a cookie.
pub(crate) fn clear(kind: Kind, config: &ServerConfig) -> HeaderValue {
    header_value(kind, "", 0, config)
}

fn header_value(kind: Kind, value: &str, age: i64, config: &ServerConfig) -> HeaderValue {
    let secure = if config.is_loopback_http() {
        ""
    } else {
        "; Secure"
    };
    let text = format!(
        "{}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}",
        kind.name(config)
    );
    let mut header = HeaderValue::try_from(text).expect("base64 and ASCII names make a header");
    header.set_sensitive(true);
    header
}
