use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use publish::Sink;

/// Writes a site to a folder: each changed file beside its target, then renamed into place, so that a reader sees
/// whole files only and an interrupted build is completed by the next.
#[derive(Debug)]
pub(crate) struct FolderSink {
    root: PathBuf,
    written: u64,
    bytes: u64,
}

impl FolderSink {
    /// Opens a folder, making it if it is not there.
    pub(crate) fn open(root: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(root)?;
        Ok(Self {
            root: std::fs::canonicalize(root)?,
            written: 0,
            bytes: 0,
        })
    }

    /// Files that were changed.
    pub(crate) fn written(&self) -> u64 {
        self.written
    }

    /// Bytes of the files that belong to the site.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What is there.
    pub(crate) fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match std::fs::read(self.root.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes icons of an earlier build that belong to this one no more.
    pub(crate) fn remove_stale_icons(
        &self,
        schema: &str,
        files: &BTreeSet<String>,
    ) -> io::Result<()> {
        let folder = format!("{schema}/icons");
        for entry in std::fs::read_dir(self.root.join(&folder))
            .into_iter()
            .flatten()
        {
            let entry = entry?;
            let name = entry.file_name().into_string().ok();
            let ours = name.is_some_and(|name| files.contains(&format!("{folder}/{name}")));
            if !ours && entry.file_type()?.is_file() {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

impl Sink for FolderSink {
    fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let target = self.root.join(path);
        let folder = target.parent().unwrap_or(&self.root);
        std::fs::create_dir_all(folder)?;
        // A link put into the site must not lead the build elsewhere.
        if !std::fs::canonicalize(folder)?.starts_with(&self.root) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "a link leads out of the site",
            ));
        }
        self.bytes += bytes.len() as u64;
        if std::fs::symlink_metadata(&target).is_ok_and(|meta| meta.is_file())
            && std::fs::read(&target)? == bytes
        {
            return Ok(());
        }
        let mut file = tempfile::Builder::new()
            .prefix(".quayside-")
            .tempfile_in(folder)?;
        file.write_all(bytes)?;
        set_readable(file.as_file())?;
        file.persist(&target).map_err(|error| error.error)?;
        self.written += 1;
        Ok(())
    }
}

/// Temporary files are private; a site is for everybody.
fn set_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unchanged_files_are_left_alone_and_stale_icons_go() {
        let folder = tempfile::tempdir().unwrap();
        let mut sink = FolderSink::open(folder.path()).unwrap();
        sink.write("1.1/icons/a.svg", b"a").unwrap();
        sink.write("1.1/icons/b.svg", b"b").unwrap();
        sink.write("1.1/icons/a.svg", b"a").unwrap();
        assert_eq!(sink.written(), 2);
        sink.remove_stale_icons("1.1", &BTreeSet::from(["1.1/icons/b.svg".to_owned()]))
            .unwrap();
        assert_eq!(sink.read("1.1/icons/a.svg").unwrap(), None);
        assert_eq!(sink.read("1.1/icons/b.svg").unwrap().unwrap(), b"b");
        let names: Vec<_> = std::fs::read_dir(folder.path().join("1.1/icons"))
            .unwrap()
            .collect();
        assert_eq!(names.len(), 1, "no temporary file is left");
    }

    #[test]
    fn a_link_in_the_site_leads_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("1.1")).unwrap();
        let mut sink = FolderSink::open(folder.path()).unwrap();
        assert!(sink.write("1.1/list.json", b"{}").is_err());
        assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    }
}
