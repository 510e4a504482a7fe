use super::{ListDocument, ListError, ListLimits};
use crate::ByteLimit;
use crate::definition::SchemaForm;
use crate::json::{self, Kind, PlaceCursor, Span, Value};

/// The members of a list beside its workspaces.
#[derive(Debug, Default)]
pub(super) struct Header {
    members: Vec<(&'static str, Value)>,
    /// Where the workspaces stand, with the key that they stand under.
    pub(super) workspaces: Option<(&'static str, usize)>,
    notes: Vec<String>,
}

/// The keys that are read.
const KEYS: [&str; 8] = [
    "name",
    "description",
    "icon",
    "list_url",
    "contact_url",
    "modified",
    "channels",
    "default_channel",
];

/// The key of the workspaces, and the one of the time before the form 1.0.
const WORKSPACES: [&str; 2] = ["workspaces", "apps"];

const MAX_CHANNELS: usize = 1000;

/// Goes over the members of the list without reading its workspaces.
pub(super) fn read_header(
    bytes: &[u8],
    start: usize,
    limits: &ListLimits,
) -> Result<Header, ListError> {
    let mut header = Header::default();
    let mut position = json::skip_whitespace(bytes, start + 1);
    if bytes.get(position) == Some(&b'}') {
        check_end(bytes, position + 1)?;
        return Ok(header);
    }
    loop {
        let key_end = match bytes.get(position) {
            Some(b'"') => json::end_of_value(bytes, position),
            _ => None,
        };
        let Some(key_end) = key_end else {
            return Err(not_json(bytes, position, "expected a key in double quotes"));
        };
        let key = parse_part(bytes, Span::new(position, key_end), limits)?;
        position = json::skip_whitespace(bytes, key_end);
        if bytes.get(position) != Some(&b':') {
            return Err(not_json(bytes, position, "expected `:` after the key"));
        }
        position = json::skip_whitespace(bytes, position + 1);
        let Some(end) = json::end_of_value(bytes, position) else {
            return Err(not_json(bytes, bytes.len(), "the document ends too early"));
        };
        header.take(
            bytes,
            key.as_str().unwrap_or_default(),
            Span::new(position, end),
            limits,
        )?;
        position = json::skip_whitespace(bytes, end);
        match bytes.get(position) {
            Some(b',') => position = json::skip_whitespace(bytes, position + 1),
            Some(b'}') => {
                check_end(bytes, position + 1)?;
                return Ok(header);
            }
            _ => return Err(not_json(bytes, position, "expected `,` or `}`")),
        }
    }
}

pub(super) fn not_json(bytes: &[u8], offset: usize, message: impl Into<String>) -> ListError {
    let (line, column) = PlaceCursor::new(bytes).line_column(offset);
    ListError::NotJson {
        line,
        column,
        message: message.into(),
        looks_like_html: false,
    }
}

fn check_end(bytes: &[u8], position: usize) -> Result<(), ListError> {
    let end = json::skip_whitespace(bytes, position);
    if end == bytes.len() {
        Ok(())
    } else {
        Err(not_json(
            bytes,
            end,
            "text stands after the end of the document",
        ))
    }
}

/// Reads one part of the list, with its errors as the whole list's.
fn parse_part(bytes: &[u8], span: Span, limits: &ListLimits) -> Result<Value, ListError> {
    let limits = json::Limits {
        max_bytes: limits.max_listing_bytes,
        max_depth: limits.max_depth.saturating_sub(1),
        max_errors: 1,
    };
    let parsed = json::parse(&bytes[span.start..span.end], &limits);
    match (parsed.value, parsed.errors.into_iter().next()) {
        (Some(value), None) => Ok(value),
        (_, Some(error)) => Err(not_json(
            bytes,
            span.start + error.span.start,
            error.message,
        )),
        (None, None) => Err(not_json(bytes, span.start, "expected a value")),
    }
}

impl Header {
    /// Keeps a member if it is one that is read; of several the last one counts.
    fn take(
        &mut self,
        bytes: &[u8],
        key: &str,
        span: Span,
        limits: &ListLimits,
    ) -> Result<(), ListError> {
        if let Some(key) = WORKSPACES.into_iter().find(|known| *known == key) {
            let right_one_known = matches!(self.workspaces, Some(("workspaces", _)));
            if key == "workspaces" || !right_one_known {
                self.workspaces = Some((key, span.start));
            }
            return Ok(());
        }
        let known = KEYS.into_iter().find(|known| *known == key);
        if span.end - span.start > limits.max_listing_bytes {
            if let Some(key) = known {
                self.notes.push(format!(
                    "`{key}` is left out: it is longer than {}",
                    ByteLimit(limits.max_listing_bytes as u64)
                ));
            }
            return Ok(());
        }
        let value = parse_part(bytes, span, limits)?;
        if let Some(key) = known {
            self.members.retain(|(other, _)| *other != key);
            self.members.push((key, value));
        }
        Ok(())
    }

    /// The list without workspaces.
    pub(super) fn into_document(mut self) -> ListDocument {
        let form = if self.has("channels") || self.has("default_channel") {
            SchemaForm::V1_1
        } else {
            SchemaForm::V1_0
        };
        let modified = self
            .find("modified")
            .and_then(|value| value.as_number()?.as_i64());
        let channels = self.channels();
        ListDocument {
            form,
            name: self.text("name"),
            description: self.text("description"),
            icon: self.text("icon"),
            list_url: self.text("list_url"),
            contact_url: self.text("contact_url"),
            modified,
            channels,
            default_channel: self.text("default_channel"),
            entries: Vec::new(),
            set_aside: Vec::new(),
            notes: self.notes,
        }
    }

    /// Whether the list has that key, be it `null`.
    pub(super) fn has(&self, key: &str) -> bool {
        self.members.iter().any(|(known, _)| *known == key)
    }

    fn find(&self, key: &str) -> Option<&Value> {
        let (_, value) = self.members.iter().find(|(known, _)| *known == key)?;
        (!value.is_null()).then_some(value)
    }

    fn text(&mut self, key: &str) -> Option<String> {
        let value = self.find(key)?;
        let Kind::String(text) = &value.kind else {
            let found = value.kind_in_words();
            self.notes.push(format!(
                "`{key}` is left out: expected a string, found {found}"
            ));
            return None;
        };
        let text = crate::definition::storable(text);
        (!text.trim().is_empty()).then_some(text)
    }

    fn channels(&self) -> Vec<String> {
        let items = self
            .find("channels")
            .and_then(Value::as_array)
            .unwrap_or_default();
        items
            .iter()
            .filter_map(Value::as_string)
            .map(crate::definition::storable)
            .take(MAX_CHANNELS)
            .collect()
    }
}
