use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::{Certificate, Proxy, redirect};
use tokio::time::timeout;
use url::{Host, Url};

use crate::{
    address::is_loopback_host,
    answer::{Fetched, Streaming},
    error::FetchError,
    exchange,
    guard::{Allowed, Guard, Range},
    request::Request,
    resolver::{GuardedResolver, Resolver, SystemResolver},
};

/// How a [`Client`] behaves.
#[derive(Clone)]
pub struct ClientConfig {
    /// Lets public sources name private addresses; link-local and metadata stay refused.
    pub allow_private_networks: bool,
    /// Hosts and networks that public sources may name although they are private.
    pub allowed: Vec<Allowed>,
    /// The way out, where there is no direct one.
    pub proxy: Option<ProxyConfig>,
    /// Certificates, as PEM, of further authorities to trust.
    pub extra_roots: Vec<Vec<u8>>,
    /// What the client calls itself.
    pub user_agent: String,
    /// Longest time for a connection to come about.
    pub connect_timeout: Duration,
    /// Where names are looked up.
    pub resolver: Arc<dyn Resolver>,
}

/// A proxy for everything but this machine and what is excepted.
///
/// The proxy looks names up, so only addresses written out can be guarded then.
#[derive(Debug, Clone)]
pub struct ProxyConfig {
    /// Its address; a user name and password in it are sent to the proxy alone.
    pub url: Url,
    /// Names that are asked directly, each with all names below it.
    pub bypass: Vec<String>,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            allow_private_networks: false,
            allowed: Vec::new(),
            proxy: None,
            extra_roots: Vec::new(),
            user_agent: concat!("quayside/", env!("CARGO_PKG_VERSION")).to_owned(),
            connect_timeout: Duration::from_secs(10),
            resolver: Arc::new(SystemResolver),
        }
    }
}

/// A client cannot be made from its configuration.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// A further authority's certificate cannot be read.
    #[error("the certificate of an authority to trust cannot be read")]
    Certificate(#[source] reqwest::Error),
    /// The proxy's address cannot be used.
    #[error("the proxy's address cannot be used")]
    Proxy(#[source] reqwest::Error),
    /// Anything else in the configuration.
    #[error("the HTTP client cannot be set up")]
    Setup(#[source] reqwest::Error),
}

/// The HTTP client; clones share their connections.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    guard: Arc<Guard>,
    config: ClientConfig,
    roots: Vec<Certificate>,
    anywhere: reqwest::Client,
    /// Made when first needed: the authorities to trust are read from disk for each.
    public_only: OnceLock<reqwest::Client>,
    proxied: Option<reqwest::Client>,
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").finish_non_exhaustive()
    }
}

impl Client {
    /// Sets a client up; [`crate::install_crypto_provider`] has to have run.
    pub fn new(config: ClientConfig) -> Result<Self, ClientError> {
        let mut roots = Vec::new();
        for pem in &config.extra_roots {
            roots.extend(Certificate::from_pem_bundle(pem).map_err(ClientError::Certificate)?);
        }
        let guard = Arc::new(Guard {
            allow_private_networks: config.allow_private_networks,
            allowed: config.allowed.clone(),
        });
        let anywhere = direct(&config, &guard, &roots, Range::Anywhere)?;
        let proxied = match &config.proxy {
            Some(proxy) => {
                let proxy = Proxy::all(proxy.url.clone()).map_err(ClientError::Proxy)?;
                // The only name this one looks up is the proxy's own, which the operator typed.
                Some(build(
                    || builder(&config, &guard, Range::Anywhere).proxy(proxy.clone()),
                    &roots,
                )?)
            }
            None => None,
        };
        Ok(Self {
            inner: Arc::new(Inner {
                guard,
                config,
                roots,
                anywhere,
                public_only: OnceLock::new(),
                proxied,
            }),
        })
    }

    /// Sends a request and receives the answer whole, whatever its status.
    pub async fn fetch(&self, request: Request) -> Result<Fetched, FetchError> {
        let deadline = request.deadline;
        let host = exchange::host_label(&request.url);
        timeout(deadline, exchange::fetch(self, request))
            .await
            .unwrap_or(Err(FetchError::TimedOut {
                host,
                after: deadline,
            }))
    }

    /// Sends a request and hands the body out as it comes, not decompressed.
    ///
    /// The request's deadline holds until the header is there, its silence from then on.
    pub async fn open(&self, request: Request) -> Result<Streaming, FetchError> {
        let deadline = request.deadline;
        let host = exchange::host_label(&request.url);
        timeout(deadline, exchange::open(self, request))
            .await
            .unwrap_or(Err(FetchError::TimedOut {
                host,
                after: deadline,
            }))
    }

    pub(crate) fn guard(&self) -> &Guard {
        &self.inner.guard
    }

    /// Whether a URL is asked through the proxy.
    pub(crate) fn is_proxied(&self, host: &Host<&str>) -> bool {
        let Some(proxy) = &self.inner.config.proxy else {
            return false;
        };
        if is_loopback_host(host) {
            return false;
        }
        let host = host.to_string();
        !proxy.bypass.iter().any(|name| {
            let name = name.trim_start_matches('.');
            host == name
                || host
                    .strip_suffix(name)
                    .is_some_and(|front| !name.is_empty() && front.ends_with('.'))
        })
    }

    /// The connections that may be used for a URL under an address rule.
    pub(crate) fn connections(
        &self,
        host: &Host<&str>,
        range: Range,
    ) -> Result<&reqwest::Client, ClientError> {
        let inner = &*self.inner;
        match (&inner.proxied, range) {
            (Some(proxied), _) if self.is_proxied(host) => Ok(proxied),
            (_, Range::Anywhere) => Ok(&inner.anywhere),
            (_, Range::PublicOnly) => {
                if let Some(client) = inner.public_only.get() {
                    return Ok(client);
                }
                let client = direct(&inner.config, &inner.guard, &inner.roots, range)?;
                Ok(inner.public_only.get_or_init(|| client))
            }
        }
    }
}

fn direct(
    config: &ClientConfig,
    guard: &Arc<Guard>,
    roots: &[Certificate],
    range: Range,
) -> Result<reqwest::Client, ClientError> {
    build(|| builder(config, guard, range).no_proxy(), roots)
}

fn builder(config: &ClientConfig, guard: &Arc<Guard>, range: Range) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(&config.user_agent)
        // Each hop is guarded by ourselves.
        .redirect(redirect::Policy::none())
        .referer(false)
        // Bytes are counted after decompression by ourselves.
        .no_gzip()
        .connect_timeout(config.connect_timeout)
        // Long enough for one icon after the other. Each kept connection takes 20 kB, and there may be 1,000 hosts.
        .pool_idle_timeout(Duration::from_secs(15))
        .pool_max_idle_per_host(8)
        .dns_resolver(GuardedResolver {
            resolver: Arc::clone(&config.resolver),
            guard: Arc::clone(guard),
            range,
        })
}

/// Builds with the system's authorities and the further ones. A system without any must still
/// be able to speak http, and https to hosts whose authority was named.
fn build(
    builder: impl Fn() -> reqwest::ClientBuilder,
    roots: &[Certificate],
) -> Result<reqwest::Client, ClientError> {
    match builder().tls_certs_merge(roots.to_vec()).build() {
        Ok(client) => Ok(client),
        Err(error) => {
            tracing::warn!(
                error = %crate::error::innermost(&error),
                "The system's certificate authorities cannot be used, so https works only with those named."
            );
            builder()
                .tls_certs_only(roots.to_vec())
                .build()
                .map_err(ClientError::Setup)
        }
    }
}
