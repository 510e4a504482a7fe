use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::error::{AppError, AppResult};

/// Memory of one hash, KiB.
const MEMORY_KIB: u32 = 19 * 1024;

/// Hashes under way at once: each takes [`MEMORY_KIB`] and a core.
const AT_ONCE: usize = 2;

/// Requests that may wait for their turn; the next one is told to come back.
const WAITING: usize = 16;

/// Hashes and checks passwords, two at once.
#[derive(Debug)]
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    /// Checked for names that do not exist, so that they take as long.
    decoy: String,
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, 2, 1, None).expect("fixed parameters are valid");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            queue: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            decoy: format!(
                "$argon2id$v=19$m={MEMORY_KIB},t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            ),
        }
    }

    /// The hash to store, a PHC string.
    pub(crate) async fn hash(&self, password: SecretString) -> AppResult<String> {
        self.work(move || {
            let hash = argon2().hash_password(password.expose_secret().as_bytes());
            hash.map(|hash: PasswordHash| hash.to_string())
                .map_err(|error| AppError::internal(error.to_string()))
        })
        .await?
    }

    /// Whether the password is the hash's; takes as long without a hash.
    pub(crate) async fn is_right(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> AppResult<bool> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.clone());
        let matches = self
            .work(move || {
                PasswordHash::new(&hash).is_ok_and(|hash| {
                    argon2()
                        .verify_password(password.expose_secret().as_bytes(), &hash)
                        .is_ok()
                })
            })
            .await?;
        Ok(known && matches)
    }

    async fn work<T: Send + 'static>(
        &self,
        task: impl FnOnce() -> T + Send + 'static,
    ) -> AppResult<T> {
        let Ok(_place) = self.queue.clone().try_acquire_owned() else {
            return Err(AppError::too_many_requests(
                "Too many people sign in at once.",
                Duration::from_secs(5),
            ));
        };
        let turn = self
            .turns
            .clone()
            .acquire_owned()
            .await
            .map_err(AppError::internal)?;
        let result = tokio::task::spawn_blocking(move || {
            let result = task();
            drop(turn);
            result
        });
        result.await.map_err(AppError::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(
            passwords
                .is_right("correct horse".into(), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .is_right("wrong horse".into(), Some(hash))
                .await
                .unwrap()
        );
        assert!(!passwords.is_right("anything".into(), None).await.unwrap());
    }

    #[test]
    fn the_decoy_costs_as_much_as_a_real_hash() {
        let decoy = Passwords::new().decoy;
        let decoy = PasswordHash::new(&decoy).unwrap();
        let params = Params::try_from(&decoy).unwrap();
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost()),
            (MEMORY_KIB, 2, 1)
        );
    }
}
