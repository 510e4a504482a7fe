//! JSON as registries write it: read with places, written as JavaScript writes it.
//!
//! `serde_json` is not enough here: it refuses lone surrogates, stops at the first error and knows no places. This reader
//! keeps the span of every node, resumes after an error, keeps numbers as they were written and members in their order,
//! duplicates included; the writer prints what `JSON.stringify(JSON.parse(text))` prints, byte for byte.

mod errors;
mod frames;
mod merge;
mod number;
mod parse;
mod parser;
mod place;
mod pointer;
mod recover;
mod skip;
mod string;
mod tokens;
mod value;
mod write;

pub use errors::{SyntaxError, TRAILING_COMMA};
pub use merge::merge_patch;
pub use number::Number;
pub use parse::{Limits, Parsed, parse};
pub use place::{PlaceCursor, line_column};
pub use pointer::{Segment, locate, pointer};
pub(crate) use skip::{end_of_value, skip_whitespace};
pub use string::JsString;
pub use value::{Kind, Member, Object, Span, Value};
pub use write::{stringify, stringify_pretty};
