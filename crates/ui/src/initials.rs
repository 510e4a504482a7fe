use std::fmt::Write as _;

use askama::filters::{Escaper as _, Html};

/// Grounds of drawn icons; white letters are readable on each.
const GROUNDS: [&str; 8] = [
    "#0b6a8a", "#4a5a6b", "#7a4b94", "#9c2f5c", "#8a4b16", "#5a6414", "#1d6b4a", "#3a55a8",
];

/// An icon for what has none: up to two letters of `name` on a ground chosen by it, as SVG.
pub fn initials(name: &str) -> String {
    let letters: String = name
        .split(|sign: char| !sign.is_alphanumeric())
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    let sum = name.bytes().fold(0_usize, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(byte))
    });
    let ground = GROUNDS[sum % GROUNDS.len()];
    let mut drawing = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48"><rect width="48" height="48" rx="11" fill="{ground}"/><text x="24" y="25" fill="#fff" font-family="system-ui, sans-serif" font-size="20" font-weight="600" text-anchor="middle" dominant-baseline="central">"##
    );
    let written = Html.write_escaped_str(&mut drawing, &letters);
    debug_assert!(written.is_ok(), "a string takes all that is written to it");
    let _ = drawing.write_str("</text></svg>");
    drawing
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn letters_come_from_words() {
        assert!(initials("Visual Studio Code").contains(">VS<"));
        assert!(initials("blender").contains(">B<"));
        assert!(initials("ß-1").contains(">SS1<"));
        assert!(initials("</text><script>").contains(">TS<"));
        assert!(initials("").contains("></text>"));
        assert_eq!(initials("a"), initials("a"));
    }
}
