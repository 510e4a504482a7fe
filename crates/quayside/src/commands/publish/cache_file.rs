use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// The folder beside a site that caches lie in.
const FOLDER: &str = ".quayside-cache";
/// The longest cache that is read.
const LONGEST: u64 = 1024 * 1024 * 1024;

/// Where a build leaves what the next one need not find out again.
///
/// It is beside the site and not in it, so that it is not published with it. It may be deleted at any time: that costs
/// nothing but time. One that is damaged, or that another version of this program wrote, counts as deleted.
#[derive(Debug)]
pub(super) struct CacheFile {
    path: PathBuf,
    /// How a cache of this very program begins.
    beginning: Vec<u8>,
}

impl CacheFile {
    /// The cache of a site; nothing if there is no place for it.
    pub(super) fn of(site: &Path) -> Option<Self> {
        // The folder may not be there yet, but the one that it will lie in is.
        let site = std::path::absolute(site).ok()?;
        let path = site.parent()?.join(FOLDER).join(site.file_name()?);
        let program = fs::metadata(std::env::current_exe().ok()?).ok()?;
        let mut beginning = b"quayside publish cache\n".to_vec();
        beginning.extend_from_slice(&sources::file_stamp(&program).0);
        Some(Self { path, beginning })
    }

    /// The parts that the last build left; none if they cannot be relied on.
    pub(super) fn read(&self) -> Option<Vec<Vec<u8>>> {
        let file = File::open(&self.path).ok()?;
        let length = file.metadata().ok()?.len();
        let mut bytes = Vec::with_capacity(length.min(LONGEST) as usize);
        file.take(LONGEST).read_to_end(&mut bytes).ok()?;
        let rest = bytes.strip_prefix(self.beginning.as_slice())?;
        let (sum, mut content) = rest.split_first_chunk::<32>()?;
        if sum.as_slice() != Sha256::digest(content).as_slice() {
            return None;
        }
        let mut parts = Vec::new();
        while !content.is_empty() {
            let (length, rest) = content.split_first_chunk()?;
            let (part, rest) = rest.split_at_checked(u64::from_le_bytes(*length) as usize)?;
            parts.push(part.to_vec());
            content = rest;
        }
        Some(parts)
    }

    /// Leaves parts for the next build.
    pub(super) fn write(&self, parts: &[impl AsRef<[u8]>]) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(&self.path);
        if !folder.exists() {
            fs::create_dir(folder)?;
            // It hides itself from git, wherever it lies.
            fs::write(folder.join(".gitignore"), "*\n")?;
        }
        let mut sum = Sha256::new();
        for part in parts.iter().map(AsRef::as_ref) {
            sum.update((part.len() as u64).to_le_bytes());
            sum.update(part);
        }
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&self.beginning)?;
        file.write_all(&sum.finalize())?;
        for part in parts.iter().map(AsRef::as_ref) {
            file.write_all(&(part.len() as u64).to_le_bytes())?;
            file.write_all(part)?;
        }
        file.persist(&self.path).map_err(|error| error.error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_cache_of_this_program_counts() {
        let folder = tempfile::tempdir().unwrap();
        let cache = CacheFile::of(&folder.path().join("public")).unwrap();
        assert!(cache.read().is_none());
        let parts = [b"one".to_vec(), b"other".to_vec()];
        cache.write(&parts).unwrap();
        cache.write(&parts).unwrap();
        assert_eq!(cache.read(), Some(parts.to_vec()));
        let whole = fs::read(&cache.path).unwrap();
        for end in 0..whole.len() {
            fs::write(&cache.path, &whole[..end]).unwrap();
            assert_eq!(cache.read(), None, "cut off after {end} bytes");
            let mut damaged = whole.clone();
            damaged[end] ^= 1;
            fs::write(&cache.path, &damaged).unwrap();
            assert_eq!(cache.read(), None, "damaged at {end}");
        }
        fs::write(&cache.path, &whole).unwrap();
        let mut newer = CacheFile::of(&folder.path().join("public")).unwrap();
        newer.beginning[30] ^= 1;
        assert_eq!(newer.read(), None);
        let names = fs::read_dir(folder.path().join(FOLDER)).unwrap().count();
        assert_eq!(names, 2, "the cache and `.gitignore`");
    }
}
