use std::borrow::Cow;
use std::fmt;

/// A string as JavaScript has it: text that may hold lone surrogates.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct JsString(Content);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Content {
    Text(Box<str>),
    /// UTF-8 with lone surrogates as three bytes (WTF-8). Holds at least one of them, and never a pair, so that equal
    /// strings have equal bytes.
    Surrogates(Box<[u8]>),
}

/// A piece of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Surrogate(u16),
}

/// Collects a string from text and UTF-16 units.
#[derive(Debug, Default)]
pub(crate) struct JsStringBuilder {
    bytes: Vec<u8>,
    pending_high: Option<u16>,
    surrogates: bool,
}

impl JsString {
    /// The text, if it holds no lone surrogate.
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Content::Text(text) => Some(text),
            Content::Surrogates(_) => None,
        }
    }

    /// The text with U+FFFD in the place of each lone surrogate.
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        if let Some(text) = self.as_str() {
            return Cow::Borrowed(text);
        }
        let mut lossy = String::new();
        self.for_each_piece(|piece| match piece {
            Piece::Text(text) => lossy.push_str(text),
            Piece::Surrogate(_) => lossy.push(char::REPLACEMENT_CHARACTER),
        });
        Cow::Owned(lossy)
    }

    /// Whether it has no characters.
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }

    /// UTF-8, with lone surrogates as three bytes; for comparing.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Content::Text(text) => text.as_bytes(),
            Content::Surrogates(bytes) => bytes,
        }
    }

    /// Calls back with the text between lone surrogates and with each of those.
    pub(crate) fn for_each_piece<'a>(&'a self, mut call: impl FnMut(Piece<'a>)) {
        let bytes = match &self.0 {
            Content::Text(text) => return call(Piece::Text(text)),
            Content::Surrogates(bytes) => bytes,
        };
        // A UTF-8 decoder stops exactly at the lone surrogates: their encoding is the only thing here that is not UTF-8.
        let mut rest: &[u8] = bytes;
        while !rest.is_empty() {
            let valid = match std::str::from_utf8(rest) {
                Ok(text) => return call(Piece::Text(text)),
                Err(error) => error.valid_up_to(),
            };
            if let Ok(text) = std::str::from_utf8(&rest[..valid])
                && !text.is_empty()
            {
                call(Piece::Text(text));
            }
            let Some([_, second, third]) = rest.get(valid..valid + 3) else {
                return;
            };
            let unit = 0xd000 | (u16::from(second & 0x3f) << 6) | u16::from(third & 0x3f);
            call(Piece::Surrogate(unit));
            rest = &rest[valid + 3..];
        }
    }
}

impl JsStringBuilder {
    pub(crate) fn push_str(&mut self, text: &str) {
        if !text.is_empty() {
            self.settle_pending();
            self.bytes.extend_from_slice(text.as_bytes());
        }
    }

    pub(crate) fn push_unit(&mut self, unit: u16) {
        match (self.pending_high.take(), unit) {
            (Some(high), 0xdc00..=0xdfff) => {
                let scalar =
                    0x1_0000 + ((u32::from(high) - 0xd800) << 10) + (u32::from(unit) - 0xdc00);
                self.push_scalar(scalar);
            }
            (Some(high), _) => {
                self.push_surrogate(high);
                self.push_unit(unit);
            }
            (None, 0xd800..=0xdbff) => self.pending_high = Some(unit),
            (None, 0xdc00..=0xdfff) => self.push_surrogate(unit),
            (None, _) => self.push_scalar(u32::from(unit)),
        }
    }

    pub(crate) fn finish(mut self) -> JsString {
        self.settle_pending();
        if self.surrogates {
            return JsString(Content::Surrogates(self.bytes.into_boxed_slice()));
        }
        let text = String::from_utf8_lossy(&self.bytes).into_owned();
        JsString(Content::Text(text.into_boxed_str()))
    }

    fn settle_pending(&mut self) {
        if let Some(high) = self.pending_high.take() {
            self.push_surrogate(high);
        }
    }

    fn push_scalar(&mut self, scalar: u32) {
        let character = char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER);
        let mut buffer = [0; 4];
        self.bytes
            .extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
    }

    fn push_surrogate(&mut self, unit: u16) {
        self.surrogates = true;
        self.bytes.extend_from_slice(&[
            0xe0 | (unit >> 12) as u8,
            0x80 | ((unit >> 6) & 0x3f) as u8,
            0x80 | (unit & 0x3f) as u8,
        ]);
    }
}

impl From<&str> for JsString {
    fn from(text: &str) -> Self {
        Self(Content::Text(text.into()))
    }
}

impl From<String> for JsString {
    fn from(text: String) -> Self {
        Self(Content::Text(text.into_boxed_str()))
    }
}

impl PartialEq<str> for JsString {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for JsString {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl fmt::Debug for JsString {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.to_string_lossy(), formatter)
    }
}

impl fmt::Display for JsString {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_string_lossy())
    }
}
