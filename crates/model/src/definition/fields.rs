use super::Trouble;
use crate::json::{self, Kind, Member, Segment, Value};

/// Reads the members of one object and notes what it cannot use.
pub(crate) struct Fields<'v, 't> {
    object: &'v json::Object,
    prefix: &'t str,
    troubles: &'t mut Vec<Trouble>,
}

/// No real workspace comes near these; a sum over many of them still fits.
const MOST_MEGABYTES: f64 = 1e8;
const MOST_CORES: f64 = 1e5;

/// How many troubles of one workspace are kept.
const MAX_TROUBLES: usize = 50;

impl<'v, 't> Fields<'v, 't> {
    pub(crate) const fn new(
        object: &'v json::Object,
        prefix: &'t str,
        troubles: &'t mut Vec<Trouble>,
    ) -> Self {
        Self {
            object,
            prefix,
            troubles,
        }
    }

    /// The member of a key, unless it is `null`.
    pub(crate) fn member(&self, key: &str) -> Option<&'v Member> {
        self.object
            .member(key)
            .filter(|member| !member.value.is_null())
    }

    /// A text that is not empty.
    pub(crate) fn text(&mut self, key: &str) -> Option<String> {
        let value = &self.member(key)?.value;
        let text = match &value.kind {
            Kind::String(text) => storable(text),
            Kind::Number(number) => {
                self.note_kind(key, value, "a string");
                number.to_string()
            }
            _ => {
                self.note_kind(key, value, "a string");
                return None;
            }
        };
        (!text.trim().is_empty()).then_some(text)
    }

    /// An array of texts, each once; a single text stands for an array of it.
    pub(crate) fn texts(&mut self, key: &str, most: usize) -> Vec<String> {
        let Some(member) = self.member(key) else {
            return Vec::new();
        };
        let items = match &member.value.kind {
            Kind::Array(items) => items.as_slice(),
            Kind::String(_) => {
                self.note_kind(key, &member.value, "an array of strings");
                std::slice::from_ref(&member.value)
            }
            _ => {
                self.note_kind(key, &member.value, "an array of strings");
                &[]
            }
        };
        let mut texts: Vec<String> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let Some(text) = item.as_string().map(storable) else {
                let message = format!("expected a string, found {}", item.kind_in_words());
                self.note_item(key, index, item, message);
                continue;
            };
            let text = text.trim();
            if text.is_empty() || texts.iter().any(|known| known == text) {
                continue;
            }
            if texts.len() == most {
                self.note_item(key, index, item, format!("only the first {most} are used"));
                break;
            }
            texts.push(text.to_owned());
        }
        texts
    }

    /// A size in decimal megabytes; "1240 MB" and "2.17 GB" are read too.
    pub(crate) fn megabytes(&mut self, key: &str) -> Option<u64> {
        let megabytes = self.number(key, "a number of megabytes", MOST_MEGABYTES)?;
        Some(megabytes.round() as u64)
    }

    pub(crate) fn count(&mut self, key: &str) -> Option<u64> {
        let count = self.number(key, "a number", MOST_CORES)?;
        Some(count.round() as u64)
    }

    pub(crate) fn cores(&mut self, key: &str) -> Option<f64> {
        self.number(key, "a number of cores", MOST_CORES)
    }

    /// A value of any kind but `null`; noted if it is no object.
    pub(crate) fn settings(&mut self, key: &str) -> Option<Value> {
        let value = &self.member(key)?.value;
        if value.as_object().is_none() {
            self.note_kind(key, value, "an object");
        }
        Some(value.clone())
    }

    pub(crate) fn note(&mut self, key: &str, span: json::Span, message: impl Into<String>) {
        let pointer = format!("{}{}", self.prefix, json::pointer([Segment::Key(key)]));
        self.push(pointer, span, message.into());
    }

    pub(crate) fn note_item(&mut self, key: &str, index: usize, item: &Value, message: String) {
        let path = json::pointer([Segment::Key(key), Segment::Index(index)]);
        self.push(format!("{}{path}", self.prefix), item.span, message);
    }

    fn push(&mut self, pointer: String, span: json::Span, message: String) {
        if self.troubles.len() < MAX_TROUBLES {
            self.troubles.push(Trouble {
                pointer,
                span,
                message,
            });
        }
    }

    fn number(&mut self, key: &str, expected: &str, most: f64) -> Option<f64> {
        let value = &self.member(key)?.value;
        let number = match &value.kind {
            Kind::Number(number) => Some(number.as_f64()),
            Kind::String(text) => text.as_str().and_then(number_with_unit),
            _ => None,
        };
        if value.as_number().is_none() {
            self.note_kind(key, value, expected);
        }
        let number = number?;
        if !(0.0..=most).contains(&number) {
            self.note(
                key,
                value.span,
                format!("a number from 0 to {most} is expected here"),
            );
            return None;
        }
        Some(number)
    }

    fn note_kind(&mut self, key: &str, value: &Value, expected: &str) {
        let message = format!("expected {expected}, found {}", value.kind_in_words());
        self.note(key, value.span, message);
    }
}

/// The text as every database can store it.
pub(crate) fn storable(text: &json::JsString) -> String {
    let text = text.to_string_lossy();
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text.into_owned()
    }
}

/// Reads "1240", "1240 MB" and "2.17 GB".
fn number_with_unit(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text
        .find(|character: char| !character.is_ascii_digit() && character != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "mb" | "m" => 1.0,
        "gb" | "g" => 1000.0,
        _ => return None,
    };
    let number: f64 = number.parse().ok()?;
    Some(number * factor)
}
