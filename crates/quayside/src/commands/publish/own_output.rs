use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::bail;

/// The folders of a registry that a build reads whole.
const READ_WHOLE: [&str; 2] = ["workspaces", "site/public"];

/// Refuses a site's folder among what a build reads: the next build would take it for a part of a workspace, whose `sha`
/// would change every time, or publish it again inside itself.
pub(super) fn refuse_own_output(folder: &Path, out: &Path) -> anyhow::Result<()> {
    let target = absolute(out);
    for part in READ_WHOLE {
        let source = absolute(&folder.join(part));
        if target.starts_with(&source) {
            bail!(
                "the site cannot be written to `{}`: it lies in `{part}` of the registry, so that the next build would read what this one wrote; name a folder outside of it with `--out`, such as `public`",
                out.display()
            );
        }
    }
    Ok(())
}

/// A path without links and dots, as far as it exists.
fn absolute(path: &Path) -> PathBuf {
    let mut missing: Vec<OsString> = Vec::new();
    let mut there = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    loop {
        if let Ok(real) = std::fs::canonicalize(&there) {
            there = real;
            break;
        }
        let Some(name) = there.file_name().map(OsString::from) else {
            break;
        };
        missing.push(name);
        there.pop();
    }
    there.extend(missing.iter().rev());
    there
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_lies_beside_what_it_is_made_from() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("workspaces/a")).unwrap();
        std::os::unix::fs::symlink("workspaces", root.join("link")).unwrap();
        let refused = |out: &str| refuse_own_output(root, &root.join(out)).is_err();
        for out in [
            "workspaces",
            "workspaces/a/public",
            "link/x/y",
            "site/public/1",
            "workspaces/../workspaces/a",
        ] {
            assert!(refused(out), "{out}");
        }
        for out in ["public", "workspaces-public", "site", "../public"] {
            assert!(!refused(out), "{out}");
        }
    }
}
