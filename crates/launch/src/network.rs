//! Networks, ports, names of hosts.

use std::net::IpAddr;

use model::json::{Kind, Value};

use crate::setting::Setting;
use crate::shape::each;
use crate::yaml::Yaml;

/// A network that is there, or one of the engine's own ways.
pub(crate) fn network(setting: &mut Setting<'_>, value: &Value) {
    let Some(network) = setting.text(value) else {
        return;
    };
    let is_name = |name: &str| {
        name.starts_with(|sign: char| sign.is_ascii_alphanumeric())
            && name
                .chars()
                .all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '.' | '-'))
    };
    if let Some(container) = network.strip_prefix("container:") {
        if !is_name(container) {
            return setting.neither("no container has such a name");
        }
        setting.entry_at("network_mode", Yaml::text(&network));
    } else if matches!(network.as_str(), "none" | "host" | "bridge" | "default") {
        setting.entry_at("network_mode", Yaml::text(&network));
    } else if is_name(&network) {
        setting.item(Yaml::text(&network));
        setting.network(&network);
    } else {
        return setting.neither("no network has such a name");
    }
    setting.flag(network);
}

/// An object of names and addresses, or an array of `name:address`.
pub(crate) fn extra_hosts(setting: &mut Setting<'_>, value: &Value) {
    if value.as_array().is_some() {
        return each(setting, value, |setting, item| {
            let Some(text) = setting.text(item) else {
                return;
            };
            match text.split_once(':') {
                Some((name, address)) => host(setting, name, address),
                None => setting.neither("expected name:address"),
            }
        });
    }
    for (name, value) in setting.object(value).unwrap_or_default() {
        let mut setting = setting.inner(&name);
        if let Some(address) = setting.text(value) {
            host(&mut setting, &name, &address);
        }
    }
}

fn host(setting: &mut Setting<'_>, name: &str, address: &str) {
    if name.is_empty() || name.contains(':') {
        return setting.neither("expected the name of a host");
    }
    if address != "host-gateway" && address.parse::<IpAddr>().is_err() {
        return setting.neither("expected an address of the Internet Protocol, or host-gateway");
    }
    setting.both(format!("{name}:{address}"));
}

/// An object of containers and their names inside, or an array of pairs.
pub(crate) fn links(setting: &mut Setting<'_>, value: &Value) {
    if value.as_array().is_some() {
        return each(setting, value, |setting, item| match setting.array(item) {
            Some([container, alias]) => {
                if let (Some(container), Some(alias)) =
                    (setting.text(container), setting.text(alias))
                {
                    link(setting, &container, &alias);
                }
            }
            Some(_) => setting.neither("expected a container and its name inside"),
            None => {}
        });
    }
    for (container, value) in setting.object(value).unwrap_or_default() {
        let mut setting = setting.inner(&container);
        if value.is_null() {
            link(&mut setting, &container, "");
        } else if let Some(alias) = setting.text(value) {
            link(&mut setting, &container, &alias);
        }
    }
}

fn link(setting: &mut Setting<'_>, container: &str, alias: &str) {
    if container.is_empty() || container.contains(':') || alias.contains(':') {
        return setting.neither("no container has such a name");
    }
    let colon = if alias.is_empty() { "" } else { ":" };
    setting.both(format!("{container}{colon}{alias}"));
}

/// An object of ports inside, such as `8080/tcp`, and ports of the host.
pub(crate) fn ports(setting: &mut Setting<'_>, value: &Value) {
    for (inside, value) in setting.object(value).unwrap_or_default() {
        let mut setting = setting.inner(&inside);
        let (port, protocol) = inside.split_once('/').unwrap_or((&inside, "tcp"));
        if port.parse::<u16>().is_err() || !matches!(protocol, "tcp" | "udp" | "sctp") {
            setting.neither("expected a port and its protocol, such as 8080/tcp");
            continue;
        }
        match value.as_array() {
            Some(_) => each(&mut setting, value, |setting, item| {
                published(setting, port, protocol, item);
            }),
            None => published(&mut setting, port, protocol, value),
        }
    }
}

fn published(setting: &mut Setting<'_>, port: &str, protocol: &str, value: &Value) {
    let (address, host_port) = match &value.kind {
        Kind::Object(_) => {
            let part = |key| value.get(key).filter(|part| !part.is_null());
            let Some(host_port) = part("HostPort") else {
                return setting.neither("expected an object with HostPort");
            };
            match part("HostIp").map(|address| setting.text(address)) {
                Some(None) => return,
                Some(Some(address)) => (address, host_port),
                None => (String::new(), host_port),
            }
        }
        _ => (String::new(), value),
    };
    let host_port = match &host_port.kind {
        Kind::Null => String::new(),
        Kind::String(_) | Kind::Number(_) => match crate::shape::name(setting, host_port) {
            Some(host_port) => host_port,
            None => return,
        },
        _ => return setting.unexpected("a port of the host", host_port),
    };
    let is_range = host_port.split('-').all(|port| port.parse::<u16>().is_ok())
        && host_port.split('-').count() <= 2;
    if !host_port.is_empty() && !is_range {
        return setting.neither("expected a port of the host");
    }
    let address = match address.parse::<IpAddr>() {
        _ if address.is_empty() => String::new(),
        Ok(IpAddr::V4(address)) => format!("{address}:"),
        Ok(IpAddr::V6(address)) => format!("[{address}]:"),
        Err(_) => return setting.neither("expected an address of the host"),
    };
    let colon = if address.is_empty() && host_port.is_empty() {
        ""
    } else {
        ":"
    };
    setting.both(format!("{address}{host_port}{colon}{port}/{protocol}"));
}
