use std::collections::HashSet;

use super::{JsString, Kind, Member, Object, Span, Value};

/// A container whose closing bracket was not read yet.
#[derive(Debug)]
pub(crate) struct Frame {
    start: usize,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Array(Vec<Value>),
    Object {
        members: Vec<Member>,
        key: Option<(JsString, Span)>,
    },
}

impl Frame {
    pub(crate) const fn open(bracket: u8, start: usize) -> Self {
        let content = if bracket == b'{' {
            Content::Object {
                members: Vec::new(),
                key: None,
            }
        } else {
            Content::Array(Vec::new())
        };
        Self { start, content }
    }

    pub(crate) const fn is_object(&self) -> bool {
        matches!(self.content, Content::Object { .. })
    }

    pub(crate) const fn closing_bracket(&self) -> u8 {
        if self.is_object() { b'}' } else { b']' }
    }

    /// Keeps the key for the value that follows it.
    pub(crate) fn take_key(&mut self, key: JsString, span: Span) {
        if let Content::Object { key: pending, .. } = &mut self.content {
            *pending = Some((key, span));
        }
    }

    /// Forgets a key whose value could not be read.
    pub(crate) fn drop_key(&mut self) {
        if let Content::Object { key, .. } = &mut self.content {
            *key = None;
        }
    }

    /// Adds a value; in an object it belongs to the key before it.
    pub(crate) fn take_value(&mut self, value: Value) {
        match &mut self.content {
            Content::Array(items) => items.push(value),
            Content::Object { members, key } => {
                if let Some((key, key_span)) = key.take() {
                    members.push(Member {
                        key,
                        key_span,
                        value,
                    });
                }
            }
        }
    }

    /// The finished container; keys that stand in it more than once are noted.
    pub(crate) fn close(self, end: usize, duplicate_keys: &mut Vec<Span>) -> Value {
        let kind = match self.content {
            Content::Array(items) => Kind::Array(items),
            Content::Object { members, .. } => {
                note_duplicates(&members, duplicate_keys);
                Kind::Object(Object::from_members(members))
            }
        };
        Value {
            span: Span::new(self.start, end),
            kind,
        }
    }
}

/// Notes each key that stands in the object already.
fn note_duplicates(members: &[Member], duplicate_keys: &mut Vec<Span>) {
    if !super::merge::has_duplicates(members) {
        return;
    }
    let mut seen = HashSet::with_capacity(members.len());
    for member in members {
        if !seen.insert(&member.key) {
            duplicate_keys.push(member.key_span);
        }
    }
}
