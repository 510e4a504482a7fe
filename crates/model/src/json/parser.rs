use super::errors::TRAILING_COMMA;
use super::frames::Frame;
use super::recover::describe_word;
use super::tokens::{Tokens, Word, is_word_byte};
use super::{JsString, Kind, Span, Value};

const COLON: &str = "put a `:` between the key and its value";
const COMMA_OR_AWAY: &str = "put a `,` there if something follows, or take this away";

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// A value; a comma or colon came before it, or it is the document.
    Value,
    /// The first item of an array, or its end.
    FirstItem,
    /// A key; a comma came before it.
    Key,
    /// The first key of an object, or its end.
    FirstKey,
    /// The colon after a key.
    Colon,
    /// A comma or the end of the innermost container.
    Comma,
    /// Nothing but space.
    End,
}

/// Reads a document with a stack of its open containers.
pub(super) struct Parser<'a> {
    pub(super) tokens: Tokens<'a>,
    pub(super) frames: Vec<Frame>,
    pub(super) document: Option<Value>,
    pub(super) duplicate_keys: Vec<Span>,
    pub(super) expected: Expected,
    pub(super) max_depth: usize,
}

impl Parser<'_> {
    pub(super) fn run(&mut self) {
        loop {
            self.tokens.skip_space();
            if self.tokens.errors.is_full() {
                return;
            }
            let Some(byte) = self.tokens.peek() else {
                return self.end_of_text();
            };
            let goes_on = match self.expected {
                Expected::Value | Expected::FirstItem => self.value(byte),
                Expected::Key | Expected::FirstKey => self.key(byte),
                Expected::Colon => self.colon(byte),
                Expected::Comma => self.comma(byte),
                Expected::End => self.after_document(),
            };
            if !goes_on {
                return;
            }
        }
    }

    fn value(&mut self, byte: u8) -> bool {
        match byte {
            b'{' | b'[' => return self.open(byte),
            b'"' => {
                let (text, span) = self.tokens.string();
                self.take_value(Kind::String(text), span);
            }
            b'\'' => {
                let (text, span) = self.single_quoted();
                self.take_value(Kind::String(text), span);
            }
            _ if is_word_byte(byte) => self.word(),
            b']' | b'}' if !self.frames.is_empty() => self.close_instead_of_value(byte),
            b',' if !self.frames.is_empty() => {
                self.report_here(
                    "a value is missing before this comma",
                    "write a value there, or take the comma away",
                );
                self.drop_key();
                self.expected = Expected::Comma;
            }
            _ => {
                return self.unexpected(
                    "expected a value",
                    "write a text in double quotes, a number, `true`, `false`, `null`, `{` or `[`",
                );
            }
        }
        true
    }

    fn word(&mut self) {
        let (word, span) = self.tokens.word();
        let kind = match word {
            Word::Null => Kind::Null,
            Word::Bool(value) => Kind::Bool(value),
            Word::Number(number) => Kind::Number(number),
            Word::Other(text) => {
                let (message, hint) = describe_word(text);
                self.report(span, message, hint);
                // Stands for the value, so that reading goes on behind it.
                Kind::Null
            }
        };
        self.take_value(kind, span);
    }

    fn key(&mut self, byte: u8) -> bool {
        match byte {
            b'"' => {
                let (key, span) = self.tokens.string();
                self.take_key(key, span);
            }
            b'\'' => {
                let (key, span) = self.single_quoted();
                self.take_key(key, span);
            }
            b'}' if self.expected == Expected::FirstKey => self.close(),
            b'}' | b']' => {
                if self.expected == Expected::Key {
                    self.report_here(TRAILING_COMMA, "take the comma away");
                }
                self.close_any(byte);
            }
            b',' => {
                self.report_here(
                    "a member is missing before this comma",
                    "take the comma away",
                );
                self.expected = Expected::Comma;
            }
            _ if is_word_byte(byte) => {
                let start = self.tokens.position;
                let (_, span) = self.tokens.word();
                self.report(
                    span,
                    "a key stands without quotes",
                    "put it in double quotes",
                );
                let text =
                    String::from_utf8_lossy(&self.tokens.bytes[start..span.end]).into_owned();
                self.take_key(text.into(), span);
            }
            _ => {
                return self.unexpected(
                    "expected a key in double quotes",
                    "write a key such as `\"notes\"` and a colon before the value",
                );
            }
        }
        true
    }

    fn colon(&mut self, byte: u8) -> bool {
        if byte == b':' {
            self.tokens.position += 1;
            self.expected = Expected::Value;
            return true;
        }
        match byte {
            _ if self.tokens.line_was_cut => {
                self.drop_key();
                self.expected = Expected::Comma;
            }
            b'=' => {
                self.report_here("expected `:` after the key", "write `:`");
                self.tokens.position += 1;
                self.expected = Expected::Value;
            }
            _ if matches!(byte, b'"' | b'\'' | b'{' | b'[') || is_word_byte(byte) => {
                self.report_here("expected `:` after the key", COLON);
                self.expected = Expected::Value;
            }
            b',' | b'}' | b']' => {
                self.report_here("a key has no value", "write `:` and a value behind the key");
                self.drop_key();
                self.expected = Expected::Comma;
            }
            _ => return self.unexpected("expected `:` after the key", COLON),
        }
        true
    }

    fn comma(&mut self, byte: u8) -> bool {
        let Some(frame) = self.frames.last() else {
            self.expected = Expected::End;
            return true;
        };
        let next = if frame.is_object() {
            Expected::Key
        } else {
            Expected::Value
        };
        match byte {
            b',' => {
                self.tokens.position += 1;
                self.tokens.line_was_cut = false;
                self.expected = next;
            }
            b'}' | b']' => self.close_any(byte),
            b'"' | b'\'' => self.missing_comma(next),
            b'{' | b'[' if next == Expected::Value => self.missing_comma(next),
            _ if is_word_byte(byte) => self.missing_comma(next),
            _ if next == Expected::Key => {
                return self.unexpected("expected `,` or `}`", COMMA_OR_AWAY);
            }
            _ => return self.unexpected("expected `,` or `]`", COMMA_OR_AWAY),
        }
        true
    }

    fn after_document(&mut self) -> bool {
        let span = Span::new(self.tokens.position, self.tokens.bytes.len());
        self.report(
            span,
            "text stands after the end of the document",
            "take it away, or the bracket before it that closes too early",
        );
        false
    }

    fn end_of_text(&mut self) {
        // A string that is never closed swallowed the rest, and was reported already.
        if self.tokens.line_was_cut {
            return;
        }
        let end = self.tokens.bytes.len();
        let (message, hint) = match self.frames.last() {
            Some(frame) if frame.is_object() => {
                ("the document ends inside an object", "close it with `}`")
            }
            Some(_) => ("the document ends inside an array", "close it with `]`"),
            None if self.expected == Expected::End => return,
            None => (
                "the document is empty",
                "write properties between `{` and `}`",
            ),
        };
        self.report(Span::new(end, end), message, hint);
    }

    fn open(&mut self, bracket: u8) -> bool {
        if self.frames.len() >= self.max_depth {
            let message = format!("nested deeper than {} levels", self.max_depth);
            self.report_here(message, "take levels away: nobody reads so many");
            return false;
        }
        self.frames.push(Frame::open(bracket, self.tokens.position));
        self.tokens.position += 1;
        self.expected = if bracket == b'{' {
            Expected::FirstKey
        } else {
            Expected::FirstItem
        };
        true
    }

    /// Closes the innermost container at the bracket under the position.
    pub(super) fn close(&mut self) {
        self.tokens.position += 1;
        if let Some(frame) = self.frames.pop() {
            let value = frame.close(self.tokens.position, &mut self.duplicate_keys);
            self.attach(value);
        }
    }

    fn take_key(&mut self, key: JsString, span: Span) {
        if let Some(frame) = self.frames.last_mut() {
            frame.take_key(key, span);
        }
        self.expected = Expected::Colon;
    }

    pub(super) fn drop_key(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.drop_key();
        }
    }

    fn take_value(&mut self, kind: Kind, span: Span) {
        self.attach(Value { span, kind });
    }

    pub(super) fn attach(&mut self, value: Value) {
        if let Some(frame) = self.frames.last_mut() {
            frame.take_value(value);
            self.expected = Expected::Comma;
        } else {
            self.document = Some(value);
            self.expected = Expected::End;
        }
    }

    pub(super) fn report_here(&mut self, message: impl Into<String>, hint: &'static str) {
        let start = self.tokens.position;
        self.report(Span::new(start, start + 1), message, hint);
    }

    pub(super) fn report(&mut self, span: Span, message: impl Into<String>, hint: &'static str) {
        self.tokens.errors.report(span, message, hint);
    }
}
