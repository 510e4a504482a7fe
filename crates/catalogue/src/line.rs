//! Text on one line: what names, labels and words are reduced to before they are compared.

/// `text` with every run of whitespace and control characters as one space, none at the ends.
pub(crate) fn squeezed(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in words(text) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// The words of `text`: what whitespace and control characters set apart.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| sign.is_whitespace() || sign.is_control())
        .filter(|word| !word.is_empty())
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
    fn a_cut_does_not_split_a_character() {
        assert_eq!(cut("aé", 2), "a");
        assert_eq!(cut("aé", 3), "aé");
        assert_eq!(cut("aé", 99), "aé");
    }
}
