use std::fmt::Write as _;

use super::{CurrentSource, Sources, visible};
use crate::{Diagnostic, Severity, position};

/// Workflow commands of GitHub Actions: each diagnostic becomes an annotation of its line.
pub fn render_github(diagnostics: &[Diagnostic], sources: Sources<'_>) -> String {
    let mut current = CurrentSource::new(sources);
    let mut output = String::new();
    for diagnostic in diagnostics {
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let _ = write!(output, "::{command} title={}", diagnostic.code);
        if let Some(file) = &diagnostic.file {
            let _ = write!(output, ",file={}", escaped_property(&visible(file)));
        }
        if let (Some(span), Some(text)) = (diagnostic.span, current.of(diagnostic)) {
            let (start, end) = (position(text, span.start), position(text, span.end));
            let _ = write!(
                output,
                ",line={},endLine={},col={}",
                start.line, end.line, start.column
            );
            if start.line == end.line {
                let _ = write!(output, ",endColumn={}", end.column);
            }
        }
        let mut message = visible(&diagnostic.message).into_owned();
        for more in [&diagnostic.label, &diagnostic.hint].into_iter().flatten() {
            message.push('\n');
            message.push_str(&visible(more));
        }
        let _ = writeln!(output, "::{}", escaped(&message));
    }
    output
}

/// A text that cannot end its command and begin another.
fn escaped(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn escaped_property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
