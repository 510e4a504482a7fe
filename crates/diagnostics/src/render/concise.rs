use std::fmt::Write as _;

use super::{CurrentSource, Sources, visible};
use crate::{Diagnostic, Severity, position};

/// One line for each diagnostic: `file:line:column: severity[code]: message`.
pub fn render_concise(diagnostics: &[Diagnostic], sources: Sources<'_>, color: bool) -> String {
    let mut current = CurrentSource::new(sources);
    let mut output = String::new();
    for diagnostic in diagnostics {
        if let Some(file) = &diagnostic.file {
            output.push_str(&visible(file));
            let source = current.of(diagnostic);
            if let (Some(span), Some(text)) = (diagnostic.span, source) {
                let start = position(text, span.start);
                let _ = write!(output, ":{}:{}", start.line, start.column);
            }
            output.push_str(": ");
        }
        let (on, off) = if color {
            (escape_sequence(diagnostic.severity), "\u{1b}[0m")
        } else {
            ("", "")
        };
        let _ = writeln!(
            output,
            "{on}{}[{}]{off}: {}",
            diagnostic.severity,
            diagnostic.code,
            visible(&diagnostic.message)
        );
    }
    output
}

fn escape_sequence(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "\u{1b}[1;91m",
        Severity::Warning => "\u{1b}[1;33m",
        Severity::Note => "\u{1b}[1;92m",
    }
}
