//! A user is set, and it is not 1000.
//!
//! 1000 is the user that workspaces run as anyway. Any other is mostly root, which can do more inside the container and
//! more to the host if it gets out.

use model::json::{Number, Value};

use crate::FindingId;
use crate::properties::Property;

pub(crate) fn check(property: &Property<'_>) -> Option<FindingId> {
    (property.runs_something() && property.name == "user" && !is_ordinary(property.value))
        .then_some(FindingId::UserError)
}

fn is_ordinary(value: &Value) -> bool {
    value.as_number().and_then(Number::as_u64) == Some(1000)
        || matches!(value.as_str(), Some("1000" | "1000:1000"))
}
