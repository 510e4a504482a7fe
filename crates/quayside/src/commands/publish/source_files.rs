//! Files of a registry's sources, which are an author's own work: nothing is half written, nothing overwritten unasked.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use camino::Utf8Path;
use sources::FolderTree;

/// Opens the folder of a registry.
pub(super) fn open(folder: &Path) -> anyhow::Result<FolderTree> {
    let path = Utf8Path::from_path(folder)
        .with_context(|| format!("the name of `{}` is not UTF-8", folder.display()))?;
    FolderTree::open(path).with_context(|| format!("failed to open the folder `{path}`"))
}

/// Puts another text in the place of a file's, whole or not at all.
pub(super) fn replace(root: &Path, file: &str, text: &[u8]) -> anyhow::Result<()> {
    let write = || -> io::Result<()> {
        let root = fs::canonicalize(root)?;
        // The file that a link leads to, so that the link stays one.
        let target = fs::canonicalize(root.join(file))?;
        if !target.starts_with(&root) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "a link leads out of the registry's folder",
            ));
        }
        let folder = target.parent().unwrap_or(&root);
        let mut new = tempfile::Builder::new()
            .prefix(".quayside-")
            .tempfile_in(folder)?;
        new.write_all(text)?;
        new.as_file()
            .set_permissions(fs::metadata(&target)?.permissions())?;
        new.as_file().sync_all()?;
        new.persist(&target).map_err(|error| error.error)?;
        Ok(())
    };
    write().with_context(|| format!("failed to write `{}`", root.join(file).display()))
}

/// Writes new files; if one of them is there, none is written and it is named.
pub(super) fn create_all(
    root: &Path,
    files: &[(String, Vec<u8>)],
) -> anyhow::Result<Result<(), Vec<String>>> {
    let there: Vec<String> = files
        .iter()
        .filter(|(file, _)| fs::symlink_metadata(root.join(file)).is_ok())
        .map(|(file, _)| file.clone())
        .collect();
    if !there.is_empty() {
        return Ok(Err(there));
    }
    for (file, text) in files {
        let target = root.join(file);
        let write = || -> io::Result<()> {
            fs::create_dir_all(target.parent().unwrap_or(root))?;
            let mut new = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&target)?;
            new.write_all(text)
        };
        write().with_context(|| format!("failed to write `{}`", target.display()))?;
    }
    Ok(Ok(()))
}

/// Copies a folder with all that lies in it; links are copied as links.
pub(super) fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    let from =
        fs::canonicalize(from).with_context(|| format!("failed to open `{}`", from.display()))?;
    let mut folders: Vec<(PathBuf, PathBuf)> = vec![(from.clone(), to.to_owned())];
    require_empty(to)?;
    let target = fs::canonicalize(to)?;
    if target.starts_with(&from) {
        bail!("`{}` lies in the folder that is to be copied", to.display());
    }
    while let Some((from, to)) = folders.pop() {
        let copy = || -> io::Result<Vec<(PathBuf, PathBuf)>> {
            fs::create_dir_all(&to)?;
            let mut deeper = Vec::new();
            for entry in fs::read_dir(&from)? {
                let entry = entry?;
                let (kind, place) = (entry.file_type()?, to.join(entry.file_name()));
                if kind.is_dir() {
                    deeper.push((entry.path(), place));
                } else if kind.is_symlink() {
                    std::os::unix::fs::symlink(fs::read_link(entry.path())?, place)?;
                } else if kind.is_file() {
                    fs::copy(entry.path(), place)?;
                }
            }
            Ok(deeper)
        };
        folders.extend(copy().with_context(|| format!("failed to copy `{}`", from.display()))?);
    }
    Ok(())
}

/// Makes a folder, or sees that it holds nothing.
pub(super) fn require_empty(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)
        .and_then(|()| fs::read_dir(folder))
        .with_context(|| format!("failed to open `{}`", folder.display()))?
        .next()
        .map_or(Ok(()), |_| {
            bail!(
                "`{}` holds something already: name a new folder with `--out`",
                folder.display()
            )
        })
}
