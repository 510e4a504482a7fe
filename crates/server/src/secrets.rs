//! Seals secrets that must be read back, and makes those that need not.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use data_encoding::BASE64URL_NOPAD;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest, Sha256};

const NONCE_BYTES: usize = 12;

/// A sealed secret that cannot be opened: another key, another row, or changed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored secret cannot be opened: the key file is not the one it was sealed with")]
pub struct SealError;

/// Seals with ChaCha20-Poly1305 under the key file, the row's id as associated data.
pub struct Sealer(ChaCha20Poly1305);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Sealer")
    }
}

impl Sealer {
    /// Uses a key.
    pub fn new(key: &SecretBox<[u8; 32]>) -> Self {
        Self(ChaCha20Poly1305::new(key.expose_secret().into()))
    }

    /// Seals a secret for one row.
    pub fn seal(&self, row: &str, secret: &SecretString) -> Result<Vec<u8>, SealError> {
        let nonce: [u8; NONCE_BYTES] = random();
        let payload = Payload {
            msg: secret.expose_secret().as_bytes(),
            aad: row.as_bytes(),
        };
        let sealed = self
            .0
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| SealError)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for that row.
    pub fn open(&self, row: &str, sealed: &[u8]) -> Result<SecretString, SealError> {
        let (nonce, message) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(SealError)?;
        let payload = Payload {
            msg: message,
            aad: row.as_bytes(),
        };
        let opened = self
            .0
            .decrypt(&Nonce::from(*nonce), payload)
            .map_err(|_| SealError)?;
        String::from_utf8(opened)
            .map(SecretString::from)
            .map_err(|_| SealError)
    }
}

/// Random bytes from the system.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system has a random source");
    bytes
}

/// A new random secret of 256 bits, printable in addresses and headers.
pub fn new_secret() -> SecretString {
    SecretString::from(BASE64URL_NOPAD.encode(&random::<32>()))
}

/// What is stored of a random secret: its SHA-256. It is random, so no slow hash is needed.
pub fn secret_hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(byte: u8) -> Sealer {
        Sealer::new(&SecretBox::new(Box::new([byte; 32])))
    }

    #[test]
    fn a_sealed_secret_opens_for_its_own_row_and_key_only() {
        let secret = SecretString::from("pass word");
        let sealed = sealer(1).seal("row-1", &secret).unwrap();
        assert_eq!(
            sealer(1).open("row-1", &sealed).unwrap().expose_secret(),
            "pass word"
        );
        assert_eq!(sealer(1).open("row-2", &sealed).unwrap_err(), SealError);
        assert_eq!(sealer(2).open("row-1", &sealed).unwrap_err(), SealError);
        assert_eq!(
            sealer(1).open("row-1", &sealed[..10]).unwrap_err(),
            SealError
        );
    }

    #[test]
    fn the_same_secret_is_sealed_differently_each_time() {
        let secret = SecretString::from("x");
        assert_ne!(
            sealer(1).seal("row", &secret).unwrap(),
            sealer(1).seal("row", &secret).unwrap()
        );
    }
}
