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
    help: &'a str,
}

impl<'a> Flags<'a> {
    /// Shows at most `limit` of them; the rest is behind the address `all`.
    pub fn new(findings: &'a [Finding], limit: usize, all: String) -> Self {
        let shown = &findings[..findings.len().min(limit)];
        Self {
            shown,
            more: findings.len() - shown.len(),
            all,
            help: HELP,
        }
    }

    /// The label of a section is told once for the findings that follow each other in it.
    fn starts_section(&self, index: usize) -> bool {
        let before = index
            .checked_sub(1)
            .and_then(|before| self.shown.get(before));
        before.map(|finding| &finding.section_label)
            != self.shown.get(index).map(|finding| &finding.section_label)
    }
}

impl HtmlSafe for Flags<'_> {}
