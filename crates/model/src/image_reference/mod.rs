mod error;
mod grammar;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Digest;
use grammar::{DOCKER_HUB, check_tag, full_name, refuse_what_is_no_reference, shown, split_host};

pub use error::ImageReferenceError;

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
