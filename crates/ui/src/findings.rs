use api::Finding;
use askama::Template;
use askama::filters::HtmlSafe;

/// Address of the page that explains the identifiers of findings.
pub const HELP: &str = "/help/warnings";

/// Findings as a list: section, property with its value, and the identifier last.
#[derive(Debug, Clone, Template)]
#[template(path = "flags.html")]
pub struct Flags<'a> {
    shown: &'a [Finding],
    more: usize,
    all: String,
}

impl<'a> Flags<'a> {
    /// Shows at most `limit` of them; the rest is behind the address `all`.
    pub fn new(findings: &'a [Finding], limit: usize, all: String) -> Self {
        let shown = &findings[..findings.len().min(limit)];
        Self {
            shown,
            more: findings.len() - shown.len(),
            all,
        }
    }
}

impl HtmlSafe for Flags<'_> {}
