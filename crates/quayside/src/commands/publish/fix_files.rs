use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, Read, Write as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use camino::Utf8Path;
use diagnostics::{Diagnostic, Fix};
use publish::{Entry, SourceTree};
use sha2::{Digest as _, Sha256};

/// A tree that remembers what the files that are read whole held.
pub(super) struct Checksums<'t> {
    tree: &'t dyn SourceTree,
    seen: RefCell<HashMap<String, [u8; 32]>>,
}

impl<'t> Checksums<'t> {
    pub(super) fn new(tree: &'t dyn SourceTree) -> Self {
        Self {
            tree,
            seen: RefCell::default(),
        }
    }

    /// Whether a file held just this when it was checked.
    fn was(&self, file: &str, bytes: &[u8]) -> bool {
        self.seen.borrow().get(file) == Some(&Sha256::digest(bytes).into())
    }
}

impl SourceTree for Checksums<'_> {
    fn entries(&self, folder: &str) -> io::Result<Vec<Entry>> {
        self.tree.entries(folder)
    }

    fn open<'tree>(&'tree self, path: &str) -> io::Result<Box<dyn Read + 'tree>> {
        self.tree.open(path)
    }

    fn read(&self, path: &str, max: u64) -> io::Result<Vec<u8>> {
        let bytes = self.tree.read(path, max)?;
        let sum = Sha256::digest(&bytes).into();
        self.seen.borrow_mut().insert(path.to_owned(), sum);
        Ok(bytes)
    }
}

/// Makes the changes that diagnostics offer, and says how many in each file.
///
/// A file that holds something else by now is left alone: the places of the changes are those of what was checked.
pub(super) fn fix_files(
    folder: &Utf8Path,
    diagnostics: &[Diagnostic],
    seen: &Checksums<'_>,
) -> anyhow::Result<BTreeMap<String, usize>> {
    let mut fixes: BTreeMap<&str, Vec<&Fix>> = BTreeMap::new();
    for diagnostic in diagnostics {
        if let (Some(file), Some(fix)) = (&diagnostic.file, &diagnostic.fix) {
            fixes.entry(file).or_default().push(fix);
        }
    }
    let root = fs::canonicalize(folder).with_context(|| format!("failed to find `{folder}`"))?;
    let mut made = BTreeMap::new();
    for (file, fixes) in fixes {
        let count = fix_file(&root, file, &fixes, seen)
            .with_context(|| format!("failed to put `{file}` right"))?;
        if count > 0 {
            made.insert(file.to_owned(), count);
        }
    }
    Ok(made)
}

fn fix_file(
    root: &Path,
    file: &str,
    fixes: &[&Fix],
    seen: &Checksums<'_>,
) -> anyhow::Result<usize> {
    // A link inside the tree is kept: what it leads to is changed.
    let path = fs::canonicalize(root.join(file))?;
    if !path.starts_with(root) || !fs::metadata(&path)?.is_file() {
        bail!("it is no file of this folder");
    }
    let bytes = fs::read(&path)?;
    if !seen.was(file, &bytes) {
        return Ok(0);
    }
    let (fixed, count) = diagnostics::apply(&bytes, fixes.iter().copied());
    if count == 0 || fixed == bytes {
        return Ok(0);
    }
    replace(&path, &fixed, |now| seen.was(file, now))?;
    Ok(count)
}

/// Puts new content in the place of a file, whole or not at all, unless it has changed in the meantime.
fn replace(path: &Path, bytes: &[u8], is_unchanged: impl Fn(&[u8]) -> bool) -> anyhow::Result<()> {
    let folder = path.parent().context("it lies in no folder")?;
    let mut new = tempfile::Builder::new()
        .prefix(".quayside-")
        .tempfile_in(folder)?;
    new.write_all(bytes)?;
    new.as_file()
        .set_permissions(fs::metadata(path)?.permissions())?;
    new.as_file().sync_all()?;
    if !is_unchanged(&fs::read(path)?) {
        bail!("it was changed while it was checked: check again");
    }
    new.persist(path).map_err(|error| error.error)?;
    Ok(())
}
