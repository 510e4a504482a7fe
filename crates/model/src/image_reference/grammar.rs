//! The grammar of image references.

use super::ImageReferenceError;

/// The longest name, host included.
pub(super) const MAX_NAME: usize = 255;

/// The longest tag.
pub(super) const MAX_TAG: usize = 128;

pub(super) const DOCKER_HUB: &str = "docker.io";

/// Other names of Docker Hub, as people find them in its documentation.
const DOCKER_HUB_ALIASES: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];

/// Names what people paste in the place of a reference.
pub(super) fn refuse_what_is_no_reference(text: &str) -> Result<(), ImageReferenceError> {
    if text.trim().is_empty() {
        return Err(ImageReferenceError::Empty);
    }
    if text.contains(char::is_whitespace) {
        let mut words = text.split_whitespace();
        let command = matches!(
            words.next(),
            Some("docker" | "podman" | "nerdctl" | "sudo" | "skopeo")
        );
        return Err(match words.next_back() {
            Some(image) if command => ImageReferenceError::Command {
                written: shown(text),
                image: shown(image),
            },
            _ => ImageReferenceError::WhiteSpace(shown(text)),
        });
    }
    if let Some((_, image)) = text.split_once("://") {
        return Err(ImageReferenceError::Scheme {
            written: shown(text),
            image: shown(image.trim_end_matches('/')),
        });
    }
    Ok(())
}

/// Host and repository in full.
pub(super) fn full_name(name: &str) -> Result<String, ImageReferenceError> {
    let (host, repository) = split_host(name);
    let host = match host {
        None => DOCKER_HUB.to_owned(),
        Some(host) => {
            check_host(host)?;
            // Host names do not tell capitals apart.
            host.to_ascii_lowercase()
        }
    };
    for part in repository.split('/') {
        check_part(part, repository)?;
    }
    if name.len() > MAX_NAME {
        return Err(ImageReferenceError::TooLong);
    }
    Ok(if DOCKER_HUB_ALIASES.contains(&host.as_str()) {
        let library = if repository.contains('/') {
            ""
        } else {
            "library/"
        };
        format!("{DOCKER_HUB}/{library}{repository}")
    } else {
        format!("{host}/{repository}")
    })
}

/// The first part is a host if it can be no part of a repository at Docker Hub: it has a dot or a port, or is
/// `localhost`.
pub(super) fn split_host(name: &str) -> (Option<&str>, &str) {
    match name.split_once('/') {
        Some((first, rest)) if first == "localhost" || first.contains(['.', ':', '[']) => {
            (Some(first), rest)
        }
        _ => (None, name),
    }
}

fn check_host(host: &str) -> Result<(), ImageReferenceError> {
    let error = || ImageReferenceError::Host(shown(host));
    let (name, port) = if let Some(rest) = host.strip_prefix('[') {
        let (address, port) = rest.split_once(']').ok_or_else(error)?;
        let valid = address.parse::<std::net::Ipv6Addr>().is_ok();
        if !valid {
            return Err(error());
        }
        match port {
            "" => return Ok(()),
            _ => ("", port.strip_prefix(':').ok_or_else(error)?),
        }
    } else {
        match host.split_once(':') {
            None => (host, "0"),
            Some((name, port)) => (name, port),
        }
    };
    let port_valid = port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    let name_valid = host.starts_with('[') || name.split('.').all(is_host_label);
    if port_valid && name_valid {
        Ok(())
    } else {
        Err(error())
    }
}

fn is_host_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Checks one part of a repository: runs of letters and digits, joined by `.`, `_`, `__` or any number of `-`.
fn check_part(part: &str, repository: &str) -> Result<(), ImageReferenceError> {
    let bytes = part.as_bytes();
    let is_run = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends_well = bytes.first().is_some_and(is_run) && bytes.last().is_some_and(is_run);
    let joins_well = part
        .split(|character: char| character.is_ascii_lowercase() || character.is_ascii_digit())
        .all(|join| matches!(join, "" | "." | "_" | "__") || join.bytes().all(|byte| byte == b'-'));
    if ends_well && joins_well {
        return Ok(());
    }
    if repository.contains(|character: char| character.is_uppercase()) {
        return Err(ImageReferenceError::CapitalLetters(shown(repository)));
    }
    Err(ImageReferenceError::Repository(shown(repository)))
}

pub(super) fn check_tag(tag: &str) -> Result<(), ImageReferenceError> {
    let valid = !tag.is_empty()
        && tag.len() <= MAX_TAG
        && !tag.starts_with(['.', '-'])
        && tag
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
    if valid {
        Ok(())
    } else {
        Err(ImageReferenceError::Tag(shown(tag)))
    }
}

/// Text of a stranger, cut to what a message can carry.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 200;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}
