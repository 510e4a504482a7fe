//! A small reader for the literals in JavaScript: strings in all three quotes, comments, names and punctuation.
//!
//! It knows neither regular expressions nor operators: what it is for are files that set names to strings.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

/// The longest `\u{…}` that is looked for: zeros may stand before its six digits.
const LONGEST_ESCAPE: usize = 16;

/// A piece of JavaScript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or a number.
    Word(String),
    /// A string without anything to compute in it.
    Text(String),
    /// A string with `${…}` in it: its value is known only to who runs it.
    Computed,
    /// A string that does not end before its line does.
    Unended,
    /// Any other character.
    Sign(char),
}

/// Reads one token after the other.
#[derive(Debug, Clone)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    position: usize,
    /// Whether a string in backticks was met that never ends. After it each is read to the end of its line only, so that
    /// many of them do not cost the rest of the file each. Whoever looks ahead learns it for all.
    is_open: Rc<Cell<bool>>,
    /// How many bytes were gone past.
    #[cfg(test)]
    pub(super) work: Rc<Cell<usize>>,
}

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spanned {
    pub(super) token: Token,
    pub(super) range: Range<usize>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            position: 0,
            is_open: Rc::default(),
            #[cfg(test)]
            work: Rc::default(),
        }
    }

    /// The rest of the line from a place on, by itself.
    pub(super) fn of_line(&self, place: usize) -> Self {
        Self {
            text: self.line_from(place),
            position: 0,
            is_open: Rc::default(),
            #[cfg(test)]
            work: Rc::clone(&self.work),
        }
    }

    /// The next token; nothing at the end of the text.
    pub(super) fn next(&mut self) -> Option<Spanned> {
        self.skip_blank();
        let start = self.position;
        let first = self.rest().chars().next()?;
        let token = match first {
            '\'' | '"' => self.string(first),
            '`' => self.template(),
            _ if is_word(first) => {
                let rest = self.rest();
                let length = rest.find(|sign| !is_word(sign)).unwrap_or(rest.len());
                self.advance(length);
                Token::Word(rest[..length].to_owned())
            }
            _ => {
                self.advance(first.len_utf8());
                Token::Sign(first)
            }
        };
        Some(Spanned {
            token,
            range: start..self.position,
        })
    }

    /// The next token, which stays the next one.
    pub(super) fn peek(&self) -> Option<Spanned> {
        self.clone().next()
    }

    /// Takes the next token if it is this sign.
    pub(super) fn take(&mut self, sign: char) -> bool {
        let mut ahead = self.clone();
        let is_next = ahead
            .next()
            .is_some_and(|next| next.token == Token::Sign(sign));
        if is_next {
            *self = ahead;
        }
        is_next
    }

    /// Goes to the end of the line that holds this place.
    pub(super) fn go_past_line(&mut self, place: usize) {
        self.position = place + line_length(&self.text[place..]);
    }

    /// The rest of the line from a place on, without its end.
    pub(super) fn line_from(&self, place: usize) -> &'a str {
        let rest = &self.text[place..];
        &rest[..line_length(rest)]
    }

    fn advance(&mut self, length: usize) {
        self.position += length;
        #[cfg(test)]
        self.work.set(self.work.get() + length);
    }

    fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let blank = |sign: char| sign.is_whitespace() || sign == '\u{feff}';
            let trimmed = rest.trim_start_matches(blank);
            self.advance(rest.len() - trimmed.len());
            if trimmed.starts_with("//") {
                self.advance(line_length(trimmed));
            } else if let Some(comment) = trimmed.strip_prefix("/*") {
                let length = comment.find("*/").map_or(comment.len(), |end| end + 2);
                self.advance(2 + length);
            } else {
                return;
            }
        }
    }

    /// A string in single or double quotes.
    fn string(&mut self, quote: char) -> Token {
        self.advance(quote.len_utf8());
        let mut value = String::new();
        while let Some(sign) = self.rest().chars().next() {
            match sign {
                '\n' | '\r' => return Token::Unended,
                '\\' => self.escape(&mut value),
                _ => {
                    self.advance(sign.len_utf8());
                    if sign == quote {
                        return Token::Text(value);
                    }
                    value.push(sign);
                }
            }
        }
        Token::Unended
    }

    /// A string in backticks.
    fn template(&mut self) -> Token {
        let start = self.position;
        self.advance(1);
        let mut value = String::new();
        let mut computed = false;
        while let Some(sign) = self.rest().chars().next() {
            if sign == '\\' {
                self.escape(&mut value);
                continue;
            }
            computed |= self.rest().starts_with("${");
            self.advance(sign.len_utf8());
            match sign {
                '\n' | '\r' if self.is_open.get() => break,
                '`' if computed => return Token::Computed,
                '`' => return Token::Text(value),
                // JavaScript reads each line end in it as one line feed.
                '\r' if self.rest().starts_with('\n') => {}
                '\r' => value.push('\n'),
                _ => value.push(sign),
            }
        }
        self.is_open.set(true);
        self.go_past_line(start);
        Token::Unended
    }

    /// What follows a backslash.
    fn escape(&mut self, value: &mut String) {
        self.advance(1);
        let Some(sign) = self.rest().chars().next() else {
            return;
        };
        self.advance(sign.len_utf8());
        match sign {
            'n' => value.push('\n'),
            't' => value.push('\t'),
            'r' => value.push('\r'),
            'b' => value.push('\u{8}'),
            'f' => value.push('\u{c}'),
            'v' => value.push('\u{b}'),
            '0' => value.push('\0'),
            'x' => {
                let unit = self.hex(2).unwrap_or(0xfffd);
                value.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            'u' => self.unicode(value),
            // A backslash at the end of a line joins it with the next.
            '\r' => {
                if self.rest().starts_with('\n') {
                    self.advance(1);
                }
            }
            '\n' | '\u{2028}' | '\u{2029}' => {}
            other => value.push(other),
        }
    }

    fn unicode(&mut self, value: &mut String) {
        let unit = if let Some(braced) = self.rest().strip_prefix('{') {
            let length = braced
                .bytes()
                .take(LONGEST_ESCAPE)
                .position(|byte| byte == b'}');
            let length = length.unwrap_or(0);
            let unit = u32::from_str_radix(&braced[..length], 16).ok();
            self.advance(if length > 0 { length + 2 } else { 1 });
            unit
        } else {
            self.hex(4)
        };
        let mut unit = unit.unwrap_or(0xfffd);
        if (0xd800..0xdc00).contains(&unit) && self.rest().starts_with("\\u") {
            let mut ahead = self.clone();
            ahead.position += 2;
            if let Some(low) = ahead.hex(4).filter(|low| (0xdc00..0xe000).contains(low)) {
                unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                *self = ahead;
            }
        }
        value.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
    }

    fn hex(&mut self, digits: usize) -> Option<u32> {
        let text = self.rest().get(..digits)?;
        let unit = text
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit())
            .then(|| u32::from_str_radix(text, 16).ok())??;
        self.advance(digits);
        Some(unit)
    }
}

fn line_length(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}

fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '_' | '$')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Token {
        let mut tokens = Tokens::new(text);
        let first = tokens.next().expect("a token").token;
        assert_eq!(tokens.next(), None, "{text}");
        first
    }

    #[test]
    fn strings_are_read_as_javascript_reads_them() {
        let cases = [
            (r"'it\'s'", "it's"),
            (r#""a \"b\" c""#, "a \"b\" c"),
            ("`two\r\nlines`", "two\nlines"),
            (r"'\x41\u0042\u{43}\u{1f600}\ud83d\ude00'", "ABC😀😀"),
            (r"'\q\\\n\t\0'", "q\\\n\t\0"),
            ("'a\\\nb'", "ab"),
            ("'a\\\r\nb'", "ab"),
            (r"'\ud800'", "\u{fffd}"),
            (r"'\xzz'", "\u{fffd}zz"),
            (r"'\u{}'", "\u{fffd}}"),
            ("/* ' */ 'x' // '", "x"),
        ];
        for (text, expected) in cases {
            assert_eq!(only(text), Token::Text(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_literal_is_told_apart() {
        assert_eq!(only("`${name} x`"), Token::Computed);
        assert_eq!(only("'open"), Token::Unended);
        assert_eq!(only("process"), Token::Word("process".to_owned()));
        let mut tokens = Tokens::new("'open\n, `x");
        assert_eq!(tokens.next().expect("a token").token, Token::Unended);
        assert!(tokens.take(','));
        assert_eq!(tokens.next().expect("a token").token, Token::Unended);
        assert_eq!(tokens.next(), None);
    }

    #[test]
    fn nothing_makes_it_panic() {
        for text in [
            "\\",
            "'\\",
            "'\\x",
            "'\\u",
            "'\\u{",
            "`$",
            "/*",
            "'é\\ué",
            "\u{2028}'",
        ] {
            let mut tokens = Tokens::new(text);
            while tokens.next().is_some() {}
        }
    }
}
