//! One rule a file; each says what it makes of one property.

mod flag_property;
mod privilege;
mod user_error;

use crate::FindingId;
use crate::properties::Property;

/// What the rules say about a property: the first that objects, the most telling one first.
pub(crate) fn check(property: &Property<'_>) -> Option<FindingId> {
    user_error::check(property)
        .or_else(|| privilege::check(property))
        .or_else(|| flag_property::check(property))
}
