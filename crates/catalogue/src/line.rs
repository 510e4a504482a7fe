//! Text on one line: what names, labels and words are reduced to before they are compared.

/// `text` with every run of whitespace and control characters as one space, none at the ends.
pub(crate) fn squeezed(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for part in text.split(|sign: char| sign.is_whitespace() || sign.is_control()) {
        if !line.is_empty() && !part.is_empty() {
            line.push(' ');
        }
        line.push_str(part);
    }
    line
}

/// The words of a folded text, as both texts and searches are split.
///
/// Whitespace and ASCII punctuation set words apart, so that the parts of an image reference
/// are words of their own; `c++`, `c#`, `.net` and `1.17.0` stay whole.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_between_words)
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| !word.is_empty())
}

fn is_between_words(sign: char) -> bool {
    if sign.is_ascii() {
        !sign.is_ascii_alphanumeric() && !matches!(sign, '+' | '#' | '.')
    } else {
        sign.is_whitespace() || sign.is_control()
    }
}

/// The longest beginning of `text` that has at most `max` bytes and ends between characters.
pub(crate) fn cut(text: &str, max: usize) -> &str {
    &text[..text.floor_char_boundary(max)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_single_spaces_and_no_control_characters() {
        assert_eq!(squeezed("  a\tb\r\n\u{0}c\u{1f}d \u{3000} e "), "a b c d e");
        assert_eq!(squeezed("\n\t"), "");
    }

    #[test]
    fn words_are_what_people_type() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(words(text).collect::<Vec<_>>(), expected, "{text}");
        };
        check("a web-browser, fast.", &["a", "web", "browser", "fast"]);
        check(
            "ghcr.io/org/vs_code:1.17.0",
            &["ghcr.io", "org", "vs", "code", "1.17.0"],
        );
        check("c++ c# .net node.js", &["c++", "c#", ".net", "node.js"]);
        check("日本語　入力", &["日本語", "入力"]);
        check(" ... !? ", &[]);
    }

    #[test]
    fn a_cut_does_not_split_a_character() {
        assert_eq!(cut("aé", 2), "a");
        assert_eq!(cut("aé", 3), "aé");
        assert_eq!(cut("aé", 99), "aé");
    }
}
