use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Host;

/// Where an address lies, as far as the guard cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddressKind {
    /// Reachable from anywhere.
    Public,
    /// Of a private, shared, reserved or documentation network.
    Private,
    /// This machine itself.
    Loopback,
    /// Link-local, multicast, or a cloud's metadata service: never asked.
    Forbidden,
}

impl AddressKind {
    /// Tells where an address lies, looking through the forms that carry an IPv4 address
    /// inside an IPv6 one.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }
}

/// Whether a URL's host names this machine: a loopback address, `localhost`, or a name below it.
pub fn is_loopback_host(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => is_localhost(name),
        Host::Ipv4(address) => of_v4(*address) == AddressKind::Loopback,
        Host::Ipv6(address) => of_v6(*address) == AddressKind::Loopback,
    }
}

/// Whether a name is `localhost` or below it (RFC 6761).
pub(crate) fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last_label = name.rsplit('.').next().unwrap_or(name);
    last_label.eq_ignore_ascii_case("localhost")
}

/// Metadata services that do not sit on a link-local address.
const METADATA_V4: [Ipv4Addr; 3] = [
    // Alibaba Cloud.
    Ipv4Addr::new(100, 100, 100, 200),
    // Oracle Cloud, classic.
    Ipv4Addr::new(192, 0, 0, 192),
    // Azure's host agent.
    Ipv4Addr::new(168, 63, 129, 16),
];

/// The same for IPv6: AWS, Google Cloud, Scaleway.
const METADATA_V6: [Ipv6Addr; 3] = [
    Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254),
    Ipv6Addr::new(0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254),
    Ipv6Addr::new(0xfd00, 0x0042, 0, 0, 0, 0, 0, 0x0042),
];

fn of_v4(address: Ipv4Addr) -> AddressKind {
    if address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || METADATA_V4.contains(&address)
    {
        return AddressKind::Forbidden;
    }
    // 0.0.0.0 connects to this machine on common systems.
    if address.is_loopback() || address.is_unspecified() {
        return AddressKind::Loopback;
    }
    match address.octets() {
        [0 | 10 | 240..=255, ..]
        | [100, 64..=127, ..]
        | [172, 16..=31, ..]
        | [192, 168, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => AddressKind::Private,
        _ => AddressKind::Public,
    }
}

fn of_v6(address: Ipv6Addr) -> AddressKind {
    let segments = address.segments();
    if address.is_unicast_link_local() || address.is_multicast() || METADATA_V6.contains(&address) {
        return AddressKind::Forbidden;
    }
    if address.is_loopback() || address.is_unspecified() {
        return AddressKind::Loopback;
    }
    if let Some(translated) = translated_v4(&segments) {
        return of_v4(translated);
    }
    let own = match segments {
        // Teredo hides a second address behind a relay of the sender's choice; the rest
        // are benchmarking, ORCHID and documentation.
        [0x2001, 0 | 0x0002 | 0x0010..=0x002f | 0x0db8, ..] | [0x3fff, ..] => AddressKind::Private,
        // Only 2000::/3 is handed out to the public.
        [0x2000..=0x3fff, ..] => AddressKind::Public,
        _ => AddressKind::Private,
    };
    tunnelled_v4(&segments).map_or(own, |tunnelled| own.max(of_v4(tunnelled)))
}

/// The IPv4 address that stands for the whole IPv6 one.
fn translated_v4(segments: &[u16; 8]) -> Option<Ipv4Addr> {
    match *segments {
        // Mapped, compatible and translated: ::ffff:a.b.c.d, ::a.b.c.d, ::ffff:0:a.b.c.d.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        // NAT64 with its well-known prefix.
        | [0x0064, 0xff9b, 0, 0, 0, 0, high, low]
        // 6to4.
        | [0x2002, high, low, ..] => Some(joined(high, low)),
        _ => None,
    }
}

/// The IPv4 address that a gateway of some network may take out of an IPv6 one.
fn tunnelled_v4(segments: &[u16; 8]) -> Option<Ipv4Addr> {
    match *segments {
        // NAT64 with a local prefix.
        [0x0064, 0xff9b, 1, 0, 0, 0, high, low]
        // ISATAP, under any prefix.
        | [_, _, _, _, 0 | 0x0200, 0x5efe, high, low] => Some(joined(high, low)),
        _ => None,
    }
}

fn joined(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: AddressKind, addresses: &[&str]) {
        for text in addresses {
            let address: IpAddr = text.parse().unwrap();
            assert_eq!(AddressKind::of(address), expected, "{text}");
        }
    }

    #[test]
    fn public_addresses_are_told_from_the_rest() {
        check(
            AddressKind::Public,
            &[
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "198.17.255.255",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450:4001::200e",
                "::ffff:1.1.1.1",
                "64:ff9b::101:101",
                "2002:0101:0101::1",
            ],
        );
    }

    #[test]
    fn inside_addresses_are_private_in_every_dress() {
        check(
            AddressKind::Private,
            &[
                "10.0.0.1",
                "0.1.2.3",
                "100.64.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "198.18.0.1",
                "198.51.100.7",
                "203.0.113.7",
                "240.0.0.1",
                "fc00::1",
                "fd12:3456::1",
                "fec0::1",
                "100::1",
                "2001:db8::1",
                "2001::1",
                "2001:10::1",
                "3fff::1",
                "5f00::1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b:1::a00:1",
                "2002:0a00:0001::1",
                "2a00::5efe:10.0.0.1",
                "fd00::5efe:1.1.1.1",
                "64:ff9b:1::101:101",
            ],
        );
    }

    #[test]
    fn loopback_is_seen_in_every_dress() {
        check(
            AddressKind::Loopback,
            &[
                "127.0.0.1",
                "127.255.255.254",
                "0.0.0.0",
                "::1",
                "::",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "::ffff:0:127.0.0.1",
                "64:ff9b::7f00:1",
                "2002:7f00:0001::1",
            ],
        );
    }

    #[test]
    fn link_local_and_metadata_are_forbidden_in_every_dress() {
        check(
            AddressKind::Forbidden,
            &[
                "169.254.0.1",
                "169.254.169.254",
                "100.100.100.200",
                "192.0.0.192",
                "168.63.129.16",
                "224.0.0.1",
                "255.255.255.255",
                "fe80::1",
                "febf::1",
                "fd00:ec2::254",
                "fd20:ce::254",
                "ff02::1",
                "::ffff:169.254.169.254",
                "::ffff:100.100.100.200",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
            ],
        );
    }

    #[test]
    fn names_below_localhost_are_this_machine() {
        for name in ["localhost", "LOCALHOST", "localhost.", "app.localhost"] {
            assert!(is_localhost(name), "{name}");
        }
        for name in ["localhost.example", "notlocalhost", "localhosts"] {
            assert!(!is_localhost(name), "{name}");
        }
    }
}
