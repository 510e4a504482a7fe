//! Going on after an error.

use super::JsString;
use super::Span;
use super::errors::TRAILING_COMMA;
use super::frames::Frame;
use super::parser::{Expected, Parser};

impl Parser<'_> {
    pub(super) fn close_instead_of_value(&mut self, bracket: u8) {
        if self.expected == Expected::FirstItem && bracket == b']' {
            return self.close();
        }
        let in_object = self.frames.last().is_some_and(Frame::is_object);
        if in_object {
            self.report_here(
                "a value is missing after the colon",
                "write one, or take the key away",
            );
        } else if self.expected == Expected::Value && !self.frames.is_empty() {
            self.report_here(TRAILING_COMMA, "take the comma away");
        }
        self.drop_key();
        self.close_any(bracket);
    }

    pub(super) fn missing_comma(&mut self, next: Expected) {
        // A string that lost its closing quote swallowed the comma too, and was reported already.
        if !self.tokens.line_was_cut {
            self.report_here(
                "a comma is missing before this",
                "put a `,` behind what stands before it",
            );
        }
        self.tokens.line_was_cut = false;
        self.expected = next;
    }

    /// Closes at a bracket that may be of the wrong kind.
    pub(super) fn close_any(&mut self, bracket: u8) {
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
        self.report_here(
            message,
            "close what was opened last first, or take one bracket away",
        );
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
    pub(super) fn unexpected(&mut self, message: &str, hint: &'static str) -> bool {
        let start = self.tokens.position;
        let length = character_length(&self.tokens.bytes[start..]);
        self.report(Span::new(start, start + length), message, hint);
        self.tokens.position += length;
        self.drop_key();
        if self.frames.is_empty() {
            return false;
        }
        self.tokens.skip_to_comma();
        self.expected = Expected::Comma;
        true
    }

    pub(super) fn single_quoted(&mut self) -> (JsString, Span) {
        let start = self.tokens.position;
        let text = self.tokens.single_quoted();
        let span = Span::new(start, self.tokens.position);
        self.report(
            span,
            "a string stands in single quotes",
            "put it in double quotes",
        );
        (text.into(), span)
    }
}

/// Says what is wrong with a word that is no JSON value.
pub(super) fn describe_word(text: &str) -> (String, &'static str) {
    let shown: String = text.chars().take(40).collect();
    let number = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    let hint = match text {
        "True" | "TRUE" => "write `true`",
        "False" | "FALSE" => "write `false`",
        "None" | "nil" | "NULL" | "Null" | "undefined" => "write `null`",
        "NaN" | "Infinity" | "-Infinity" | "+Infinity" => "JSON has no such number; write `null`",
        _ if number => "write digits alone, such as `12`, `0.5` or `-3`",
        _ => "put it in double quotes",
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
