use super::errors::Errors;
use super::frames::Frame;
use super::tokens::{Tokens, Word, is_word_byte};
use super::{JsString, Kind, Span, SyntaxError, Value};

/// How much a reader takes before it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest text, in bytes.
    pub max_bytes: usize,
    /// How deep containers may be nested.
    pub max_depth: usize,
    /// After how many errors reading ends.
    pub max_errors: usize,
}

/// What reading a text gave.
#[derive(Debug)]
pub struct Parsed {
    /// The document; there is none if there are errors.
    pub value: Option<Value>,
    /// Where and why the text is not JSON, in the order of the text.
    pub errors: Vec<SyntaxError>,
    /// Keys that stand in their object already; the value of the last one counts.
    pub duplicate_keys: Vec<Span>,
    /// Whether some bytes are no UTF-8; they are read as U+FFFD.
    pub invalid_utf8: bool,
    /// Whether the text starts with a byte-order mark, which is passed over.
    pub byte_order_mark: bool,
}

/// Deeper documents are refused whatever the caller's limit: writing and dropping a value go down by calling themselves.
const DEEPEST: usize = 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Default for Limits {
    /// The limits for one `workspace.json`: 4 MiB, depth 512, 20 errors.
    fn default() -> Self {
        Self {
            max_bytes: 4 * 1024 * 1024,
            max_depth: 512,
            max_errors: 20,
        }
    }
}

/// Reads a JSON text.
///
/// Accepts what JavaScript's `JSON.parse` accepts, and a byte-order mark before it. After an error it goes on at the
/// next comma or closing bracket, so that one run reports all of them.
pub fn parse(bytes: &[u8], limits: &Limits) -> Parsed {
    let byte_order_mark = bytes.starts_with(BYTE_ORDER_MARK);
    let mut parser = Parser {
        tokens: Tokens {
            bytes,
            position: if byte_order_mark {
                BYTE_ORDER_MARK.len()
            } else {
                0
            },
            errors: Errors::up_to(limits.max_errors),
            line_was_cut: false,
        },
        frames: Vec::new(),
        document: None,
        duplicate_keys: Vec::new(),
        expected: Expected::Value,
        max_depth: limits.max_depth.min(DEEPEST),
    };
    if bytes.len() > limits.max_bytes {
        parser.report(
            Span::new(0, 0),
            format!("the document is longer than {} bytes", limits.max_bytes),
            None,
        );
    } else {
        parser.run();
    }
    let errors = parser.tokens.errors.into_found();
    Parsed {
        value: parser.document.filter(|_| errors.is_empty()),
        errors,
        duplicate_keys: parser.duplicate_keys,
        invalid_utf8: std::str::from_utf8(bytes).is_err(),
        byte_order_mark,
    }
}

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
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

struct Parser<'a> {
    tokens: Tokens<'a>,
    frames: Vec<Frame>,
    document: Option<Value>,
    duplicate_keys: Vec<Span>,
    expected: Expected,
    max_depth: usize,
}

impl Parser<'_> {
    fn run(&mut self) {
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
                self.report_here("a value is missing before this comma", None);
                self.drop_key();
                self.expected = Expected::Comma;
            }
            _ => return self.unexpected("expected a value"),
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

    fn close_instead_of_value(&mut self, bracket: u8) {
        if self.expected == Expected::FirstItem && bracket == b']' {
            return self.close();
        }
        let in_object = self.frames.last().is_some_and(Frame::is_object);
        if in_object {
            self.report_here("a value is missing after the colon", None);
        } else if self.expected == Expected::Value && !self.frames.is_empty() {
            self.report_here(
                "a comma stands before the closing bracket",
                Some("take the comma away"),
            );
        }
        self.drop_key();
        self.close_any(bracket);
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
                    self.report_here(
                        "a comma stands before the closing bracket",
                        Some("take the comma away"),
                    );
                }
                self.close_any(byte);
            }
            b',' => {
                self.report_here("a member is missing before this comma", None);
                self.expected = Expected::Comma;
            }
            _ if is_word_byte(byte) => {
                let start = self.tokens.position;
                let (_, span) = self.tokens.word();
                self.report(
                    span,
                    "a key stands without quotes",
                    Some("put it in double quotes"),
                );
                let text =
                    String::from_utf8_lossy(&self.tokens.bytes[start..span.end]).into_owned();
                self.take_key(text.into(), span);
            }
            _ => return self.unexpected("expected a key in double quotes"),
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
                self.report_here("expected `:` after the key", Some("write `:`"));
                self.tokens.position += 1;
                self.expected = Expected::Value;
            }
            b'"' | b'\'' | b'{' | b'[' => {
                self.report_here("expected `:` after the key", None);
                self.expected = Expected::Value;
            }
            _ if is_word_byte(byte) => {
                self.report_here("expected `:` after the key", None);
                self.expected = Expected::Value;
            }
            b',' | b'}' | b']' => {
                self.report_here("a key has no value", None);
                self.drop_key();
                self.expected = Expected::Comma;
            }
            _ => return self.unexpected("expected `:` after the key"),
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
            _ if next == Expected::Key => return self.unexpected("expected `,` or `}`"),
            _ => return self.unexpected("expected `,` or `]`"),
        }
        true
    }

    fn missing_comma(&mut self, next: Expected) {
        // A string that lost its closing quote swallowed the comma too, and was reported already.
        if !self.tokens.line_was_cut {
            self.report_here("a comma is missing before this", None);
        }
        self.tokens.line_was_cut = false;
        self.expected = next;
    }

    fn after_document(&mut self) -> bool {
        let span = Span::new(self.tokens.position, self.tokens.bytes.len());
        self.report(span, "text stands after the end of the document", None);
        false
    }

    fn end_of_text(&mut self) {
        // A string that is never closed swallowed the rest, and was reported already.
        if self.tokens.line_was_cut {
            return;
        }
        let end = self.tokens.bytes.len();
        let (message, hint) = match self.frames.last() {
            Some(frame) if frame.is_object() => (
                "the document ends inside an object",
                Some("close it with `}`"),
            ),
            Some(_) => (
                "the document ends inside an array",
                Some("close it with `]`"),
            ),
            None if self.expected == Expected::End => return,
            None => ("the document is empty", None),
        };
        self.report(Span::new(end, end), message, hint);
    }

    fn open(&mut self, bracket: u8) -> bool {
        if self.frames.len() >= self.max_depth {
            let message = format!("nested deeper than {} levels", self.max_depth);
            self.report_here(message, None);
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
    fn close(&mut self) {
        self.tokens.position += 1;
        if let Some(frame) = self.frames.pop() {
            let value = frame.close(self.tokens.position, &mut self.duplicate_keys);
            self.attach(value);
        }
    }

    /// Closes at a bracket that may be of the wrong kind.
    fn close_any(&mut self, bracket: u8) {
        let Some(innermost) = self.frames.last() else {
            return;
        };
        if innermost.closing_bracket() == bracket {
            return self.close();
        }
        let message = format!(
            "expected `{}` before `{}`",
            char::from(innermost.closing_bracket()),
            char::from(bracket)
        );
        self.report_here(message, None);
        // Either a bracket is missing before this one or this one is too many.
        let opened = self
            .frames
            .iter()
            .rposition(|frame| frame.closing_bracket() == bracket);
        let Some(opened) = opened else {
            self.tokens.position += 1;
            self.expected = Expected::Comma;
            return;
        };
        while self.frames.len() > opened + 1 {
            if let Some(frame) = self.frames.pop() {
                let value = frame.close(self.tokens.position, &mut self.duplicate_keys);
                self.attach(value);
            }
        }
        self.close();
    }

    /// Reports a byte that fits nowhere and goes on at the next comma or closing bracket.
    fn unexpected(&mut self, message: &str) -> bool {
        let start = self.tokens.position;
        let length = character_length(&self.tokens.bytes[start..]);
        self.report(Span::new(start, start + length), message, None);
        self.tokens.position += length;
        self.drop_key();
        if self.frames.is_empty() {
            return false;
        }
        self.tokens.skip_to_comma();
        self.expected = Expected::Comma;
        true
    }

    fn single_quoted(&mut self) -> (JsString, Span) {
        let start = self.tokens.position;
        let text = self.tokens.single_quoted();
        let span = Span::new(start, self.tokens.position);
        self.report(
            span,
            "a string stands in single quotes",
            Some("put it in double quotes"),
        );
        (text.into(), span)
    }

    fn take_key(&mut self, key: JsString, span: Span) {
        if let Some(frame) = self.frames.last_mut() {
            frame.take_key(key, span);
        }
        self.expected = Expected::Colon;
    }

    fn drop_key(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.drop_key();
        }
    }

    fn take_value(&mut self, kind: Kind, span: Span) {
        self.attach(Value { span, kind });
    }

    fn attach(&mut self, value: Value) {
        if let Some(frame) = self.frames.last_mut() {
            frame.take_value(value);
            self.expected = Expected::Comma;
        } else {
            self.document = Some(value);
            self.expected = Expected::End;
        }
    }

    fn report_here(&mut self, message: impl Into<String>, hint: Option<&'static str>) {
        let start = self.tokens.position;
        self.report(Span::new(start, start + 1), message, hint);
    }

    fn report(&mut self, span: Span, message: impl Into<String>, hint: Option<&'static str>) {
        self.tokens.errors.report(span, message, hint);
    }
}

/// Says what is wrong with a word that is no JSON value.
fn describe_word(text: &str) -> (String, Option<&'static str>) {
    let shown: String = text.chars().take(40).collect();
    let number = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    let hint = match text {
        "True" | "TRUE" => Some("write `true`"),
        "False" | "FALSE" => Some("write `false`"),
        "None" | "nil" | "NULL" | "Null" | "undefined" => Some("write `null`"),
        "NaN" | "Infinity" | "-Infinity" | "+Infinity" => {
            Some("JSON has no such number; write `null`")
        }
        _ if number => None,
        _ => Some("put it in double quotes"),
    };
    let message = if number {
        format!("`{shown}` is not a JSON number")
    } else {
        format!("`{shown}` is not a JSON value")
    };
    (message, hint)
}

/// How many bytes the character takes that starts a text; at least one.
fn character_length(bytes: &[u8]) -> usize {
    let followers = bytes
        .iter()
        .skip(1)
        .take(3)
        .take_while(|&&byte| byte & 0xc0 == 0x80)
        .count();
    followers + 1
}
