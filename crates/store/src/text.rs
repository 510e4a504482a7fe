//! What can be kept as text on both databases, and small conversions of columns.

use model::Digest;

use crate::StoreError;

/// Text without NUL characters, which PostgreSQL cannot hold.
pub(crate) fn storable(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}

/// As [`storable`], for an optional column.
pub(crate) fn storable_option(text: Option<String>) -> Option<String> {
    text.map(storable)
}

/// A SHA-256 column.
pub(crate) fn to_sha256(bytes: Vec<u8>) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Corrupt("SHA-256"))
}

/// A digest column.
pub(crate) fn to_digest(text: Option<String>) -> Result<Option<Digest>, StoreError> {
    text.map(|text| text.parse().map_err(|_| StoreError::Corrupt("digest")))
        .transpose()
}
