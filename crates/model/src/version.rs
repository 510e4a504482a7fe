//! Versions that a listing is made for, and the choice among them.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::definition::{CompatibilityEntry, WantedVersion};

/// A version such as `1.17.0`, or `1.17.x` for all of its line; `1.17` reads as `1.17.x`.
///
/// Ordered by number, so that 1.20 comes after 1.9; the whole line comes after each exact version of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CompatibilityVersion {
    major: u32,
    minor: u32,
    patch: Patch,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Patch {
    Exact(u32),
    Any,
}

/// A text that is no version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a version is two or three numbers, such as `1.17.0`, or `1.17.x`")]
pub struct CompatibilityVersionError;

impl CompatibilityVersion {
    /// The line that the version belongs to: `1.17.x` for `1.17.0`.
    #[must_use]
    pub const fn line(self) -> Self {
        Self {
            patch: Patch::Any,
            ..self
        }
    }

    /// Whether a listing made for this version fits the wanted one: the same, or all of its line.
    pub fn matches(self, wanted: Self) -> bool {
        self == wanted || self == wanted.line()
    }
}

/// The entry for the wanted version: the exact one first, then the one for its line; for any version the newest one, of
/// equals the first.
pub fn choose<'e>(
    entries: &'e [CompatibilityEntry],
    wanted: &WantedVersion,
) -> Option<&'e CompatibilityEntry> {
    let find = |version: CompatibilityVersion| {
        entries
            .iter()
            .find(|entry| entry.version.parse() == Ok(version))
    };
    match wanted {
        WantedVersion::Exact(wanted) => find(*wanted).or_else(|| find(wanted.line())),
        // Of several greatest items `max_by` gives the last.
        WantedVersion::Any => entries
            .iter()
            .rev()
            .max_by(|left, right| compare(&left.version, &right.version)),
    }
}

/// Compares two versions by number; texts that are none come first.
pub fn compare(left: &str, right: &str) -> Ordering {
    let left: Option<CompatibilityVersion> = left.parse().ok();
    left.cmp(&right.parse().ok())
}

impl FromStr for CompatibilityVersion {
    type Err = CompatibilityVersionError;

    fn from_str(text: &str) -> Result<Self, CompatibilityVersionError> {
        let mut parts = text.trim().split('.');
        let major = number(parts.next())?;
        let minor = number(parts.next())?;
        let patch = match parts.next() {
            None | Some("x" | "X" | "*") => Patch::Any,
            patch => Patch::Exact(number(patch)?),
        };
        match parts.next() {
            None => Ok(Self {
                major,
                minor,
                patch,
            }),
            Some(_) => Err(CompatibilityVersionError),
        }
    }
}

fn number(part: Option<&str>) -> Result<u32, CompatibilityVersionError> {
    part.filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|part| part.parse().ok())
        .ok_or(CompatibilityVersionError)
}

impl TryFrom<String> for CompatibilityVersion {
    type Error = CompatibilityVersionError;

    fn try_from(text: String) -> Result<Self, CompatibilityVersionError> {
        text.parse()
    }
}

impl From<CompatibilityVersion> for String {
    fn from(version: CompatibilityVersion) -> Self {
        version.to_string()
    }
}

impl fmt::Display for CompatibilityVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.", self.major, self.minor)?;
        match self.patch {
            Patch::Exact(patch) => write!(formatter, "{patch}"),
            Patch::Any => formatter.write_str("x"),
        }
    }
}
