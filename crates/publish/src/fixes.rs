//! Changes that rules offer.

use diagnostics::Fix;
use model::json::{self, Value};

use crate::report::span;

/// Writes a text in the place of a value.
pub(crate) fn write_text(place: json::Span, text: &str) -> Fix {
    let json = json::stringify(&Value::string(text));
    let json = String::from_utf8_lossy(&json).into_owned();
    Fix::replace(format!("write `{text}`"), span(place), json)
}

/// Writes JSON that is no text in the place of a value.
pub(crate) fn write_plain(place: json::Span, json: &str) -> Fix {
    Fix::replace(format!("write `{json}`"), span(place), json)
}
