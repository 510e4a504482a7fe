use std::collections::{BTreeSet, HashSet};
use std::fmt;

use model::{Digest, ImageReference};

use crate::Disk;

/// Which engine holds the images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EngineKind {
    /// Docker Engine or a compatible API.
    Docker,
    /// The built-in OCI store.
    Store,
    /// Nothing but memory, for tests.
    Memory,
}

/// What an engine says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineInfo {
    /// Its version.
    pub version: String,
    /// `amd64`, `arm64` or another, as image indexes spell it.
    pub architecture: String,
    /// The disk that its images lie on, where it can be seen from here.
    pub disk: Option<Disk>,
}

/// An image reference with the digest it was pinned to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedImage {
    /// As published or edited.
    pub reference: ImageReference,
    /// Of the index where there is one, else of the manifest.
    pub digest: Digest,
}

impl PinnedImage {
    /// The tag to leave on the image: none if the reference names only a digest.
    pub fn published_tag(&self) -> Option<&str> {
        match (self.reference.tag(), self.reference.digest()) {
            (Some(tag), _) => Some(tag),
            (None, Some(_)) => None,
            (None, None) => Some(self.reference.tag_or_latest()),
        }
    }

    /// `host/repository@digest`.
    pub fn canonical(&self) -> String {
        format!("{}@{}", self.reference.name(), self.digest)
    }

    /// `host/repository:tag`, where there is a tag to leave.
    pub fn tagged(&self) -> Option<String> {
        let tag = self.published_tag()?;
        Some(format!("{}:{tag}", self.reference.name()))
    }

    /// `host/repository:tag` of the published tag and of others in the same repository, each once.
    pub fn all_tagged(&self, tags: &[String]) -> impl Iterator<Item = String> {
        let name = self.reference.name();
        let published = self.published_tag();
        let others = tags.iter().map(String::as_str);
        let all: BTreeSet<&str> = published.into_iter().chain(others).collect();
        all.into_iter()
            .map(|tag| format!("{name}:{tag}"))
            .collect::<Vec<_>>()
            .into_iter()
    }
}

impl fmt::Display for PinnedImage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} ({})",
            self.reference.as_written(),
            self.digest.short()
        )
    }
}

/// The images on this host that we brought there, by repository (with its host) and digest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brought(HashSet<(String, Digest)>);

impl Brought {
    /// Notes an image.
    pub fn insert(&mut self, repository: String, digest: Digest) {
        self.0.insert((repository, digest));
    }

    /// Notes all of another list.
    pub fn extend(&mut self, others: &Self) {
        self.0.extend(others.0.iter().cloned());
    }

    /// Forgets an image.
    pub fn remove(&mut self, repository: &str, digest: &Digest) {
        self.0
            .retain(|(name, known)| name != repository || known != digest);
    }

    /// All of them, in no order: repository and digest.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Digest)> {
        self.0
            .iter()
            .map(|(repository, digest)| (repository.as_str(), digest))
    }

    /// Whether we brought it.
    pub fn contains(&self, repository: &str, digest: &Digest) -> bool {
        self.0
            .iter()
            .any(|(name, known)| name == repository && known == digest)
    }
}

impl FromIterator<(String, Digest)> for Brought {
    fn from_iter<I: IntoIterator<Item = (String, Digest)>>(images: I) -> Self {
        Self(images.into_iter().collect())
    }
}

/// An image that an engine holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineImage {
    /// Names, with tag or with digest, as the engine has them.
    pub references: Vec<String>,
    /// Manifest or index digests it is known by.
    pub digests: Vec<Digest>,
    /// Bytes on disk, layers counted in full.
    pub size_bytes: u64,
}

impl EngineImage {
    /// Whether this is that repository's image of that digest.
    pub fn is(&self, repository: &str, digest: &Digest) -> bool {
        self.references.iter().any(|text| {
            ImageReference::parse(text).is_ok_and(|reference| {
                reference.digest() == Some(digest) && reference.name() == repository
            })
        })
    }
}

/// Progress of one layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerProgress {
    /// The layer, as the engine names it.
    pub id: String,
    /// Bytes received.
    pub done: u64,
    /// Bytes to receive; 0 while unknown.
    pub total: u64,
}

/// A pull that ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pulled {
    /// Bytes the image takes, layers counted in full.
    pub size_bytes: u64,
}

/// How a removal ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removal {
    /// The image is gone.
    Removed {
        /// Bytes it took; layers that others share are still there.
        bytes: u64,
    },
    /// There was no such image.
    NotThere,
    /// It stays.
    Kept {
        /// What holds it.
        by: Holder,
        /// One sentence without a full stop, naming who holds it.
        reason: String,
    },
}

/// What keeps an image on a host that shall go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A container was made from it, running or not.
    Container,
    /// It has another name, or an image was built on it.
    Image,
}
