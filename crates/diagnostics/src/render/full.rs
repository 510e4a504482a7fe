use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::conceal::conceal;
use super::{CurrentSource, Sources, visible};
use crate::position::{line_end, line_start};
use crate::{Diagnostic, Position, Severity, position};

/// How many bytes of a line are shown on each side of the span: a published list is one line of many megabytes.
const CONTEXT: usize = 200;
/// How many bytes of the span itself are shown.
const WIDEST_SPAN: usize = 400;

/// Each diagnostic with the line it is about and its hint, separated by blank lines.
pub fn render_full(diagnostics: &[Diagnostic], sources: Sources<'_>, color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let sources = conceal(diagnostics, sources);
    let mut current = CurrentSource::new(&sources);
    let mut output = String::new();
    for diagnostic in diagnostics {
        if !output.is_empty() {
            output.push('\n');
        }
        let excerpt = excerpt(diagnostic, current.of(diagnostic));
        let rendered = renderer.render(&[group(diagnostic, excerpt.as_ref())]);
        match excerpt.as_ref().and_then(Excerpt::moved_place) {
            Some((shown, real)) => output.push_str(&rendered.replacen(&shown, &real, 1)),
            None => output.push_str(&rendered),
        }
        output.push('\n');
    }
    output
}

/// The part of a file that a diagnostic shows.
struct Excerpt {
    file: String,
    shown: String,
    marked: Range<usize>,
    start: Position,
    cut_in_front: bool,
}

fn group<'a>(diagnostic: &'a Diagnostic, excerpt: Option<&'a Excerpt>) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(visible(&diagnostic.message))
        .id(diagnostic.code.as_str());
    let mut elements: Vec<Element<'a>> = Vec::new();
    if let Some(excerpt) = excerpt {
        let label = diagnostic.label.as_deref().map(visible);
        elements.push(
            Snippet::source(excerpt.shown.as_str())
                .path(excerpt.file.as_str())
                .line_start(excerpt.start.line)
                .annotation(
                    AnnotationKind::Primary
                        .span(excerpt.marked.clone())
                        .label(label),
                )
                .into(),
        );
    } else if let Some(file) = &diagnostic.file {
        elements.push(Origin::path(visible(file)).into());
    }
    if let Some(hint) = &diagnostic.hint {
        elements.push(Level::HELP.with_name("hint").message(visible(hint)).into());
    }
    Group::with_title(title).elements(elements)
}

/// The first line of the span, cut to what fits around it.
fn excerpt(diagnostic: &Diagnostic, text: Option<&[u8]>) -> Option<Excerpt> {
    let (Some(file), Some(span), Some(text)) = (&diagnostic.file, diagnostic.span, text) else {
        return None;
    };
    let line_start = line_start(text, span.start);
    let line_end = line_end(text, span.start);
    let start = span.start.min(line_end);
    let end = span.end.clamp(start, line_end).min(start + WIDEST_SPAN);
    let window_start = line_start.max(start.saturating_sub(CONTEXT));
    let window_end = line_end.min(end + CONTEXT);
    let cut_in_front = window_start > line_start;

    let mut shown = String::new();
    if cut_in_front {
        shown.push('…');
    }
    shown.push_str(&String::from_utf8_lossy(&text[window_start..start]));
    let marked_from = shown.len();
    shown.push_str(&String::from_utf8_lossy(&text[start..end]));
    let marked = marked_from..shown.len();
    shown.push_str(&String::from_utf8_lossy(&text[end..window_end]));
    if window_end < line_end {
        shown.push('…');
    }
    Some(Excerpt {
        file: visible(file).into_owned(),
        shown,
        marked,
        start: position(text, start),
        cut_in_front,
    })
}

impl Excerpt {
    /// The place as the renderer counts it and as it is: it sees only the part of the line that is shown.
    fn moved_place(&self) -> Option<(String, String)> {
        if !self.cut_in_front {
            return None;
        }
        let Position { line, column } = self.start;
        let shown_column = self.shown[..self.marked.start].chars().count() + 1;
        let file = &self.file;
        Some((
            format!("{file}:{line}:{shown_column}"),
            format!("{file}:{line}:{column}"),
        ))
    }
}
