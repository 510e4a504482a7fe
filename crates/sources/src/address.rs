use std::{fmt, net::IpAddr};

use model::list::root_of;
use outbound::AddressKind;
use url::{Host, Url};

/// Where a registry lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryAddress {
    /// The registry's root, with a slash at its end.
    pub root: Url,
    /// The folder to look in first; empty for a `list.json` at the root itself.
    pub start: Option<String>,
}

/// A text that is no registry's address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct AddressError {
    /// What is wrong with it.
    pub detail: String,
    /// What to do about it.
    pub hint: String,
}

impl RegistryAddress {
    /// Reads an address as a person pastes it (registry format, section 4).
    ///
    /// Without a scheme `https` is meant; for a host that is written as an address of this
    /// machine or of a private network it is `http`, where certificates are rare.
    pub fn parse(pasted: &str) -> Result<Self, AddressError> {
        let ordered = root_of(pasted).map_err(|error| AddressError {
            detail: error.to_string(),
            hint: error.hint().to_owned(),
        })?;
        let mut root = Url::parse(&ordered.root).map_err(|error| AddressError {
            detail: format!("the address cannot be read: {error}"),
            hint: "write it as `https://host/path/`".to_owned(),
        })?;
        if !pasted.contains("://") && root.host().is_some_and(|host| is_inside(&host)) {
            // Both schemes are known to the URL standard, so this cannot fail.
            let _ = root.set_scheme("http");
        }
        Ok(Self {
            root,
            start: ordered.start,
        })
    }
}

/// The address as it can be pasted again.
impl fmt::Display for RegistryAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.root.as_str())?;
        match self.start.as_deref() {
            Some("") => formatter.write_str("list.json"),
            Some(folder) => write!(formatter, "{folder}/"),
            None => Ok(()),
        }
    }
}

/// One name below an address; `None` for names that would lead elsewhere.
pub(crate) fn below(url: &Url, name: &str) -> Option<Url> {
    let mut url = url.clone();
    if matches!(name, "" | "." | "..") || name.len() > 255 || name.contains(char::is_control) {
        return None;
    }
    url.path_segments_mut().ok()?.pop_if_empty().push(name);
    Some(url)
}

/// A published folder of a registry; with an empty name the registry's root itself.
pub(crate) fn folder(root: &Url, name: &str) -> Option<Url> {
    if name.is_empty() {
        Some(root.clone())
    } else {
        below(root, name)
    }
}

/// Whether a host is written as an address of this machine or of a private network.
fn is_inside(host: &Host<&str>) -> bool {
    let address: IpAddr = match host {
        Host::Domain(_) => return false,
        Host::Ipv4(address) => (*address).into(),
        Host::Ipv6(address) => (*address).into(),
    };
    AddressKind::of(address) != AddressKind::Public
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_forms_lead_to_one_root() {
        let forms = [
            "https://registry.example/path/",
            "https://registry.example/path",
            "  https://registry.example/path/\n",
            "registry.example/path",
            "//registry.example/path/",
            "HTTPS://Registry.Example/path/",
            "https://registry.example:443/path/",
            "https://registry.example/path/?theme=dark#top",
            "https://registry.example/path/index.html",
            "https://registry.example/path/versions.txt",
            "<https://registry.example/path/>",
            "https://registry.example/path//",
            "https://registry.example/other/../path/",
        ];
        for form in forms {
            let address = RegistryAddress::parse(form).unwrap();
            assert_eq!(
                address.root.as_str(),
                "https://registry.example/path/",
                "{form}"
            );
            assert_eq!(address.start, None, "{form}");
        }
    }

    #[test]
    fn a_folder_or_list_at_the_end_is_where_to_start() {
        let cases = [
            ("https://a.example/r/1.0/", "https://a.example/r/", "1.0"),
            ("a.example/r/1.1/list.json", "https://a.example/r/", "1.1"),
            ("https://a.example/1.1", "https://a.example/", "1.1"),
            ("https://a.example/r/list.json", "https://a.example/r/", ""),
            (
                "https://a.example/dev/list.json",
                "https://a.example/dev/",
                "",
            ),
        ];
        for (form, root, start) in cases {
            let address = RegistryAddress::parse(form).unwrap();
            assert_eq!(address.root.as_str(), root, "{form}");
            assert_eq!(address.start.as_deref(), Some(start), "{form}");
            assert_eq!(RegistryAddress::parse(&address.to_string()), Ok(address));
        }
    }

    #[test]
    fn without_a_scheme_only_inside_addresses_are_http() {
        let cases = [
            ("localhost:8080", "http://localhost:8080/"),
            ("127.0.0.1:8080/r", "http://127.0.0.1:8080/r/"),
            ("[::1]:8080", "http://[::1]:8080/"),
            ("192.168.1.5/r", "http://192.168.1.5/r/"),
            ("https://192.168.1.5/r", "https://192.168.1.5/r/"),
            ("nas.local/r", "https://nas.local/r/"),
            ("1.1.1.1", "https://1.1.1.1/"),
        ];
        for (form, root) in cases {
            let address = RegistryAddress::parse(form).unwrap();
            assert_eq!(address.root.as_str(), root, "{form}");
        }
    }

    #[test]
    fn what_is_no_address_is_told_with_a_hint() {
        let forms = [
            "",
            "   ",
            "ftp://a.example/",
            "file:///etc/passwd",
            "https://",
            "https:///path",
            "https://user:secret@a.example/",
            "https://a b.example/",
            "https://a.example/\u{0}x",
            "https://a.example:99999/",
            "https://exa<mple/",
        ];
        for form in forms {
            let error = RegistryAddress::parse(form).unwrap_err();
            assert!(!error.hint.is_empty(), "{form}");
            assert!(!error.to_string().contains("secret"));
        }
    }

    #[test]
    fn names_below_an_address_stay_below_it() {
        let root = Url::parse("https://a.example/r/").unwrap();
        let cases = [
            ("1.1", Some("https://a.example/r/1.1")),
            ("a b?c#d", Some("https://a.example/r/a%20b%3Fc%23d")),
            ("%2e%2e", Some("https://a.example/r/%252e%252e")),
            ("a\\b", Some("https://a.example/r/a%5Cb")),
            ("", None),
            ("..", None),
            (".", None),
            ("a\nb", None),
        ];
        for (name, expected) in cases {
            assert_eq!(
                below(&root, name).as_ref().map(Url::as_str),
                expected,
                "{name}"
            );
        }
    }
}
