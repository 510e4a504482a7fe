use std::{
    fmt, io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::guard::{Guard, Range, Refusal};

/// The answer of a [`Resolver`], once it is there.
type Resolution<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Where host names are looked up; the system, unless a test brings its own.
pub trait Resolver: Send + Sync {
    /// All addresses of a name.
    fn resolve<'a>(&'a self, name: &'a str) -> Resolution<'a>;
}

/// The system's own lookup, hosts file included.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve<'a>(&'a self, name: &'a str) -> Resolution<'a> {
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((name, 0)).await?;
            Ok(addresses.map(|address| address.ip()).collect())
        })
    }
}

/// A lookup that hands out only what the guard lets pass.
pub(crate) struct GuardedResolver {
    pub(crate) resolver: Arc<dyn Resolver>,
    pub(crate) guard: Arc<Guard>,
    pub(crate) range: Range,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = Arc::clone(&self.resolver);
        let guard = Arc::clone(&self.guard);
        let range = self.range;
        Box::pin(async move {
            let name = name.as_str();
            let found = resolver.resolve(name).await.map_err(NotResolved)?;
            let mut refusal: Option<Refusal> = None;
            let mut passed = Vec::with_capacity(found.len());
            for address in found {
                match guard.check(Some(name), address, range) {
                    Ok(()) => passed.push(SocketAddr::new(address, 0)),
                    Err(refused) => refusal = refusal.or(Some(refused)),
                }
            }
            if passed.is_empty() {
                return Err(match refusal {
                    Some(refusal) => refusal.into(),
                    None => NotResolved(io::Error::other("it has no address")).into(),
                });
            }
            let passed: Addrs = Box::new(passed.into_iter());
            Ok(passed)
        })
    }
}

/// The lookup itself failed.
#[derive(Debug)]
pub(crate) struct NotResolved(pub(crate) io::Error);

impl fmt::Display for NotResolved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

impl std::error::Error for NotResolved {}
