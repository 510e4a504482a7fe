use std::collections::HashMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::Diagnostic;

/// How many bytes of the place itself count.
const LONGEST: usize = 1024;

/// Gives each diagnostic a name by which a later run knows it again.
///
/// Made of the code, the file and the bytes that the diagnostic is about, so that lines before it can come and go; of
/// several alike, each has its number.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: HashMap<[u8; 32], usize>,
}

impl Fingerprints {
    pub(super) fn of(&mut self, diagnostic: &Diagnostic, text: Option<&[u8]>) -> String {
        let mut hash = Sha256::new();
        hash.update(diagnostic.code.as_str());
        hash.update([0]);
        hash.update(diagnostic.file.as_deref().unwrap_or_default());
        hash.update([0]);
        match place(diagnostic, text) {
            Some(place) => hash.update(place),
            None => hash.update(&diagnostic.message),
        }
        let first: [u8; 32] = hash.clone().finalize().into();
        let number = self.seen.entry(first).or_default();
        *number += 1;
        hash.update(number.to_le_bytes());
        let mut hex = String::new();
        for byte in &hash.finalize()[..16] {
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }
}

fn place<'t>(diagnostic: &Diagnostic, text: Option<&'t [u8]>) -> Option<&'t [u8]> {
    // A hash of a short secret tells it to whoever tries all short texts.
    let span = diagnostic.span.filter(|_| !diagnostic.secret)?;
    let bytes = text?.get(span.start..span.end)?;
    (!bytes.is_empty()).then(|| &bytes[..bytes.len().min(LONGEST)])
}
