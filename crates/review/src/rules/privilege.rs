//! The container, or a command in it, runs in privileged mode.
//!
//! Some files say so with the text "true", and consumers follow it.

use crate::FindingId;
use crate::properties::Property;

pub(crate) fn check(property: &Property<'_>) -> Option<FindingId> {
    let privileged =
        property.value.as_bool() == Some(true) || property.value.as_str() == Some("true");
    (property.runs_something() && property.name == "privileged" && privileged)
        .then_some(FindingId::Privilege)
}
