use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use ipnet::IpNet;

use crate::app::App;

/// Where a request comes from, proxies taken into account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress {
    pub(crate) ip: IpAddr,
    /// Whether a proxy spoke for somebody else.
    pub(crate) forwarded: bool,
}

/// Finds out where a request comes from. Requests of the embedded agent have no connection: they are loopback.
pub(crate) async fn client_address(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |info| {
            info.0.ip().to_canonical()
        });
    let address = resolve(peer, request.headers(), &app.config.trusted_proxies);
    request.extensions_mut().insert(address);
    next.run(request).await
}

/// `X-Forwarded-For` counts only from a trusted proxy: its last address that is no trusted proxy itself.
fn resolve(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> ClientAddress {
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|network| network.contains(ip));
    let forwarded = headers.contains_key("x-forwarded-for") || headers.contains_key("forwarded");
    if !is_trusted(&peer) {
        return ClientAddress {
            ip: peer,
            forwarded,
        };
    }
    let hops = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut hops: Vec<&str> = hops
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let mut ip = peer;
    while let Some(hop) = hops.pop().and_then(|text| text.parse::<IpAddr>().ok()) {
        ip = hop.to_canonical();
        if !is_trusted(&ip) {
            break;
        }
    }
    ClientAddress { ip, forwarded }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(peer: &str, header: &str, expect: &str) {
        let mut headers = HeaderMap::new();
        if !header.is_empty() {
            headers.insert("x-forwarded-for", header.parse().unwrap());
        }
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let found = resolve(peer.parse().unwrap(), &headers, &trusted);
        assert_eq!(found.ip.to_string(), expect, "{peer} with {header:?}");
    }

    #[test]
    fn only_trusted_proxies_speak_for_others() {
        check("192.0.2.1", "", "192.0.2.1");
        check("192.0.2.1", "198.51.100.7", "192.0.2.1");
        check("10.0.0.1", "198.51.100.7", "198.51.100.7");
        check(
            "10.0.0.1",
            "6.6.6.6, 198.51.100.7, 10.0.0.2",
            "198.51.100.7",
        );
        check("10.0.0.1", "nonsense", "10.0.0.1");
        check("10.0.0.1", "", "10.0.0.1");
    }
}
