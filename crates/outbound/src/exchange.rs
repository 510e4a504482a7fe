use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use reqwest::Response;
use secrecy::ExposeSecret;
use url::{Host, Url};

use crate::{
    address::{AddressKind, is_loopback_host},
    answer::{Fetched, Streaming},
    body::{BodyError, BodyReader},
    client::Client,
    error::FetchError,
    request::{Authorization, Reach, Request},
};

/// An answer whose header is there.
struct Opened {
    response: Response,
    url: Url,
    host: String,
    from_public: bool,
}

pub(crate) async fn fetch(client: &Client, request: Request) -> Result<Fetched, FetchError> {
    let limit = request.body_limit;
    let deadline = request.deadline;
    let Opened {
        mut response,
        url,
        host,
        from_public,
    } = follow(client, request).await?;

    let too_large = || FetchError::TooLarge {
        host: host.clone(),
        limit,
    };
    let gzip = is_gzip(response.headers(), &host)?;
    let mut reader = BodyReader::new(gzip, limit);
    if let (false, Some(length)) = (gzip, response.content_length()) {
        if length > limit {
            return Err(too_large());
        }
        reader.reserve(length);
    }
    let failed = |error| match error {
        BodyError::TooLarge => too_large(),
        BodyError::Damaged(error) => FetchError::BrokenTransfer {
            host: host.clone(),
            reason: format!("its compressed form is damaged: {error}"),
        },
    };
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| FetchError::from_transport(&host, deadline, &error))?
    {
        reader.push(&chunk).map_err(failed)?;
    }
    let (body, wire_bytes) = reader.finish().map_err(failed)?;
    Ok(Fetched {
        status: response.status(),
        headers: std::mem::take(response.headers_mut()),
        body,
        final_url: url,
        from_public,
        wire_bytes,
    })
}

pub(crate) async fn open(client: &Client, request: Request) -> Result<Streaming, FetchError> {
    let limit = request.body_limit;
    let idle = request.idle;
    let Opened {
        response,
        url,
        host,
        from_public,
    } = follow(client, request).await?;
    Ok(Streaming {
        status: response.status(),
        headers: response.headers().clone(),
        final_url: url,
        from_public,
        response: Some(response),
        host,
        idle,
        limit,
        received: 0,
    })
}

/// The host of a URL for texts, with its port where that is not the usual one.
pub(crate) fn host_label(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    }
}

/// Sends a request and follows redirects; each hop passes the guard anew.
async fn follow(client: &Client, mut request: Request) -> Result<Opened, FetchError> {
    let follows = request.redirects > 0 && matches!(request.method, Method::GET | Method::HEAD);
    let mut from_public = matches!(request.reach, Reach::Supplied { from_public: true });
    let mut hops = 0;
    loop {
        let opened = send(client, &mut request).await?;
        from_public |= opened.from_public;
        let location = opened.response.headers().get(header::LOCATION);
        if !follows || !is_redirect(opened.response.status()) {
            return Ok(Opened {
                from_public,
                ..opened
            });
        }
        let host = opened.host;
        hops += 1;
        if hops > request.redirects {
            return Err(FetchError::TooManyRedirects {
                host,
                limit: request.redirects,
            });
        }
        let Some(next) = location.and_then(|location| target(&opened.url, location)) else {
            return Err(FetchError::BadRedirect { host });
        };
        if next.origin() != opened.url.origin() {
            // Once lost, they stay lost: a way back is the other origin's choice too.
            request.authorization = None;
            for name in [
                header::AUTHORIZATION,
                header::COOKIE,
                header::PROXY_AUTHORIZATION,
            ] {
                request.headers.remove(name);
            }
        }
        request.url = next;
        request.reach = Reach::Supplied { from_public };
    }
}

/// Sends one request, without following.
async fn send(client: &Client, request: &mut Request) -> Result<Opened, FetchError> {
    let url = &mut request.url;
    // The HTTP library would turn these into credentials.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    let url = url.clone();
    let host = match url.host() {
        Some(host) if matches!(url.scheme(), "http" | "https") => host,
        _ => {
            let mut url = url.clone();
            url.set_query(None);
            return Err(FetchError::NotHttp { url: url.into() });
        }
    };
    let label = host_label(&url);

    let carries_credentials =
        request.authorization.is_some() || request.headers.contains_key(header::AUTHORIZATION);
    let is_in_the_clear = url.scheme() == "http" && !is_loopback_host(&host);
    if carries_credentials && is_in_the_clear && !request.insecure_http {
        return Err(FetchError::CredentialsOverHttp { host: label });
    }

    let range = client.guard().range(request.reach);
    client
        .guard()
        .check_host(&host, range)
        .map_err(|refusal| FetchError::Address {
            host: label.clone(),
            refusal,
        })?;
    let proxied = client.is_proxied(&host);
    let connections =
        client
            .connections(&host, range)
            .map_err(|error| FetchError::NotConnected {
                host: label.clone(),
                reason: error.to_string(),
            })?;

    let mut builder = connections
        .request(request.method.clone(), url.clone())
        .headers(request.headers.clone());
    if !request.headers.contains_key(header::ACCEPT_ENCODING) {
        let encoding = if request.accept_gzip {
            "gzip"
        } else {
            "identity"
        };
        builder = builder.header(header::ACCEPT_ENCODING, encoding);
    }
    builder = match &request.authorization {
        Some(Authorization::Basic { username, password }) => {
            builder.basic_auth(username, Some(password.expose_secret()))
        }
        Some(Authorization::Bearer(token)) => builder.bearer_auth(token.expose_secret()),
        None => builder,
    };
    if !request.body.is_empty() || matches!(request.method, Method::POST | Method::PUT) {
        builder = builder.body(request.body.clone());
    }
    let response = builder
        .send()
        .await
        .map_err(|error| FetchError::from_transport(&label, request.deadline, &error))?;

    // The peer of a proxied request is the proxy, which says nothing about the host.
    let from_public = if proxied {
        match host {
            Host::Domain(_) => true,
            Host::Ipv4(address) => AddressKind::of(address.into()) == AddressKind::Public,
            Host::Ipv6(address) => AddressKind::of(address.into()) == AddressKind::Public,
        }
    } else {
        response
            .remote_addr()
            .is_none_or(|peer| AddressKind::of(peer.ip()) == AddressKind::Public)
    };
    Ok(Opened {
        response,
        host: label,
        from_public,
        url,
    })
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Where a redirect leads, if that is an address that can be asked.
fn target(from: &Url, location: &HeaderValue) -> Option<Url> {
    // Real servers send raw UTF-8 here.
    let location = std::str::from_utf8(location.as_bytes()).ok()?;
    let url = from.join(location).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// Whether a body is compressed; an encoding other than gzip is an error.
fn is_gzip(headers: &HeaderMap, host: &str) -> Result<bool, FetchError> {
    let Some(value) = headers.get(header::CONTENT_ENCODING) else {
        return Ok(false);
    };
    let encoding = String::from_utf8_lossy(value.as_bytes())
        .trim()
        .to_ascii_lowercase();
    match encoding.as_str() {
        "gzip" | "x-gzip" => Ok(true),
        "" | "identity" => Ok(false),
        _ => Err(FetchError::UnknownEncoding {
            host: host.to_owned(),
            encoding: encoding.chars().take(40).collect(),
        }),
    }
}
