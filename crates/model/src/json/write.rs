use std::collections::HashMap;

use super::merge::has_duplicates;
use super::string::Piece;
use super::{JsString, Kind, Member, Object, Value};

/// Prints a value exactly as JavaScript's `JSON.stringify(JSON.parse(text))` does.
///
/// No spaces; keys that are array indices first in ascending order; a duplicate key at its first place with its last
/// value; numbers as JavaScript prints them; lone surrogates escaped, so that the result is always UTF-8.
pub fn stringify(value: &Value) -> Vec<u8> {
    print(value, Layout::Compact).into_bytes()
}

/// Prints a value as `JSON.stringify(…, null, 2)` does, for people and forms.
pub fn stringify_pretty(value: &Value) -> String {
    print(value, Layout::Indented)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Compact,
    Indented,
}

struct Writer {
    text: String,
    layout: Layout,
    depth: usize,
}

fn print(value: &Value, layout: Layout) -> String {
    let mut writer = Writer {
        text: String::new(),
        layout,
        depth: 0,
    };
    writer.value(value);
    writer.text
}

impl Writer {
    /// Goes into containers by calling itself: the reader's depth limit bounds that.
    fn value(&mut self, value: &Value) {
        match &value.kind {
            Kind::Null => self.text.push_str("null"),
            Kind::Bool(true) => self.text.push_str("true"),
            Kind::Bool(false) => self.text.push_str("false"),
            Kind::Number(number) => self.text.push_str(&number.to_javascript()),
            Kind::String(text) => self.string(text),
            Kind::Array(items) => self.array(items),
            Kind::Object(object) => self.object(object),
        }
    }

    fn array(&mut self, items: &[Value]) {
        if items.is_empty() {
            return self.text.push_str("[]");
        }
        self.text.push('[');
        self.depth += 1;
        for (index, item) in items.iter().enumerate() {
            self.start_item(index);
            self.value(item);
        }
        self.depth -= 1;
        self.new_line();
        self.text.push(']');
    }

    fn object(&mut self, object: &Object) {
        if object.is_empty() {
            return self.text.push_str("{}");
        }
        self.text.push('{');
        self.depth += 1;
        for (index, (key, value)) in in_property_order(object.members()).into_iter().enumerate() {
            self.start_item(index);
            self.string(key);
            self.text.push(':');
            if self.layout == Layout::Indented {
                self.text.push(' ');
            }
            self.value(value);
        }
        self.depth -= 1;
        self.new_line();
        self.text.push('}');
    }

    fn start_item(&mut self, index: usize) {
        if index > 0 {
            self.text.push(',');
        }
        self.new_line();
    }

    fn new_line(&mut self) {
        if self.layout == Layout::Indented {
            self.text.push('\n');
            for _ in 0..self.depth {
                self.text.push_str("  ");
            }
        }
    }

    fn string(&mut self, text: &JsString) {
        self.text.push('"');
        text.for_each_piece(|piece| match piece {
            Piece::Text(text) => self.escaped(text),
            Piece::Surrogate(unit) => self.code(unit),
        });
        self.text.push('"');
    }

    fn escaped(&mut self, text: &str) {
        let mut rest = text;
        while let Some(place) =
            rest.find(|character| matches!(character, '\0'..='\x1f' | '"' | '\\'))
        {
            let (plain, special) = rest.split_at(place);
            self.text.push_str(plain);
            // Every special character is one byte long.
            let (special, after) = special.split_at(1);
            match special {
                "\"" => self.text.push_str("\\\""),
                "\\" => self.text.push_str("\\\\"),
                "\x08" => self.text.push_str("\\b"),
                "\x0c" => self.text.push_str("\\f"),
                "\n" => self.text.push_str("\\n"),
                "\r" => self.text.push_str("\\r"),
                "\t" => self.text.push_str("\\t"),
                control => {
                    self.code(control.as_bytes().first().copied().map_or(0, u16::from));
                }
            }
            rest = after;
        }
        self.text.push_str(rest);
    }

    fn code(&mut self, unit: u16) {
        self.text.push_str("\\u");
        for shift in [12, 8, 4, 0] {
            let digit = u32::from(unit >> shift & 0xf);
            self.text.extend(char::from_digit(digit, 16));
        }
    }
}

/// The members as a JavaScript object lists its properties.
fn in_property_order(members: &[Member]) -> Vec<(&JsString, &Value)> {
    let mut properties: Vec<(&JsString, &Value)> = Vec::with_capacity(members.len());
    if has_duplicates(members) {
        let mut places = HashMap::new();
        for member in members {
            let place = *places.entry(&member.key).or_insert(properties.len());
            if let Some(property) = properties.get_mut(place) {
                property.1 = &member.value;
            } else {
                properties.push((&member.key, &member.value));
            }
        }
    } else {
        properties.extend(members.iter().map(|member| (&member.key, &member.value)));
    }
    if properties.iter().any(|(key, _)| array_index(key).is_some()) {
        // The sort is stable: keys that are no array index compare as equal and keep their order.
        properties.sort_by_key(|(key, _)| array_index(key).map_or(u64::MAX, u64::from));
    }
    properties
}

/// The key as a JavaScript array index: a canonical integer from 0 to 4294967294.
fn array_index(key: &JsString) -> Option<u32> {
    let text = key.as_str()?;
    let canonical = text == "0" || text.starts_with(|first| matches!(first, '1'..='9'));
    if !canonical {
        return None;
    }
    text.parse().ok().filter(|&index| index != u32::MAX)
}
