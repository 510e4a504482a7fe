//! The data folder: made private, locked against a second server, with its key file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use secrecy::SecretBox;

/// Which agent's the folder is.
const INSTANCE_FILE: &str = "agent-id";

/// Makes the folder, readable by its owner only.
pub(crate) fn create(folder: &Path) -> anyhow::Result<()> {
    // Making it says of a file only that it exists.
    if std::fs::metadata(folder).is_ok_and(|found| !found.is_dir()) {
        bail!(
            "the data folder `{}` is a file, not a folder: give another one with `--data`",
            folder.display()
        );
    }
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("failed to make the data folder `{}`", folder.display()))
}

/// Holds the folder for one process; the lock goes with the process, however it ends.
pub(crate) fn lock(folder: &Path) -> anyhow::Result<File> {
    let path = folder.join("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path);
    let file = file.with_context(|| format!("failed to open `{}`", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "another quayside already uses the data folder `{}`: stop it, or give another folder with `--data`",
            folder.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("failed to lock `{}`", path.display()))
        }
    }
}

/// What tells the agent of this folder apart from any other; made when there is none.
pub(crate) fn instance(folder: &Path) -> anyhow::Result<String> {
    let path = folder.join(INSTANCE_FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) if is_instance(text.trim()) => return Ok(text.trim().to_owned()),
        // Something else in its place tells nobody apart.
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => {
            return Err(error).with_context(|| format!("failed to read `{}`", path.display()));
        }
    }
    let mut random = [0; 16];
    getrandom::fill(&mut random).context("the system has no random source")?;
    let instance = HEXLOWER.encode(&random);
    std::fs::write(&path, format!("{instance}\n"))
        .with_context(|| format!("failed to write `{}`", path.display()))?;
    Ok(instance)
}

fn is_instance(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Reads the key that seals stored secrets; makes it when there is none.
pub(crate) fn secret_key(path: &Path) -> anyhow::Result<SecretBox<[u8; 32]>> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok();
            let key: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
            let key = key.with_context(|| {
                format!(
                    "`{}` is no key: it must hold 64 hexadecimal digits",
                    path.display()
                )
            })?;
            Ok(SecretBox::new(Box::new(key)))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut key = [0; 32];
            getrandom::fill(&mut key).context("the system has no random source")?;
            write_key(path, &key)
                .with_context(|| format!("failed to write the key file `{}`", path.display()))?;
            Ok(SecretBox::new(Box::new(key)))
        }
        Err(error) => {
            Err(error).with_context(|| format!("failed to read the key file `{}`", path.display()))
        }
    }
}

/// Writes beside the target and links it there, so that a second server that starts meanwhile never sees half a key
/// and never replaces one.
fn write_key(path: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{}", HEXLOWER.encode(key))?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let first = secret_key(&path).unwrap();
        let second = secret_key(&path).unwrap();
        assert_eq!(first.expose_secret(), second.expose_secret());
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn a_broken_key_file_is_an_error_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        std::fs::write(&path, "short").unwrap();
        assert!(secret_key(&path).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "short");
    }

    #[test]
    fn an_agent_is_the_same_at_every_start() {
        let folder = tempfile::tempdir().unwrap();
        let first = instance(folder.path()).unwrap();
        assert_eq!(instance(folder.path()).unwrap(), first);
        std::fs::write(folder.path().join(INSTANCE_FILE), "").unwrap();
        assert_ne!(instance(folder.path()).unwrap(), first);
        let other = tempfile::tempdir().unwrap();
        assert_ne!(instance(other.path()).unwrap(), first);
    }

    #[test]
    fn a_file_is_no_data_folder() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = create(file.path()).unwrap_err().to_string();
        assert!(error.contains("is a file, not a folder"), "{error}");
    }

    #[test]
    fn a_folder_is_locked_once() {
        let folder = tempfile::tempdir().unwrap();
        let held = lock(folder.path()).unwrap();
        let error = lock(folder.path()).unwrap_err().to_string();
        assert!(error.contains("another quayside"), "{error}");
        drop(held);
        assert!(lock(folder.path()).is_ok());
    }
}
