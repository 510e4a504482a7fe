use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use ui::Asset;

/// Modules that only the server's pages use.
const OWN: &[Asset] = &[
    Asset::script("app.js", include_str!("../../assets/app.js")),
    Asset::script(
        "add-registry.js",
        include_str!("../../assets/add-registry.js"),
    ),
    Asset::script("dialogs.js", include_str!("../../assets/dialogs.js")),
    Asset::script("edit.js", include_str!("../../assets/edit.js")),
    Asset::script("events.js", include_str!("../../assets/events.js")),
    Asset::script("filters.js", include_str!("../../assets/filters.js")),
    Asset::script("forms.js", include_str!("../../assets/forms.js")),
    Asset::script("fragments.js", include_str!("../../assets/fragments.js")),
    Asset::script("live.js", include_str!("../../assets/live.js")),
    Asset::script(
        "sign-in-link.js",
        include_str!("../../assets/sign-in-link.js"),
    ),
];

/// One revision for all files: modules import each other by relative names, which only works
/// within one folder.
static REVISION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for asset in all() {
        hash.update(asset.name.len().to_be_bytes());
        hash.update(asset.name);
        hash.update(asset.bytes.len().to_be_bytes());
        hash.update(asset.bytes);
    }
    HEXLOWER.encode(&hash.finalize()[..8])
});

fn all() -> impl Iterator<Item = &'static Asset> {
    ui::ASSETS.iter().chain(OWN)
}

/// Address of the file `name`; it changes when any file does, so that it may be kept for ever.
pub(crate) fn path(name: &str) -> String {
    format!("/assets/{}/{name}", *REVISION)
}

/// The file at `/assets/{revision}/{name}`.
pub(crate) fn find(revision: &str, name: &str) -> Option<&'static Asset> {
    (revision == *REVISION)
        .then(|| all().find(|asset| asset.name == name))
        .flatten()
}

/// The product's logo, for `/favicon.ico`.
pub(crate) const fn favicon() -> &'static Asset {
    &ui::LOGO
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_at_its_address() {
        for asset in all() {
            let path = path(asset.name);
            let mut parts = path.split('/').skip(2);
            let found = find(parts.next().unwrap(), parts.next().unwrap());
            assert_eq!(found, Some(asset));
        }
        assert_eq!(find("0000000000000000", "app.js"), None);
        assert_eq!(find(&REVISION, "../app.js"), None);
    }

    #[test]
    fn modules_import_only_what_is_served() {
        for asset in all().filter(|asset| asset.media_type.starts_with("text/javascript")) {
            let text = std::str::from_utf8(asset.bytes).unwrap();
            for line in text.lines().filter(|line| line.starts_with("import ")) {
                let name = line.rsplit("\"./").next().unwrap().trim_end_matches("\";");
                assert!(
                    all().any(|other| other.name == name),
                    "{}: {line}",
                    asset.name
                );
            }
        }
    }

    #[test]
    fn names_are_unique() {
        for asset in all() {
            assert_eq!(all().filter(|other| other.name == asset.name).count(), 1);
        }
    }
}
