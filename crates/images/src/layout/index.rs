use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};

use model::Digest;
use serde::{Deserialize, Serialize};

use super::folder::Folder;
use super::name::StoredName;
use crate::LayoutError;
use crate::document::media_type;

const REF_NAME: &str = "org.opencontainers.image.ref.name";
const MAX_INDEX: u64 = 32 * 1024 * 1024;
const MARKER: &[u8] = br#"{"imageLayoutVersion":"1.0.0"}"#;

/// What `index.json` says: which images are kept, under which names.
///
/// What other programs wrote into it is carried along.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Index {
    #[serde(rename = "schemaVersion")]
    schema_version: u64,
    #[serde(rename = "mediaType", default = "index_media_type")]
    media_type: String,
    manifests: Vec<Entry>,
    #[serde(flatten)]
    others: serde_json::Map<String, serde_json::Value>,
}

/// One image under one name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    #[serde(rename = "mediaType")]
    pub(crate) media_type: String,
    pub(crate) digest: Digest,
    pub(crate) size: u64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<String, String>,
    #[serde(flatten)]
    others: serde_json::Map<String, serde_json::Value>,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            schema_version: 2,
            media_type: index_media_type(),
            manifests: Vec::new(),
            others: serde_json::Map::new(),
        }
    }
}

impl Index {
    /// Reads the index; a folder without one holds no image.
    pub(crate) fn load(folder: &Folder) -> Result<Self, LayoutError> {
        let path = folder.index();
        let read = || -> io::Result<Vec<u8>> {
            let mut bytes = Vec::new();
            File::open(&path)?.take(MAX_INDEX).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        match read() {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| LayoutError::NotALayout {
                folder: folder.root().display().to_string(),
                detail: format!("its index.json is not understood: {error}"),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(LayoutError::io(format!("read `{}`", path.display()))(error)),
        }
    }

    /// Replaces the file; the blobs that the index leads to must be synced before.
    pub(crate) fn store(&self, folder: &Folder) -> Result<(), LayoutError> {
        if !folder.marker().exists() {
            folder.replace(&folder.marker(), MARKER)?;
        }
        let bytes = serde_json::to_vec(self)
            .map_err(|error| LayoutError::io("write the index")(error.into()))?;
        folder.replace(&folder.index(), &bytes)?;
        folder.sync_root()
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.manifests
    }

    /// Names an image. A tag that named another image moves, and that one is kept by its digest alone.
    ///
    /// Tells whether that changed anything.
    pub(crate) fn name(
        &mut self,
        name: &StoredName,
        media_type: &str,
        digest: &Digest,
        size: u64,
    ) -> bool {
        // An image that has a tag needs no entry without one.
        let named = |entry: &Entry| {
            entry.digest == *digest
                && entry.name().is_some_and(|known| {
                    known == *name
                        || (name.tag().is_none() && known.repository() == name.repository())
                })
        };
        if self.manifests.iter().any(named) {
            return false;
        }
        let bare = |entry: &Entry| {
            entry.name().is_some_and(|known| {
                known.repository() == name.repository() && known.tag().is_none()
            })
        };
        for position in (0..self.manifests.len()).rev() {
            let entry = &self.manifests[position];
            if entry.name().as_ref() != Some(name) {
                continue;
            }
            let moved = entry.digest.clone();
            let kept = |other: &Entry| bare(other) && other.digest == moved;
            if name.tag().is_none() {
                // Without a tag an entry goes by its digest, and several stand side by side.
                continue;
            }
            if self.manifests.iter().any(kept) {
                self.manifests.remove(position);
            } else {
                self.manifests[position].rename(format!("{}@{moved}", name.repository()));
            }
        }
        if name.tag().is_some() {
            self.manifests
                .retain(|entry| !(bare(entry) && entry.digest == *digest));
        }
        let text = match name.tag() {
            Some(_) => name.to_string(),
            None => format!("{}@{digest}", name.repository()),
        };
        let mut entry = Entry {
            media_type: media_type.to_owned(),
            digest: digest.clone(),
            size,
            annotations: BTreeMap::new(),
            others: serde_json::Map::new(),
        };
        entry.rename(text);
        self.manifests.push(entry);
        true
    }

    /// Takes an image out of a repository, whatever its tags there; tells whether it was in it.
    pub(crate) fn forget(&mut self, repository: &str, digest: &Digest) -> bool {
        let before = self.manifests.len();
        self.manifests
            .retain(|entry| entry.digest != *digest || !entry.is_in(repository));
        self.manifests.len() < before
    }
}

impl Entry {
    /// The name, unless another program gave it none, or one that we do not understand.
    pub(crate) fn name(&self) -> Option<StoredName> {
        StoredName::parse(self.annotations.get(REF_NAME)?).ok()
    }

    pub(crate) fn is_in(&self, repository: &str) -> bool {
        self.name()
            .is_some_and(|name| name.repository() == repository)
    }

    fn rename(&mut self, text: String) {
        self.annotations.insert(REF_NAME.to_owned(), text);
    }
}

fn index_media_type() -> String {
    media_type::OCI_INDEX.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(character: char) -> Digest {
        format!("sha256:{}", character.to_string().repeat(64))
            .parse()
            .unwrap()
    }

    fn names(index: &Index) -> Vec<String> {
        let entries = index.entries().iter();
        entries
            .map(|entry| entry.annotations[REF_NAME].clone())
            .collect()
    }

    #[test]
    fn a_moved_tag_leaves_the_older_image_under_its_digest() {
        let mut index = Index::default();
        let name = StoredName::parse("ghcr.io/x/y:1").unwrap();
        index.name(&name, "m", &digest('a'), 1);
        index.name(&name, "m", &digest('b'), 1);
        let old = format!("ghcr.io/x/y@{}", digest('a'));
        assert_eq!(names(&index), [old.as_str(), "ghcr.io/x/y:1"]);
        index.name(&name, "m", &digest('a'), 1);
        let newer = format!("ghcr.io/x/y@{}", digest('b'));
        assert_eq!(names(&index), [newer.as_str(), "ghcr.io/x/y:1"]);
        assert_eq!(index.entries()[1].digest, digest('a'));
    }

    #[test]
    fn naming_twice_changes_nothing() {
        let mut index = Index::default();
        for text in ["x/y:1", "x/y:1", "x/y:2", "x/y"] {
            index.name(&StoredName::parse(text).unwrap(), "m", &digest('a'), 1);
        }
        assert_eq!(names(&index), ["x/y:1", "x/y:2"]);
        assert!(index.forget("x/y", &digest('a')));
        assert!(!index.forget("x/y", &digest('a')));
        assert!(index.entries().is_empty());
    }

    #[test]
    fn what_others_wrote_is_kept() {
        let text = format!(
            r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"m","digest":"{}","size":1,"artifactType":"a"}}],"subject":null}}"#,
            digest('a')
        );
        let index: Index = serde_json::from_str(&text).unwrap();
        let again = serde_json::to_string(&index).unwrap();
        assert!(
            again.contains(r#""artifactType":"a""#) && again.contains(r#""subject":null"#),
            "{again}"
        );
    }
}
