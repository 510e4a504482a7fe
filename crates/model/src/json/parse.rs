use super::errors::Errors;
use super::parser::{Expected, Parser};
use super::tokens::Tokens;
use super::{Span, SyntaxError, Value};
use crate::ByteLimit;

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
            format!(
                "the document is longer than {}",
                ByteLimit(limits.max_bytes as u64)
            ),
            "shorten it",
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
