//! The line of `registry.toml` that names the schema.

use model::SchemaForm;
use toml::de::DeTable;

use super::{Change, Changes, Untouched};
use crate::CONFIG_FILE;

/// Sets `schema` in the text of a `registry.toml`, and leaves all the rest as it is.
pub(super) fn set(text: &[u8], to: SchemaForm, changes: &mut Changes) {
    let untouched = |reason: String| Untouched {
        file: CONFIG_FILE.to_owned(),
        place: None,
        reason,
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return changes
            .untouched
            .push(untouched("it is not UTF-8".to_owned()));
    };
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let reason = format!("it is not TOML: {}", error.message());
            return changes.untouched.push(untouched(reason));
        }
    };
    let line = format!("\"{to}\"");
    let new = match table.get_ref().get("schema") {
        // Without the line the form is that of the workspaces, which is the right one now.
        None => return,
        Some(value) => {
            let place = value.span();
            format!("{}{line}{}", &text[..place.start], &text[place.end..])
        }
    };
    if new == text {
        changes.unchanged += 1;
    } else {
        changes.changed.push(Change {
            file: CONFIG_FILE.to_owned(),
            text: new.into_bytes(),
            notes: Vec::new(),
        });
    }
}
