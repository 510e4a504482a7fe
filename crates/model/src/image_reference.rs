use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Digest;

/// Which image is meant: host, repository, tag and digest.
///
/// Used as it is written; without a host it means Docker Hub, where a repository without a slash is an official image
/// (`alpine` is `docker.io/library/alpine`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImageReference {
    written: Box<str>,
    /// Host and repository in full; the first slash parts them.
    name: Box<str>,
    /// How long the name is in the written text.
    name_length: usize,
    tag_length: usize,
    digest: Option<Digest>,
}

/// A text that names no image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageReferenceError {
    /// There is no text.
    #[error("an image reference is empty")]
    Empty,
    /// A whole command was pasted; seen in real registries.
    #[error("`{written}` is a command, not an image reference")]
    Command {
        /// The text.
        written: String,
        /// The image that the command names.
        image: String,
    },
    /// It starts like a web address.
    #[error("`{written}` starts with a scheme; an image reference has none")]
    Scheme {
        /// The text.
        written: String,
        /// The text without the scheme.
        image: String,
    },
    /// Spaces or line ends stand in it.
    #[error("white space stands in the image reference `{0}`")]
    WhiteSpace(String),
    /// The host is none.
    #[error("`{0}` is no host of an image registry")]
    Host(String),
    /// The repository has capital letters, which no image registry takes.
    #[error("the repository `{0}` has capital letters")]
    CapitalLetters(String),
    /// The repository has other characters than it may.
    #[error(
        "`{0}` is no repository: each part is lower-case letters and digits, joined by `.`, `_` or `-`"
    )]
    Repository(String),
    /// The name is longer than image registries take.
    #[error("the image's name is longer than {MAX_NAME} characters")]
    TooLong,
    /// The tag is none.
    #[error(
        "`{0}` is no tag: up to {MAX_TAG} letters, digits, `_`, `.` and `-`, not starting with `.` or `-`"
    )]
    Tag(String),
    /// What stands behind `@` is no digest.
    #[error("`{0}` is no digest: `sha256:` and 64 lower-case hexadecimal digits")]
    Digest(String),
}

/// The longest name, host included.
const MAX_NAME: usize = 255;

/// The longest tag.
const MAX_TAG: usize = 128;

const DOCKER_HUB: &str = "docker.io";

/// Other names of Docker Hub, as people find them in its documentation.
const DOCKER_HUB_ALIASES: [&str; 3] = ["docker.io", "index.docker.io", "registry-1.docker.io"];

impl ImageReference {
    /// Reads a reference by the grammar of the Docker Engine and the OCI distribution specification.
    pub fn parse(text: &str) -> Result<Self, ImageReferenceError> {
        refuse_what_is_no_reference(text)?;
        let (rest, digest) = match text.split_once('@') {
            None => (text, None),
            Some((rest, digest)) => {
                let digest: Digest = digest
                    .parse()
                    .map_err(|_| ImageReferenceError::Digest(shown(digest)))?;
                (rest, Some(digest))
            }
        };
        // A colon before the last slash belongs to the host's port.
        let after_slash = rest.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = match rest[after_slash..].find(':') {
            None => (rest, None),
            Some(colon) => {
                let (name, tag) = rest.split_at(after_slash + colon);
                (name, Some(&tag[1..]))
            }
        };
        if let Some(tag) = tag {
            check_tag(tag)?;
        }
        Ok(Self {
            written: text.into(),
            name: full_name(name)?.into(),
            name_length: name.len(),
            tag_length: tag.map_or(0, str::len),
            digest,
        })
    }

    /// The text as it was written.
    pub fn as_written(&self) -> &str {
        &self.written
    }

    /// The image registry's host, with its port if one is written: `docker.io`, `ghcr.io`, `localhost:5000`.
    pub fn host(&self) -> &str {
        self.name
            .split_once('/')
            .map_or(DOCKER_HUB, |(host, _)| host)
    }

    /// Whether the host is written and not only implied.
    pub fn host_is_written(&self) -> bool {
        split_host(self.familiar_name()).0.is_some()
    }

    /// The repository at that host: `library/alpine`, `kasmweb/chromium`.
    pub fn repository(&self) -> &str {
        self.name
            .split_once('/')
            .map_or(&*self.name, |(_, repository)| repository)
    }

    /// Host and repository: `docker.io/library/alpine`.
    pub fn name(&self) -> String {
        self.name.clone().into()
    }

    /// The name as it was written, without tag and digest: `alpine`, `ghcr.io/x/y`.
    pub fn familiar_name(&self) -> &str {
        &self.written[..self.name_length]
    }

    /// The tag, if one is written.
    pub fn tag(&self) -> Option<&str> {
        let start = self.name_length + 1;
        (self.tag_length > 0).then(|| &self.written[start..start + self.tag_length])
    }

    /// The tag, or `latest`.
    pub fn tag_or_latest(&self) -> &str {
        self.tag().unwrap_or("latest")
    }

    /// The digest, if one is written.
    pub const fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// The same image under another tag; a digest is dropped, for it would still mean the old one.
    pub fn with_tag(&self, tag: &str) -> Result<Self, ImageReferenceError> {
        check_tag(tag)?;
        Self::parse(&format!("{}:{tag}", self.familiar_name()))
    }

    /// The same image by its digest alone, without a tag: what an engine is asked for.
    #[must_use]
    pub fn with_digest(&self, digest: &Digest) -> Self {
        Self {
            written: format!("{}@{digest}", self.familiar_name()).into(),
            name: self.name.clone(),
            name_length: self.name_length,
            tag_length: 0,
            digest: Some(digest.clone()),
        }
    }

    /// The same image at another host: what a page offers when `docker_registry` names one that the image does not.
    pub fn with_host(&self, host: &str) -> Result<Self, ImageReferenceError> {
        let (_, path) = split_host(self.familiar_name());
        let rest = &self.written[self.name_length..];
        let written = format!("{host}/{path}{rest}");
        if split_host(&written).0 != Some(host) {
            return Err(ImageReferenceError::Host(shown(host)));
        }
        Self::parse(&written)
    }
}

impl ImageReferenceError {
    /// What to write instead, where that is clear.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Command { image, .. } | Self::Scheme { image, .. } => {
                Some(format!("write `{image}`"))
            }
            Self::CapitalLetters(repository) => {
                Some(format!("write `{}`", repository.to_lowercase()))
            }
            Self::Digest(_) => Some("leave it out to mean the tag".to_owned()),
            Self::WhiteSpace(text) => {
                let joined: String = text.split_whitespace().collect();
                ImageReference::parse(&joined)
                    .is_ok()
                    .then(|| format!("write `{joined}`"))
            }
            _ => None,
        }
    }
}

/// Names what people paste in the place of a reference.
fn refuse_what_is_no_reference(text: &str) -> Result<(), ImageReferenceError> {
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
fn full_name(name: &str) -> Result<String, ImageReferenceError> {
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
fn split_host(name: &str) -> (Option<&str>, &str) {
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

fn check_tag(tag: &str) -> Result<(), ImageReferenceError> {
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
fn shown(text: &str) -> String {
    const LONGEST: usize = 200;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

impl FromStr for ImageReference {
    type Err = ImageReferenceError;

    fn from_str(text: &str) -> Result<Self, ImageReferenceError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for ImageReference {
    type Error = ImageReferenceError;

    fn try_from(text: String) -> Result<Self, ImageReferenceError> {
        Self::parse(&text)
    }
}

impl From<ImageReference> for String {
    fn from(reference: ImageReference) -> Self {
        reference.written.into()
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.written)
    }
}
