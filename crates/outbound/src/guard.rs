use std::{fmt, net::IpAddr, str::FromStr};

use ipnet::IpNet;
use url::Host;

use crate::{
    address::{AddressKind, is_localhost},
    request::Reach,
};

/// A host or network that public sources may name although it is private.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// Every address of a network.
    Network(IpNet),
    /// Whatever a host name leads to.
    Host(String),
}

/// The text is neither a network, an address nor a host name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no network such as `10.0.0.0/8`, address or host name")]
pub struct AllowedError(String);

impl FromStr for Allowed {
    type Err = AllowedError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Ok(network) = text.parse::<IpNet>() {
            return Ok(Self::Network(network));
        }
        match Host::parse(text) {
            Ok(Host::Domain(name)) => Ok(Self::Host(name)),
            Ok(Host::Ipv4(address)) => Ok(Self::Network(IpAddr::V4(address).into())),
            Ok(Host::Ipv6(address)) => Ok(Self::Network(IpAddr::V6(address).into())),
            Err(_) => text
                .parse::<IpAddr>()
                .map(|address| Self::Network(address.into()))
                .map_err(|_| AllowedError(text.to_owned())),
        }
    }
}

/// Why the guard does not let a request go to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A public source named an address of a private network or of this machine.
    Inside(IpAddr),
    /// The address is link-local, multicast or a cloud's metadata service.
    Never(IpAddr),
    /// `localhost` led to an address of another machine.
    NotLoopback(IpAddr),
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inside(address) => write!(
                formatter,
                "{address} is a private address, and a public source named it"
            ),
            Self::Never(address) => write!(
                formatter,
                "{address} is a link-local, multicast or cloud metadata address, which is never asked"
            ),
            Self::NotLoopback(address) => {
                write!(formatter, "{address} is not an address of this machine")
            }
        }
    }
}

impl std::error::Error for Refusal {}

/// Which addresses a request may be connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Range {
    /// Private networks and this machine too.
    Anywhere,
    /// Public addresses and what is allowed by name or network.
    PublicOnly,
}

/// The address rule with the operator's exceptions.
#[derive(Debug, Default)]
pub(crate) struct Guard {
    pub(crate) allow_private_networks: bool,
    pub(crate) allowed: Vec<Allowed>,
}

impl Guard {
    pub(crate) fn range(&self, reach: Reach) -> Range {
        match reach {
            Reach::Supplied { from_public: true } if !self.allow_private_networks => {
                Range::PublicOnly
            }
            Reach::Typed | Reach::Supplied { .. } => Range::Anywhere,
        }
    }

    /// Checks a host that is an address written out; names are checked when they resolve.
    pub(crate) fn check_host(&self, host: &Host<&str>, range: Range) -> Result<(), Refusal> {
        match host {
            Host::Domain(_) => Ok(()),
            Host::Ipv4(address) => self.check(None, IpAddr::V4(*address), range),
            Host::Ipv6(address) => self.check(None, IpAddr::V6(*address), range),
        }
    }

    /// Checks one address that a name led to, or that was written out.
    pub(crate) fn check(
        &self,
        name: Option<&str>,
        address: IpAddr,
        range: Range,
    ) -> Result<(), Refusal> {
        let kind = AddressKind::of(address);
        if kind == AddressKind::Forbidden {
            return Err(Refusal::Never(address));
        }
        // Credentials may go over http to `localhost`, so it has to be this machine.
        if name.is_some_and(is_localhost) && kind != AddressKind::Loopback {
            return Err(Refusal::NotLoopback(address));
        }
        if kind == AddressKind::Public || range == Range::Anywhere || self.is_allowed(name, address)
        {
            Ok(())
        } else {
            Err(Refusal::Inside(address))
        }
    }

    fn is_allowed(&self, name: Option<&str>, address: IpAddr) -> bool {
        self.allowed.iter().any(|allowed| match allowed {
            Allowed::Network(network) => network.contains(&address),
            Allowed::Host(host) => name.is_some_and(|name| {
                name.strip_suffix('.')
                    .unwrap_or(name)
                    .eq_ignore_ascii_case(host)
            }),
        })
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    const PUBLIC_SOURCE: Reach = Reach::Supplied { from_public: true };

    fn check_url(guard: &Guard, text: &str, reach: Reach) -> Result<(), Refusal> {
        let url = Url::parse(text).unwrap();
        guard.check_host(&url.host().unwrap(), guard.range(reach))
    }

    #[test]
    fn written_forms_of_inside_addresses_are_refused_to_public_sources() {
        let forms = [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://127.0.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.0.0.1/",
            "http://0X7F.1/",
            "http://0177.0.0.1/",
            "http://017700000001/",
            "http://127.0.0.1./",
            "http://0/",
            "http://0.0.0.0/",
            "http://0x0/",
            "http://127.0.0.1:8080/",
            "http://user@127.0.0.1/",
            "http://1.1.1.1@127.0.0.1/",
            "http://①②⑦.⓪.⓪.①/",
            "http://127。0。0。1/",
            "http://１２７.0.0.1/",
            "http://%31%32%37.0.0.1/",
            "http://[::1]/",
            "http://[0:0:0:0:0:0:0:1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://10.0.0.1/",
            "http://167772161/",
            "http://012.0.0.1/",
            "http://0xa.0.0.1/",
            "http://172.16.0.1/",
            "http://192.168.0.1/",
            "http://0xc0a80001/",
            "http://3232235521/",
            "http://0300.0250.0.1/",
            "http://[fc00::1]/",
            "http://[fd00::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[64:ff9b::10.0.0.1]/",
            "http://[2002:a00:1::]/",
            "http://100.64.0.1/",
            "http://198.18.0.1/",
        ];
        for form in forms {
            let result = check_url(&Guard::default(), form, PUBLIC_SOURCE);
            assert!(matches!(result, Err(Refusal::Inside(_))), "{form}");
            let typed = check_url(&Guard::default(), form, Reach::Typed);
            assert_eq!(typed, Ok(()), "{form}");
        }
    }

    #[test]
    fn metadata_is_refused_even_where_everything_is_allowed() {
        let guard = Guard {
            allow_private_networks: true,
            allowed: vec!["0.0.0.0/0".parse().unwrap(), "::/0".parse().unwrap()],
        };
        let forms = [
            "http://169.254.169.254/latest/meta-data/",
            "http://2852039166/",
            "http://0xa9fea9fe/",
            "http://0251.0376.0251.0376/",
            "http://169.254.43518/",
            "http://[::ffff:169.254.169.254]/",
            "http://[::ffff:a9fe:a9fe]/",
            "http://[64:ff9b::169.254.169.254]/",
            "http://[2002:a9fe:a9fe::]/",
            "http://[fe80::1]/",
            "http://[fd00:ec2::254]/",
            "http://100.100.100.200/",
            "http://1684301000/",
        ];
        for form in forms {
            let result = check_url(&guard, form, Reach::Typed);
            assert!(matches!(result, Err(Refusal::Never(_))), "{form}");
        }
    }

    #[test]
    fn exceptions_open_what_they_name_and_no_more() {
        let guard = Guard {
            allow_private_networks: false,
            allowed: vec![
                "10.1.0.0/16".parse().unwrap(),
                "nas.example".parse().unwrap(),
            ],
        };
        let inside: IpAddr = "10.2.0.1".parse().unwrap();
        assert_eq!(check_url(&guard, "http://10.1.2.3/", PUBLIC_SOURCE), Ok(()));
        assert!(check_url(&guard, "http://10.2.0.1/", PUBLIC_SOURCE).is_err());
        assert_eq!(
            guard.check(Some("NAS.example."), inside, Range::PublicOnly),
            Ok(())
        );
        assert!(
            guard
                .check(Some("x.nas.example"), inside, Range::PublicOnly)
                .is_err()
        );
    }

    #[test]
    fn localhost_has_to_be_this_machine() {
        let guard = Guard::default();
        let other: IpAddr = "93.184.216.34".parse().unwrap();
        assert_eq!(
            guard.check(Some("localhost"), other, Range::Anywhere),
            Err(Refusal::NotLoopback(other))
        );
    }

    #[test]
    fn exceptions_are_read_from_text() {
        assert!(matches!("10.0.0.0/8".parse(), Ok(Allowed::Network(_))));
        assert!(matches!("10.0.0.1".parse(), Ok(Allowed::Network(_))));
        assert!(matches!("fd00::1".parse(), Ok(Allowed::Network(_))));
        assert_eq!(
            "NAS.Example".parse(),
            Ok(Allowed::Host("nas.example".to_owned()))
        );
        assert!("a b".parse::<Allowed>().is_err());
        assert!("10.0.0.0/99".parse::<Allowed>().is_err());
    }
}
