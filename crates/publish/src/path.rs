//! Paths inside a tree or a site: relative, with `/` between the parts.

/// A name inside a folder; the root folder is the empty path.
pub(crate) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// The last part of a path.
pub(crate) fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// All but the last part of a path.
pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path that somebody wrote, without `.` and empty parts; nothing if it leads out of the folder that it starts in.
///
/// Backslashes and drive letters are refused too: on some systems they are paths.
pub(crate) fn inside(path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains(['\\', '\0', ':']) {
        return None;
    }
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    (!parts.is_empty() && !parts.contains(&"..")).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_inside() {
        let cases = [
            ("icon.png", Some("icon.png")),
            ("./icon.png", Some("icon.png")),
            ("img//icon.png", Some("img/icon.png")),
            ("icon..png", Some("icon..png")),
            ("../icon.png", None),
            ("img/../icon.png", None),
            ("/icon.png", None),
            ("..\\icon.png", None),
            ("c:icon.png", None),
            ("a\0b", None),
            ("..", None),
            (".", None),
            ("", None),
        ];
        for (path, expected) in cases {
            assert_eq!(inside(path).as_deref(), expected, "{path:?}");
        }
    }
}
