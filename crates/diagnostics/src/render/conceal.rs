use crate::{Diagnostic, Span};

use super::Sources;

/// Files whose secrets cannot be read: a sign stands for each of their bytes.
///
/// Another diagnostic may be about the same line, so that this is not for the renderer of a single one to do.
pub(super) fn conceal<'a>(
    diagnostics: &'a [Diagnostic],
    sources: Sources<'a>,
) -> impl Fn(&str) -> Option<Vec<u8>> + 'a {
    let secrets: Vec<(&str, Span)> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.secret)
        .filter_map(|diagnostic| Some((diagnostic.file.as_deref()?, diagnostic.span?)))
        .collect();
    move |file| {
        let mut text = sources(file)?;
        for (_, span) in secrets.iter().filter(|(of, _)| *of == file) {
            let end = span.end.min(text.len());
            let secret = text.get_mut(span.start..end).unwrap_or_default();
            for byte in secret {
                // Lines stay where they are.
                if !matches!(byte, b'\n' | b'\r') {
                    *byte = b'*';
                }
            }
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Code, Diagnostic, Span, render_full};

    #[test]
    fn a_secret_is_shown_by_no_diagnostic_of_its_line() {
        const SECRET: Code = Code::new("secret");
        let text = "{\"a\": 1, \"token\": \"hunter2\"}\n";
        let sources = |_: &str| Some(text.as_bytes().to_vec());
        let about = |start, end| {
            Diagnostic::warning(SECRET, "look")
                .in_file("a.json")
                .at(Span { start, end })
        };
        let diagnostics = [about(6, 7), about(19, 26).keeping_secret(), about(27, 99)];
        let shown = render_full(&diagnostics, &sources, false);
        assert!(!shown.contains("hunter2"), "{shown}");
        assert_eq!(
            shown.matches("\"token\": \"*******\"").count(),
            3,
            "{shown}"
        );
    }
}
