use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use model::Digest;

use crate::console;

/// What it is called, beside `registry.toml`.
const FILE: &str = ".quayside-sizes.json";
/// A longer file is not one of ours.
const LONGEST: u64 = 64 << 20;

/// Sizes of layers that an earlier run counted before it was cut off.
#[derive(Debug)]
pub(super) struct LayerSizes {
    file: PathBuf,
    sizes: Mutex<BTreeMap<String, u64>>,
}

impl LayerSizes {
    /// Takes up what an earlier run left; what cannot be read is counted again.
    pub(super) fn open(folder: &Path) -> Self {
        let file = folder.join(FILE);
        let is_ours = fs::symlink_metadata(&file)
            .is_ok_and(|metadata| metadata.is_file() && metadata.len() <= LONGEST);
        let bytes = is_ours
            .then(|| fs::read(&file).ok())
            .flatten()
            .unwrap_or_default();
        Self {
            file,
            sizes: Mutex::new(serde_json::from_slice(&bytes).unwrap_or_default()),
        }
    }

    pub(super) fn get(&self, digest: &Digest) -> Option<u64> {
        let sizes = self.sizes.lock().unwrap_or_else(PoisonError::into_inner);
        sizes.get(digest.as_str()).copied()
    }

    /// Remembers a layer, also for a later run.
    pub(super) fn keep(&self, digest: &Digest, bytes: u64) {
        let mut sizes = self.sizes.lock().unwrap_or_else(PoisonError::into_inner);
        sizes.insert(digest.as_str().to_owned(), bytes);
        if let Err(error) = self.write(&sizes) {
            console::note(&format!(
                "`{}` cannot be written, so a run that is cut off begins anew: {error}",
                self.file.display()
            ));
        }
    }

    /// All is done: there is nothing to take up again.
    pub(super) fn forget(&self) {
        // If it stays, the next run takes it up: no harm.
        drop(fs::remove_file(&self.file));
    }

    fn write(&self, sizes: &BTreeMap<String, u64>) -> io::Result<()> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        let mut new = tempfile::Builder::new()
            .prefix(".quayside-")
            .tempfile_in(folder)?;
        new.write_all(&serde_json::to_vec(sizes)?)?;
        new.persist(&self.file).map_err(|error| error.error)?;
        Ok(())
    }
}
