use super::{Kind, Value};

/// One step of a path into a JSON document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment<'a> {
    /// Into the member of that key.
    Key(&'a str),
    /// Into the item at that position, from 0.
    Index(usize),
}

/// The JSON pointer (RFC 6901) of a path, such as `/workspaces/3/friendly_name`; empty for the document itself.
pub fn pointer<'a>(path: impl IntoIterator<Item = Segment<'a>>) -> String {
    let mut text = String::new();
    for segment in path {
        text.push('/');
        match segment {
            Segment::Key(key) => push_escaped(&mut text, key),
            Segment::Index(index) => text.push_str(&index.to_string()),
        }
    }
    text
}

/// The value that a JSON pointer names; of duplicate keys, the last one.
pub fn locate<'v>(document: &'v Value, pointer: &str) -> Option<&'v Value> {
    if pointer.is_empty() {
        return Some(document);
    }
    let mut value = document;
    for token in pointer.strip_prefix('/')?.split('/') {
        value = match &value.kind {
            Kind::Object(object) => object.get(&unescaped(token))?,
            Kind::Array(items) => items.get(index(token)?)?,
            _ => return None,
        };
    }
    Some(value)
}

fn push_escaped(text: &mut String, key: &str) {
    for character in key.chars() {
        match character {
            '~' => text.push_str("~0"),
            '/' => text.push_str("~1"),
            _ => text.push(character),
        }
    }
}

fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

fn index(token: &str) -> Option<usize> {
    let canonical = token == "0" || !token.starts_with(['0', '+']);
    canonical.then(|| token.parse().ok()).flatten()
}
