use super::folders::is_folder_name;

/// A registry's address as a person pasted it, put in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastedAddress {
    /// The registry's root; ends with a slash.
    pub root: String,
    /// The folder to look in first, if the address ended in one; empty if it ended in a `list.json` beside the root.
    pub start: Option<String>,
}

/// The longest name of a host (RFC 1035), which a port may follow.
const LONGEST_HOST: usize = 253 + ":65535".len();

/// An address that cannot be a registry's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing was pasted.
    #[error("the address is empty")]
    Empty,
    /// It has another scheme than `http` and `https`.
    #[error("the address starts with another scheme than `https://` or `http://`")]
    Scheme,
    /// It names no host.
    #[error("the address names no host")]
    NoHost,
    /// No host has so long a name.
    #[error("the host's name is longer than {LONGEST_HOST} characters")]
    LongHost,
    /// Spaces stand in its middle.
    #[error("white space stands in the address")]
    WhiteSpace,
    /// A user name stands before the host.
    #[error("the address holds a user name or password")]
    Credentials,
}

impl AddressError {
    /// What to do about it.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Empty => {
                "paste the address of a registry, such as `https://example.org/registry/`"
            }
            Self::Scheme => "registries are read over `https://`",
            Self::NoHost | Self::LongHost => "write it as `https://host/path/`",
            Self::WhiteSpace => "paste one address alone",
            Self::Credentials => "put the user name and the password into their own fields",
        }
    }
}

/// Puts a pasted address in order: without spaces around it, with a scheme, without query and fragment, ending with a
/// slash; a trailing version folder or `list.json` is where to start.
///
/// Without a scheme `https` is meant, on this machine itself `http`.
pub fn root_of(pasted: &str) -> Result<PastedAddress, AddressError> {
    let pasted = pasted.trim_matches(|character: char| {
        character.is_whitespace()
            || character.is_control()
            || "\u{feff}\u{200b}<>\"'`".contains(character)
    });
    if pasted.is_empty() {
        return Err(AddressError::Empty);
    }
    if pasted.contains(|character: char| character.is_whitespace() || character.is_control()) {
        return Err(AddressError::WhiteSpace);
    }
    let (scheme, rest) = split_scheme(pasted)?;
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.contains('@') {
        return Err(AddressError::Credentials);
    }
    if host.is_empty() || host.starts_with(':') {
        return Err(AddressError::NoHost);
    }
    if host.len() > LONGEST_HOST {
        return Err(AddressError::LongHost);
    }
    let scheme = scheme.unwrap_or(if is_this_machine(host) {
        "http"
    } else {
        "https"
    });
    let mut folders: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let start = take_start(&mut folders);
    let mut root = format!("{scheme}://{}/", host.to_ascii_lowercase());
    for folder in folders {
        root.push_str(folder);
        root.push('/');
    }
    Ok(PastedAddress { root, start })
}

/// Files of a published registry whose address people copy.
const FILES: [&str; 4] = ["list.json", "index.html", "versions.txt", "versions.json"];

/// Takes what names a list off the path.
fn take_start(folders: &mut Vec<&str>) -> Option<String> {
    let file = folders.pop_if(|name| FILES.contains(name));
    match folders.last() {
        Some(folder) if is_version(folder) => folders.pop().map(str::to_owned),
        _ => (file == Some("list.json")).then(String::new),
    }
}

/// Whether a folder is named as versions are: two numbers.
fn is_version(folder: &str) -> bool {
    let numbers = |(major, minor): (&str, &str)| {
        [major, minor]
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    is_folder_name(folder) && folder.split_once('.').is_some_and(numbers)
}

fn split_scheme(pasted: &str) -> Result<(Option<&'static str>, &str), AddressError> {
    if let Some((scheme, rest)) = pasted.split_once("://") {
        return match scheme.to_ascii_lowercase().as_str() {
            "http" => Ok((Some("http"), rest)),
            "https" => Ok((Some("https"), rest)),
            _ => Err(AddressError::Scheme),
        };
    }
    // `host:8080` has a port, `mailto:x` and `file:/x` have a scheme.
    let before_path = pasted.split('/').next().unwrap_or_default();
    let scheme = !before_path.starts_with('[')
        && before_path.split_once(':').is_some_and(|(_, port)| {
            !port.bytes().all(|byte| byte.is_ascii_digit()) || port.is_empty()
        })
        && !before_path.contains('@');
    if scheme {
        return Err(AddressError::Scheme);
    }
    Ok((None, pasted.trim_start_matches('/')))
}

/// Whether the host of an address, with its port if it has one, is written as this machine.
pub fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
