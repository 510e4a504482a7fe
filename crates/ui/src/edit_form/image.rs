use model::json::{Kind, Value};

/// Properties that can name the image; the last is the manual's spelling of the one before.
pub(super) const KEYS: [&str; 3] = ["name", "compatibility", "compatability"];

/// The image as the JSON has it, for the compatibility entry in use.
pub(super) fn written<'v>(published: &'v Value, entry_version: Option<&str>) -> Option<&'v str> {
    let entry = entries(published)
        .and_then(|(_, entries)| entries.iter().find(|entry| is_in_use(entry, entry_version)))
        .and_then(|entry| entry.get("image"));
    entry.or_else(|| published.get("name"))?.as_str()
}

/// Whether the entry in use chooses its tag by channel, so that the written one does not count.
pub(super) fn has_channels(published: &Value, entry_version: Option<&str>) -> bool {
    entries(published).is_some_and(|(_, entries)| {
        entries
            .iter()
            .filter(|entry| is_in_use(entry, entry_version))
            .any(|entry| entry.get("available_tags").is_some())
    })
}

/// The members that make `image` the one in use.
///
/// A merge patch replaces arrays whole, so all compatibility entries are told. The entry in use loses its channels:
/// the tag that was typed is the one that is meant.
pub(super) fn replaced(
    published: &Value,
    entry_version: Option<&str>,
    image: &str,
) -> Vec<(&'static str, Value)> {
    let mut members = Vec::new();
    if let Some((key, entries)) = entries(published) {
        let entries = entries.iter().map(|entry| {
            let mut entry = entry.clone();
            if is_in_use(&entry, entry_version)
                && let Some(object) = entry.as_object_mut()
            {
                object.set("image", Value::string(image));
                object.remove("available_tags");
            }
            entry
        });
        members.push((key, Value::array(entries)));
    }
    if members.is_empty() || published.get("name").is_some() {
        members.push(("name", Value::string(image)));
    }
    members
}

/// The compatibility entries, where they are objects that name images.
fn entries(published: &Value) -> Option<(&'static str, &[Value])> {
    KEYS[1..].iter().find_map(|key| {
        let entries = published.get(key)?.as_array()?;
        let has_objects = entries
            .iter()
            .any(|entry| matches!(entry.kind, Kind::Object(_)));
        has_objects.then_some((*key, entries))
    })
}

fn is_in_use(entry: &Value, version: Option<&str>) -> bool {
    version.is_some() && entry.get("version").and_then(Value::as_str) == version
}
