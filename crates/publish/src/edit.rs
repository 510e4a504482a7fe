//! Changes to a JSON text that leave all the rest as it was written: its order, its unknown keys, its blanks.

use model::json::{Kind, Member, Object, Span, Value};

/// Some bytes of a text and what stands there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    span: Span,
    text: Vec<u8>,
}

/// A JSON text and what is to be changed in it.
#[derive(Debug)]
pub(crate) struct Editor<'a> {
    text: &'a [u8],
    edits: Vec<Edit>,
    indent: &'a [u8],
    line_end: &'static str,
}

impl<'a> Editor<'a> {
    /// Takes a text and what was read from it.
    pub(crate) fn new(text: &'a [u8], document: &Value) -> Self {
        let first = first_child(document).unwrap_or(document.span.start);
        let line_start = text[..first]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(first, |newline| newline + 1);
        let is_windows = text.windows(2).any(|pair| pair == b"\r\n");
        Self {
            text,
            edits: Vec::new(),
            indent: &text[line_start..first],
            line_end: if is_windows { "\r\n" } else { "\n" },
        }
    }

    /// What a value is written as.
    pub(crate) fn written(&self, span: Span) -> &'a [u8] {
        &self.text[span.start..span.end]
    }

    /// What stands between two values.
    fn between(&self, left: Span, right: Span) -> &'a [u8] {
        self.text.get(left.end..right.start).unwrap_or_default()
    }

    /// Puts another text in the place of some bytes.
    pub(crate) fn replace(&mut self, span: Span, text: impl Into<Vec<u8>>) {
        let text = text.into();
        if self.written(span) != text {
            self.edits.push(Edit { span, text });
        }
    }

    /// Adds a member after the one of a key, or as the first where there is none.
    pub(crate) fn insert_after(&mut self, object: &Value, after: &str, key: &str, value: &str) {
        let Some(members) = object.as_object().map(Object::members) else {
            return;
        };
        let place = members.iter().rposition(|member| member.key == *after);
        let blank = self.before_first(object, members.first().map(|member| member.key_span));
        let colon = members.first().map_or(&b": "[..], |first| {
            self.between(first.key_span, first.value.span)
        });
        let member = [json_string(key).as_bytes(), colon, value.as_bytes()].concat();
        let (at, text) = match place.and_then(|place| members.get(place)) {
            Some(previous) => (previous.value.span.end, [b",", &*blank, &*member].concat()),
            None if members.is_empty() => (object.span.start + 1, [b" ", &*member, b" "].concat()),
            None => (object.span.start + 1, [&*blank, &*member, b","].concat()),
        };
        self.edits.push(Edit {
            span: Span::new(at, at),
            text,
        });
    }

    /// Takes keys away, with all their duplicates.
    pub(crate) fn remove(&mut self, object: &Value, keys: &[&str]) {
        let members = object.as_object().map(Object::members).unwrap_or_default();
        let goes = |member: &Member| keys.iter().any(|key| member.key == **key);
        // Of the members that stay, the first keeps what stands before it; each other one its comma.
        let mut kept: Option<&Member> = None;
        let mut index = 0;
        while index < members.len() {
            let run = members[index..]
                .iter()
                .take_while(|member| goes(member))
                .count();
            if run == 0 {
                kept = members.get(index);
                index += 1;
                continue;
            }
            let (first, last) = (&members[index], &members[index + run - 1]);
            let span = match (kept, members.get(index + run)) {
                (Some(kept), _) => Span::new(kept.value.span.end, last.value.span.end),
                (None, Some(next)) => Span::new(first.key_span.start, next.key_span.start),
                (None, None) => Span::new(first.key_span.start, last.value.span.end),
            };
            self.edits.push(Edit {
                span,
                text: Vec::new(),
            });
            index += run;
        }
    }

    /// Adds an item at the end of an array, laid out as the items before it.
    pub(crate) fn append(&mut self, array: &Value, item: &[u8]) {
        let items = array.as_array().unwrap_or_default();
        let Some(last) = items.last() else {
            self.replace(array.span, [b"[", item, b"]"].concat());
            return;
        };
        let previous = items
            .len()
            .checked_sub(2)
            .and_then(|index| items.get(index));
        let separator = if let Some(previous) = previous {
            self.between(previous.span, last.span).to_vec()
        } else {
            let blank = self.before_first(array, Some(last.span));
            let inline = if blank.is_empty() { &b" "[..] } else { b"" };
            [b",", &*blank, inline].concat()
        };
        self.edits.push(Edit {
            span: Span::new(last.span.end, last.span.end),
            text: [&*separator, item].concat(),
        });
    }

    /// How deep a value of the document's own members is laid out: the start of a line in it.
    pub(crate) fn line(&self, depth: usize) -> Option<String> {
        if self.indent.is_empty() || !self.indent.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        let indent = String::from_utf8_lossy(self.indent).repeat(depth);
        Some(format!("{}{indent}", self.line_end))
    }

    /// The text with all changes.
    pub(crate) fn finish(self) -> Vec<u8> {
        let whole = Span::new(0, self.text.len());
        self.finish_part(whole)
    }

    /// A part of the text with all changes, which lie in it.
    pub(crate) fn finish_part(mut self, part: Span) -> Vec<u8> {
        // Stable: what is inserted at one place keeps its order.
        self.edits.sort_by_key(|edit| edit.span);
        let mut changed = Vec::with_capacity(part.end - part.start);
        let mut copied = part.start;
        for edit in self.edits {
            // Changes that lie over each other would be this crate's mistake; the first one holds.
            if edit.span.start < copied {
                continue;
            }
            changed.extend_from_slice(&self.text[copied..edit.span.start]);
            changed.extend_from_slice(&edit.text);
            copied = edit.span.end;
        }
        changed.extend_from_slice(&self.text[copied..part.end]);
        changed
    }

    fn before_first(&self, container: &Value, first: Option<Span>) -> Vec<u8> {
        first.map_or_else(Vec::new, |first| {
            self.between(Span::new(0, container.span.start + 1), first)
                .to_vec()
        })
    }
}

/// A text as a JSON string.
pub(crate) fn json_string(text: &str) -> String {
    String::from_utf8_lossy(&model::json::stringify(&Value::string(text))).into_owned()
}

fn first_child(document: &Value) -> Option<usize> {
    match &document.kind {
        Kind::Object(object) => Some(object.members().first()?.key_span.start),
        Kind::Array(items) => Some(items.first()?.span.start),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use model::json::{Limits, parse};

    use super::*;

    fn check(text: &str, change: impl FnOnce(&mut Editor<'_>, &Value), expected: &str) {
        let document = parse(text.as_bytes(), &Limits::default())
            .value
            .expect("JSON");
        let mut editor = Editor::new(text.as_bytes(), &document);
        change(&mut editor, &document);
        assert_eq!(
            String::from_utf8_lossy(&editor.finish()),
            expected,
            "{text}"
        );
    }

    #[test]
    fn members_are_inserted_where_they_belong() {
        let after =
            |editor: &mut Editor<'_>, value: &Value| editor.insert_after(value, "a", "b", "2");
        check(
            "{\n  \"a\" : 1,\n  \"c\" : 3\n}\n",
            after,
            "{\n  \"a\" : 1,\n  \"b\" : 2,\n  \"c\" : 3\n}\n",
        );
        check(
            "{\r\n\t\"a\": 1\r\n}",
            after,
            "{\r\n\t\"a\": 1,\r\n\t\"b\": 2\r\n}",
        );
        check(r#"{"a":1}"#, after, r#"{"a":1,"b":2}"#);
        check("{ \"c\": 1 }", after, "{ \"b\": 2, \"c\": 1 }");
        check("{}", after, r#"{ "b": 2 }"#);
    }

    #[test]
    fn members_are_removed_with_their_commas() {
        let b = |editor: &mut Editor<'_>, value: &Value| editor.remove(value, &["b", "x"]);
        check(
            "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}",
            b,
            "{\n  \"a\": 1,\n  \"c\": 3\n}",
        );
        check("{\n  \"b\": 2,\n  \"c\": 3\n}", b, "{\n  \"c\": 3\n}");
        check("{\n  \"a\": 1,\n  \"b\": 2\n}", b, "{\n  \"a\": 1\n}");
        check(r#"{"b":1,"b":2}"#, b, "{}");
        check(r#"{"b":1,"a":0,"b":2}"#, b, r#"{"a":0}"#);
        check(r#"{"a":1}"#, b, r#"{"a":1}"#);
        check(r#"{"x":0,"b":1,"a":1,"x":2,"b":3}"#, b, r#"{"a":1}"#);
    }

    #[test]
    fn items_are_appended_as_the_others_are_laid_out() {
        let item = |editor: &mut Editor<'_>, value: &Value| editor.append(value, b"9");
        check("[1, 2]", item, "[1, 2, 9]");
        check("[1,2]", item, "[1,2,9]");
        check("[\n  1\n]", item, "[\n  1,\n  9\n]");
        check("[1]", item, "[1, 9]");
        check("[]", item, "[9]");
        check("[ ]", item, "[9]");
    }
}
