//! Spellings of categories.

use model::fold;

/// The categories that most registries use.
const USUAL: [&str; 14] = [
    "Browser",
    "Chat",
    "Communication",
    "Desktop",
    "Development",
    "Games",
    "Mobile",
    "Multimedia",
    "OSINT",
    "Office",
    "Privacy",
    "Productivity",
    "Remote Access",
    "Security",
];

/// The usual spelling of a category.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Usual {
    /// The same word, written with other capitals, another sign between its parts, or as another number.
    SameWord(&'static str),
    /// A word that is nearly the same.
    Near(&'static str),
}

/// The usual spelling of a category that is written otherwise; nothing if it is written so, or is a category of its own.
pub(crate) fn usual(category: &str) -> Option<Usual> {
    if USUAL.contains(&category) {
        return None;
    }
    let word = word(category);
    if let Some(name) = USUAL.into_iter().find(|name| self::word(name) == word) {
        return Some(Usual::SameWord(name));
    }
    USUAL
        .into_iter()
        .find(|name| are_near(&self::word(name), &word))
        .map(Usual::Near)
}

/// A category without what does not tell two apart: capitals, signs between words, the `s` of the plural.
pub(crate) fn word(category: &str) -> String {
    let mut word: String = fold(category)
        .chars()
        .filter(|character| character.is_alphanumeric())
        .collect();
    if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") {
        word.pop();
    }
    word
}

/// Whether two words differ by one letter, or by two that changed places; short words do so by chance.
pub(crate) fn are_near(left: &str, right: &str) -> bool {
    const SHORTEST: usize = 6;
    const LONGEST: usize = 60;
    let length = left.len().min(right.len());
    let difference = left.len().max(right.len()) - length;
    (SHORTEST..=LONGEST).contains(&length)
        && difference <= 4
        && left != right
        && strsim::osa_distance(left, right) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_word_are_one() {
        for (category, expected) in [
            ("Browser", None),
            ("browser", Some(Usual::SameWord("Browser"))),
            ("BROWSERS ", Some(Usual::SameWord("Browser"))),
            ("remote_access", Some(Usual::SameWord("Remote Access"))),
            ("Game", Some(Usual::SameWord("Games"))),
            ("osint", Some(Usual::SameWord("OSINT"))),
            ("Comunication", Some(Usual::Near("Communication"))),
            ("Desktpo", Some(Usual::Near("Desktop"))),
            ("Gaming", None),
            ("Cat", None),
            ("ai", None),
            ("", None),
            ("商務", None),
        ] {
            assert_eq!(usual(category), expected, "{category}");
        }
    }
}
