use super::errors::Errors;
use super::string::JsStringBuilder;
use super::{JsString, Number, Span};

/// Reads the tokens of a text one by one and reports what is wrong inside them.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) position: usize,
    pub(crate) errors: Errors,
    /// Whether the string read last lost its closing quote, and with it the comma behind it.
    pub(crate) line_was_cut: bool,
}

/// A run of letters, digits and signs outside strings.
#[derive(Debug, PartialEq)]
pub(crate) enum Word<'a> {
    Null,
    Bool(bool),
    Number(Number),
    /// Anything else; was not reported yet.
    Other(&'a str),
}

impl<'a> Tokens<'a> {
    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    /// Goes on to the next byte that is neither space nor inside a comment; comments are reported.
    pub(crate) fn skip_space(&mut self) {
        loop {
            while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
                self.position += 1;
            }
            let rest = &self.bytes[self.position..];
            let length = match rest {
                [b'/', b'/', ..] => rest.iter().position(|&byte| byte == b'\n'),
                [b'/', b'*', ..] => rest
                    .windows(2)
                    .skip(2)
                    .position(|pair| pair == b"*/")
                    .map(|at| at + 4),
                _ => return,
            };
            let start = self.position;
            self.position += length.unwrap_or(rest.len());
            self.errors.report(
                Span::new(start, self.position),
                "JSON has no comments",
                "take the comment away",
            );
        }
    }

    /// The word at the position, which starts with one of its characters.
    pub(crate) fn word(&mut self) -> (Word<'a>, Span) {
        let start = self.position;
        while self.peek().is_some_and(is_word_byte) {
            self.position += 1;
        }
        let bytes = &self.bytes[start..self.position];
        // Word bytes are ASCII.
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let word = match text {
            "null" => Word::Null,
            "true" => Word::Bool(true),
            "false" => Word::Bool(false),
            _ if is_number(bytes) => Word::Number(Number::from_text(text)),
            _ => Word::Other(text),
        };
        (word, Span::new(start, self.position))
    }

    /// The string at the position, which holds its opening quote.
    pub(crate) fn string(&mut self) -> (JsString, Span) {
        let start = self.position;
        self.position += 1;
        self.line_was_cut = false;
        let plain = self.plain_run();
        if self.peek() == Some(b'"') {
            self.position += 1;
            let text = String::from_utf8_lossy(plain).into_owned();
            return (text.into(), Span::new(start, self.position));
        }
        let mut builder = JsStringBuilder::default();
        builder.push_str(&String::from_utf8_lossy(plain));
        self.rest_of_string(start, &mut builder);
        (builder.finish(), Span::new(start, self.position))
    }

    /// The string in single quotes at the position, up to its closing quote or the end of the line.
    pub(crate) fn single_quoted(&mut self) -> String {
        let rest = &self.bytes[self.position + 1..];
        let length = rest
            .iter()
            .position(|&byte| byte == b'\'' || byte == b'\n')
            .unwrap_or(rest.len());
        self.position += 1 + length;
        if self.peek() == Some(b'\'') {
            self.position += 1;
        }
        String::from_utf8_lossy(&rest[..length]).into_owned()
    }

    /// Goes on to the next comma or closing bracket of the innermost container.
    pub(crate) fn skip_to_comma(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b',' | b'}' | b']' if depth == 0 => return,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                b'"' => self.skip_string(),
                _ => {}
            }
            self.position = self.bytes.len().min(self.position + 1);
        }
    }

    /// Goes to the end of the string at the position, or of its line if it has none.
    fn skip_string(&mut self) {
        self.position += 1;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' | b'\n' => return,
                b'\\' => self.position = self.bytes.len().min(self.position + 2),
                _ => self.position += 1,
            }
        }
    }

    /// Reads on after the first escape, control character or cut.
    fn rest_of_string(&mut self, start: usize, builder: &mut JsStringBuilder) {
        let mut control_reported = false;
        loop {
            match self.peek() {
                None => {
                    self.errors.report(
                        Span::new(start, self.bytes.len()),
                        "this string is never closed",
                        "put a `\"` at its end",
                    );
                    self.line_was_cut = true;
                    return;
                }
                Some(b'"') => {
                    self.position += 1;
                    return;
                }
                Some(b'\\') => self.escape(builder),
                Some(control) => {
                    if control == b'\n' && self.ends_with_its_line() {
                        self.errors.report(
                            Span::new(start, self.position),
                            "this string is not closed on its line",
                            "put a `\"` at its end",
                        );
                        self.line_was_cut = true;
                        return;
                    }
                    if !control_reported {
                        control_reported = true;
                        self.report_control(control);
                    }
                    builder.push_unit(u16::from(control));
                    self.position += 1;
                }
            }
            builder.push_str(&String::from_utf8_lossy(self.plain_run()));
        }
    }

    /// Bytes up to the next one that needs a look.
    fn plain_run(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.position..];
        let length = rest
            .iter()
            .position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\')
            .unwrap_or(rest.len());
        self.position += length;
        &rest[..length]
    }

    /// Whether a string that meets a line feed lacks its closing quote, rather than holding several lines: then the
    /// next line starts like the next member or closes the container.
    fn ends_with_its_line(&self) -> bool {
        self.bytes[self.position..]
            .iter()
            .find(|byte| !byte.is_ascii_whitespace())
            .is_none_or(|byte| matches!(byte, b'"' | b'}' | b']' | b'{' | b'['))
    }

    fn report_control(&mut self, control: u8) {
        let span = Span::new(self.position, self.position + 1);
        let (message, hint) = match control {
            b'\t' => ("a string holds a raw tab", "write it as `\\t`"),
            b'\n' => ("a string holds a raw line feed", "write it as `\\n`"),
            b'\r' => ("a string holds a raw carriage return", "write it as `\\r`"),
            _ => {
                let message = format!("a string holds the raw control character U+{control:04X}");
                self.errors
                    .report(span, message, "write it as `\\u` and four digits");
                return;
            }
        };
        self.errors.report(span, message, hint);
    }

    /// The escape at the position, which holds its backslash.
    fn escape(&mut self, builder: &mut JsStringBuilder) {
        let start = self.position;
        self.position += 1;
        let Some(letter) = self.peek() else {
            return;
        };
        let character = match letter {
            b'"' | b'\\' | b'/' => letter,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                self.position += 1;
                match self.four_digits() {
                    Some(unit) => builder.push_unit(unit),
                    None => self.errors.report(
                        Span::new(start, self.position),
                        "`\\u` is not followed by four hexadecimal digits",
                        "write four of them, such as `\\u00e9`; or `\\\\` to mean a backslash",
                    ),
                }
                return;
            }
            _ => {
                // What follows the backslash is read again as it is: it may be a line feed or part of a longer character.
                self.errors.report(
                    Span::new(start, self.position),
                    "a backslash starts no escape that JSON knows",
                    "write it twice to mean a backslash",
                );
                return;
            }
        };
        builder.push_unit(u16::from(character));
        self.position += 1;
    }

    fn four_digits(&mut self) -> Option<u16> {
        let digits = self.bytes.get(self.position..self.position + 4)?;
        let mut unit = 0;
        for &digit in digits {
            unit = unit << 4 | char::from(digit).to_digit(16)? as u16;
        }
        self.position += 4;
        Some(unit)
    }
}

/// Whether a byte continues a word: a literal, a number, or what people write instead.
pub(crate) const fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_' | b'$')
}

fn is_number(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let (integer, rest) = split_digits(text);
    if integer.is_empty() || (integer.len() > 1 && integer.starts_with(b"0")) {
        return false;
    }
    let rest = match rest.strip_prefix(b".") {
        None => rest,
        Some(fraction) => match split_digits(fraction) {
            ([], _) => return false,
            (_, rest) => rest,
        },
    };
    match rest {
        [] => true,
        [b'e' | b'E', exponent @ ..] => {
            let digits = match exponent {
                [b'+' | b'-', digits @ ..] | digits => digits,
            };
            matches!(split_digits(digits), ([_, ..], []))
        }
        _ => false,
    }
}

fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let length = text
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(length)
}
