//! Forged requests are refused twice: by their `Origin`, and by a token that only our own pages know.

use data_encoding::BASE64URL_NOPAD;
use http::{HeaderMap, header};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::Url;

use crate::config::{ServerConfig, is_loopback};

/// The header that scripts send the token in; forms have a field named `csrf`.
pub(crate) const HEADER: &str = "x-csrf-token";

/// The token of a browser, made from its cookie, so that nothing needs to be stored.
pub(crate) fn token(cookie: &SecretString) -> String {
    let mut hash = Sha256::new();
    hash.update(b"quayside csrf\0");
    hash.update(cookie.expose_secret().as_bytes());
    BASE64URL_NOPAD.encode(&hash.finalize())
}

/// Whether a token is the browser's. Both are hashed, so that the comparison's time tells nothing.
pub(crate) fn is_token(cookie: &SecretString, given: &str) -> bool {
    Sha256::digest(token(cookie).as_bytes()) == Sha256::digest(given.as_bytes())
}

/// Whether a request comes from one of our own pages: its `Origin`, or for clients without one `Sec-Fetch-Site`.
pub(crate) fn is_own_origin(headers: &HeaderMap, config: &ServerConfig) -> bool {
    if let Some(origin) = headers.get(header::ORIGIN) {
        return origin
            .to_str()
            .ok()
            .and_then(|text| Url::parse(text).ok())
            .is_some_and(|url| same_origin(&url, config));
    }
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin" || site == "none",
        // Browsers that send neither header on a POST are older than our style sheet; programs use tokens.
        None => true,
    }
}

/// Whether an address has the public address's origin. On loopback every name of loopback will do: another site
/// cannot have it.
pub(crate) fn same_origin(url: &Url, config: &ServerConfig) -> bool {
    if url.origin() == config.public_url.origin() {
        return true;
    }
    config.is_loopback_http()
        && url.scheme() == "http"
        && url.port_or_known_default() == config.public_url.port_or_known_default()
        && url.host().is_some_and(|host| is_loopback(&host))
}
