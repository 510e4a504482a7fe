//! What the forms say of a definition, as tables, and what a real engine makes of them.
//!
//! The tests in the module `docker` start an engine of their own and need Debian's packages docker.io, docker-registry,
//! docker-compose and python3-docker.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod docker;
mod hostile;
mod line;
mod table;
mod whole;

use launch::{Workspace, Written};
use model::json::{self, Limits, Value};
use model::{Digest, ImageReference};

/// A definition of this JSON, with an image that is pinned.
pub(crate) fn written(definition: &str, write: fn(&Workspace<'_>) -> Written) -> Written {
    let value = parse(definition);
    let image = ImageReference::parse("harbour/tide-table:1.0").expect("a reference");
    let digest = Digest::from_sha256(&[0xab; 32]);
    write(&Workspace {
        name: "Tide Table",
        image: &image,
        digest: Some(&digest),
        definition: &value,
    })
}

pub(crate) fn parse(text: &str) -> Value {
    let parsed = json::parse(text.as_bytes(), &Limits::default());
    parsed.value.unwrap_or_else(|| panic!("not JSON: {text}"))
}

/// The remarks, one a line.
pub(crate) fn remarks(written: &Written) -> Vec<String> {
    let shown = |remark: &launch::Remark| format!("{}: {}", remark.property, remark.reason);
    written.remarks.iter().map(shown).collect()
}
