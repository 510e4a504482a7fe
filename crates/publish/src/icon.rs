use model::json::Value;

use crate::path::{folder_of, inside, join, name_of};
use crate::picture::{Picture, is_picture};
use crate::{Entry, EntryKind, SourceTree};

/// The largest icon that consumers fetch.
pub(crate) const LARGEST_ICON: u64 = 2 * 1024 * 1024;

/// The icon that a workspace names.
#[derive(Debug)]
pub(crate) enum Icon {
    /// It names none.
    NotNamed,
    /// It gives an address instead of a name.
    Elsewhere {
        /// What stands there.
        written: String,
    },
    /// The name leads out of the workspace's folder, or is none.
    Outside {
        /// What stands there.
        written: String,
    },
    /// There is no such file.
    NotFound {
        /// Its path from the workspace's folder.
        path: String,
        /// What is there under that name instead.
        instead: Option<EntryKind>,
        /// The names of pictures that lie beside it.
        pictures: Vec<String>,
    },
    /// It is larger than consumers fetch.
    TooLarge {
        /// Its path from the workspace's folder.
        path: String,
    },
    /// It cannot be read; hashing its folder says so.
    NotReadable,
    /// It was read.
    Read(IconFile),
}

/// An icon that was read.
#[derive(Debug)]
pub(crate) struct IconFile {
    /// Its path from the workspace's folder, and below `icons/`.
    pub(crate) path: String,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
    /// What its first bytes say it is.
    pub(crate) picture: Picture,
}

impl Icon {
    /// Reads the icon that a workspace names; `entries` is what lies in its folder.
    pub(crate) fn read(
        tree: &dyn SourceTree,
        folder: &str,
        entries: &[Entry],
        image_src: Option<&Value>,
    ) -> Self {
        let written = image_src.and_then(Value::as_str).unwrap_or_default();
        if written.trim().is_empty() {
            return Self::NotNamed;
        }
        if is_address(written) {
            return Self::Elsewhere {
                written: written.to_owned(),
            };
        }
        let Some(path) = inside(written) else {
            return Self::Outside {
                written: written.to_owned(),
            };
        };
        let source = join(folder, &path);
        let below = folder_of(&source);
        let nested;
        let siblings = if below == folder {
            entries
        } else {
            nested = tree.entries(below).unwrap_or_default();
            &nested
        };
        // Names are compared as they are: on some systems `Icon.png` opens `icon.png`, on the server it does not.
        let found = siblings.iter().find(|entry| entry.name == name_of(&source));
        let kind = found.map(|entry| entry.kind);
        if !matches!(kind, Some(EntryKind::File { .. })) {
            return Self::NotFound {
                path,
                instead: kind,
                pictures: pictures(siblings),
            };
        }
        match tree.read(&source, LARGEST_ICON) {
            Ok(bytes) => Self::Read(IconFile {
                picture: Picture::of(&bytes),
                path,
                bytes,
            }),
            Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
                Self::TooLarge { path }
            }
            Err(_) => Self::NotReadable,
        }
    }
}

/// Whether a text is an address rather than a name.
pub(crate) fn is_address(text: &str) -> bool {
    text.starts_with("//")
        || text.split_once(':').is_some_and(|(scheme, _)| {
            scheme.len() > 1
                && scheme
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        })
}

fn pictures(siblings: &[Entry]) -> Vec<String> {
    let mut pictures: Vec<String> = siblings
        .iter()
        .filter(|entry| matches!(entry.kind, EntryKind::File { .. }) && is_picture(&entry.name))
        .map(|entry| entry.name.clone())
        .collect();
    pictures.sort_unstable();
    pictures
}
