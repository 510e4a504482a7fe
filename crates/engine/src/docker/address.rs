use std::fmt;
use std::net::IpAddr;
use std::path::Path;
use std::str::FromStr;

/// Where a Docker Engine listens: a local socket, or plain TCP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DockerAddress {
    /// Path of a local socket.
    Socket(String),
    /// `host:port`, spoken to without TLS.
    Tcp(String),
}

/// A text that names no Docker Engine we can speak to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no Docker Engine: use unix:///path/to/docker.sock or tcp://host:port")]
pub struct DockerAddressError(String);

impl DockerAddress {
    /// Where Docker listens unless it is told otherwise.
    pub fn local() -> Self {
        Self::Socket("/var/run/docker.sock".to_owned())
    }

    /// Whether there is nothing to connect to: a host without Docker has no socket.
    pub fn is_absent(&self) -> bool {
        match self {
            Self::Socket(path) => !Path::new(path).exists(),
            Self::Tcp(_) => false,
        }
    }

    /// Whether paths that the engine names may be paths of this host.
    pub(crate) fn is_this_host(&self) -> bool {
        match self {
            Self::Socket(_) => true,
            Self::Tcp(address) => {
                let host = address.rsplit_once(':').map_or("", |(host, _)| host);
                let bare = host.trim_start_matches('[').trim_end_matches(']');
                bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
            }
        }
    }
}

impl FromStr for DockerAddress {
    type Err = DockerAddressError;

    fn from_str(text: &str) -> Result<Self, DockerAddressError> {
        let refused = || DockerAddressError(text.to_owned());
        if text.starts_with('/') {
            return Ok(Self::Socket(text.to_owned()));
        }
        match text.split_once("://") {
            Some(("unix", path)) if path.starts_with('/') => Ok(Self::Socket(path.to_owned())),
            Some(("tcp" | "http", address)) => {
                let address = address.trim_end_matches('/');
                let (host, port) = address.rsplit_once(':').ok_or_else(refused)?;
                let valid = !host.is_empty() && !host.contains('/') && port.parse::<u16>().is_ok();
                valid
                    .then(|| Self::Tcp(address.to_owned()))
                    .ok_or_else(refused)
            }
            _ => Err(refused()),
        }
    }
}

impl fmt::Display for DockerAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(path) => write!(formatter, "unix://{path}"),
            Self::Tcp(address) => write!(formatter, "tcp://{address}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<&str>, this_host: bool) {
        let address = text.parse::<DockerAddress>().ok();
        assert_eq!(
            address.as_ref().map(ToString::to_string).as_deref(),
            expect,
            "{text}"
        );
        assert_eq!(
            address.is_some_and(|address| address.is_this_host()),
            this_host,
            "{text}"
        );
    }

    #[test]
    fn addresses_as_docker_host_has_them() {
        check("/run/docker.sock", Some("unix:///run/docker.sock"), true);
        check(
            "unix:///run/user/1000/podman.sock",
            Some("unix:///run/user/1000/podman.sock"),
            true,
        );
        check("tcp://127.0.0.1:2375", Some("tcp://127.0.0.1:2375"), true);
        check("http://[::1]:2375/", Some("tcp://[::1]:2375"), true);
        check(
            "tcp://docker-2.internal:2375",
            Some("tcp://docker-2.internal:2375"),
            false,
        );
        check("tcp://docker-2.internal", None, false);
        check("unix://relative.sock", None, false);
        check("ssh://root@host", None, false);
        check("https://host:2376", None, false);
        check("", None, false);
    }
}
