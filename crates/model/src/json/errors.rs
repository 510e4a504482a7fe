use super::Span;

/// What is said of a comma with nothing between it and the closing bracket.
pub const TRAILING_COMMA: &str = "a comma stands before the closing bracket";

/// A place where a text is not JSON, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The bytes that are wrong.
    pub span: Span,
    /// What is wrong, as a sentence without a capital and a full stop.
    pub message: String,
    /// What to do about it.
    pub hint: &'static str,
}

/// Collects errors up to a limit.
#[derive(Debug)]
pub(crate) struct Errors {
    found: Vec<SyntaxError>,
    limit: usize,
}

impl Errors {
    pub(crate) fn up_to(limit: usize) -> Self {
        Self {
            found: Vec::new(),
            // Without a single error a broken text could not be told from a good one.
            limit: limit.max(1),
        }
    }

    pub(crate) fn report(&mut self, span: Span, message: impl Into<String>, hint: &'static str) {
        if !self.is_full() {
            self.found.push(SyntaxError {
                span,
                message: message.into(),
                hint,
            });
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.found.len() >= self.limit
    }

    /// The errors in the order of the text: that of a string's start may come after one inside it.
    pub(crate) fn into_found(mut self) -> Vec<SyntaxError> {
        self.found.sort_by_key(|error| error.span.start);
        self.found
    }
}
