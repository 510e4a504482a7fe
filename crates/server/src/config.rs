use std::path::PathBuf;

use ipnet::IpNet;
use secrecy::SecretBox;
use url::Url;

/// What the server needs to know before it starts.
#[derive(Debug)]
pub struct ServerConfig {
    /// The address that people type. Decides the Host headers allowed and whether cookies are `Secure`.
    pub public_url: Url,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The first-party registry to install at the first start.
    pub first_party: Option<Url>,
    /// Whether registries and image registries may lead into private networks.
    pub allow_private_networks: bool,
    /// Name of the first administrator.
    pub admin_name: String,
    /// Seals what must be read back.
    pub secret_key: SecretBox<[u8; 32]>,
    /// The read-only image endpoint, where it is switched on.
    pub images: Option<ImagesEndpoint>,
}

/// The read-only image endpoint `/v2/`.
#[derive(Debug, Clone)]
pub struct ImagesEndpoint {
    /// Folder of the OCI layout to serve.
    pub layout: PathBuf,
    /// Whether no token is asked for; only on loopback.
    pub anonymous: bool,
}

impl ServerConfig {
    /// Whether the public address is http on a loopback host, the only one where cookies need no TLS.
    pub fn is_loopback_http(&self) -> bool {
        self.public_url.scheme() == "http"
            && self
                .public_url
                .host()
                .is_some_and(|host| is_loopback(&host))
    }
}

/// Whether a host of an address is this machine.
pub(crate) fn is_loopback(host: &url::Host<&str>) -> bool {
    match host {
        url::Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        url::Host::Ipv4(address) => address.is_loopback(),
        url::Host::Ipv6(address) => address.is_loopback(),
    }
}
