use crate::Span;

/// A change of the file that a diagnostic is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: "write `amd64`".
    pub title: String,
    /// The changes, all or none; each of them replaces other bytes of the file as it was checked.
    pub edits: Vec<Edit>,
}

/// Some bytes of a file and what stands there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace; empty to insert before its start.
    pub span: Span,
    /// What takes their place.
    pub text: String,
}

impl Fix {
    /// A fix that replaces one stretch of bytes.
    pub fn replace(title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            edits: vec![Edit {
                span,
                text: text.into(),
            }],
        }
    }
}

/// Makes the changes of several fixes to one text and says how many were made.
///
/// A fix one of whose edits lies over one of an earlier fix, or outside the text, is passed over: checking the new
/// text finds it again.
pub fn apply<'f>(text: &[u8], fixes: impl IntoIterator<Item = &'f Fix>) -> (Vec<u8>, usize) {
    let mut edits: Vec<&Edit> = Vec::new();
    let mut made = 0;
    for fix in fixes {
        let mut more: Vec<&Edit> = fix.edits.iter().collect();
        more.extend(&edits);
        more.sort_by_key(|edit| (edit.span.start, edit.span.end));
        if fit(&more, text.len()) {
            edits = more;
            made += 1;
        }
    }
    let mut changed = Vec::with_capacity(text.len());
    let mut copied = 0;
    for edit in edits {
        changed.extend_from_slice(&text[copied..edit.span.start]);
        changed.extend_from_slice(edit.text.as_bytes());
        copied = edit.span.end;
    }
    changed.extend_from_slice(&text[copied..]);
    (changed, made)
}

/// Whether edits in their order lie in the text and apart from each other.
fn fit(edits: &[&Edit], length: usize) -> bool {
    let mut free_from = 0;
    edits.iter().enumerate().all(|(index, edit)| {
        let Span { start, end } = edit.span;
        // Two insertions at one place have no order.
        let apart = index == 0 || start > free_from || (start == free_from && start < end);
        let fits = apart && start >= free_from && start <= end && end <= length;
        free_from = end;
        fits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(edits: &[(usize, usize, &str)]) -> Fix {
        Fix {
            title: "change it".to_owned(),
            edits: edits
                .iter()
                .map(|&(start, end, text)| Edit {
                    span: Span { start, end },
                    text: text.to_owned(),
                })
                .collect(),
        }
    }

    fn check(fixes: &[Fix], expected: &str, made: usize) {
        let (text, count) = apply(b"abcdef", fixes);
        assert_eq!(
            (String::from_utf8_lossy(&text).as_ref(), count),
            (expected, made)
        );
    }

    #[test]
    fn fixes_are_made_together_if_they_lie_apart() {
        check(&[], "abcdef", 0);
        check(&[fix(&[(1, 2, "BB")])], "aBBcdef", 1);
        check(
            &[fix(&[(4, 6, "")]), fix(&[(0, 1, "A"), (2, 3, "C")])],
            "AbCd",
            2,
        );
        check(&[fix(&[(1, 3, "x")]), fix(&[(2, 4, "y")])], "axdef", 1);
        check(
            &[fix(&[(1, 2, "x")]), fix(&[(0, 1, "y"), (1, 2, "z")])],
            "axcdef",
            1,
        );
        check(&[fix(&[(1, 2, "x")]), fix(&[(2, 3, "y")])], "axydef", 2);
        check(&[fix(&[(2, 2, "x")])], "abxcdef", 1);
        check(&[fix(&[(2, 2, "x")]), fix(&[(2, 2, "y")])], "abxcdef", 1);
        check(&[fix(&[(5, 9, "x")]), fix(&[(3, 2, "x")])], "abcdef", 0);
    }
}
