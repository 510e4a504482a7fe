use model::json::{self, Limits, Object, Value};
use model::list::ListDocument;

use super::FieldChange;

/// Parts that lie deeper are compared as wholes.
const DEEPEST: usize = 16;

/// What of the JSON of a listing changed; `sha`, which changes with everything else, is left out.
pub(super) fn changed_fields(before: &str, after: &str) -> Vec<FieldChange> {
    let read = |text: &str| json::parse(text.as_bytes(), &Limits::default()).value;
    let mut changes = Changes::default();
    if let (Some(before), Some(after)) = (read(before), read(after)) {
        changes.value("", Some(&before), Some(&after), 0);
    }
    changes.0.retain(|change| change.path != "sha");
    changes.0
}

/// What the registry says otherwise about itself; when it was built is no matter.
pub(super) fn changed_header(before: &ListDocument, after: &ListDocument) -> Vec<FieldChange> {
    let texts = |list: &ListDocument| {
        let channels = list
            .channels
            .iter()
            .map(|channel| Value::string(channel.as_str()));
        let channels = (!list.channels.is_empty()).then(|| Value::array(channels));
        let text = |text: &Option<String>| text.as_deref().map(Value::string);
        [
            ("name", text(&list.name)),
            ("description", text(&list.description)),
            ("icon", text(&list.icon)),
            ("list_url", text(&list.list_url)),
            ("contact_url", text(&list.contact_url)),
            ("channels", channels),
            ("default_channel", text(&list.default_channel)),
        ]
    };
    let mut changes = Changes::default();
    if before.form != after.form {
        let form = |list: &ListDocument| Value::string(list.form.as_str());
        changes.value("schema", Some(&form(before)), Some(&form(after)), 0);
    }
    for ((key, before), (_, after)) in texts(before).into_iter().zip(texts(after)) {
        changes.value(key, before.as_ref(), after.as_ref(), 0);
    }
    changes.0
}

#[derive(Default)]
struct Changes(Vec<FieldChange>);

impl Changes {
    fn value(&mut self, path: &str, before: Option<&Value>, after: Option<&Value>, depth: usize) {
        if before == after {
            return;
        }
        if let (Some(before), Some(after)) = (before, after)
            && depth < DEEPEST
        {
            if let (Some(before), Some(after)) = (before.as_object(), after.as_object()) {
                return self.object(path, before, after, depth);
            }
            if let (Some(before), Some(after)) = (by_version(before), by_version(after)) {
                return self.versions(path, &before, &after, depth);
            }
        }
        self.0.push(FieldChange {
            path: path.to_owned(),
            before: before.map(text),
            after: after.map(text),
        });
    }

    fn object(&mut self, path: &str, before: &Object, after: &Object, depth: usize) {
        let below = |key: &str| match path {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        };
        for key in keys(before, after) {
            self.value(&below(&key), before.get(&key), after.get(&key), depth + 1);
        }
    }

    fn versions(
        &mut self,
        path: &str,
        before: &[(&str, &Value)],
        after: &[(&str, &Value)],
        depth: usize,
    ) {
        let find = |entries: &[(&str, &Value)], version: &str| {
            let found = entries.iter().find(|(known, _)| *known == version)?;
            Some(found.1.clone())
        };
        let gone = before
            .iter()
            .filter(|(version, _)| find(after, version).is_none());
        for (version, _) in gone.chain(after) {
            let (before, after) = (find(before, version), find(after, version));
            let path = format!("{path}[{version}]");
            self.value(&path, before.as_ref(), after.as_ref(), depth + 1);
        }
    }
}

/// All keys of both, each once: those that are there now, in their order, and then those that are gone.
fn keys(before: &Object, after: &Object) -> Vec<String> {
    let mut keys = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for member in after.members().iter().chain(before.members()) {
        let key = member.key.to_string_lossy();
        if seen.insert(key.clone().into_owned()) {
            keys.push(key.into_owned());
        }
    }
    keys
}

/// The entries of an array by their versions, if each is an object that has one of its own.
fn by_version(value: &Value) -> Option<Vec<(&str, &Value)>> {
    let mut entries: Vec<(&str, &Value)> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for item in value.as_array().filter(|items| !items.is_empty())? {
        let version = item.get("version")?.as_str()?;
        if !seen.insert(version) {
            return None;
        }
        entries.push((version, item));
    }
    Some(entries)
}

fn text(value: &Value) -> String {
    String::from_utf8_lossy(&json::stringify(value)).into_owned()
}
