use std::collections::HashSet;

/// The forms that this program understands, newest first.
const UNDERSTOOD: [&str; 2] = ["1.1", "1.0"];

/// How many other folders are tried: each costs a request.
const MAX_OTHERS: usize = 20;

/// How much of `versions.txt` is looked at; real ones have a few lines.
const MAX_BYTES: usize = 64 * 1024;

const LONGEST_NAME: usize = 200;

/// The folders of a registry to look for a list in, in this order.
///
/// First the folders of `versions.txt` that are named after a form we understand, newest first; then `1.1` and `1.0`
/// whether it names them or not; then its other names in their order. The registry's root itself, which a reader tries
/// last, is not among them. Without a `versions.txt`, give an empty text.
pub fn versions_to_try(versions_txt: &str) -> Vec<String> {
    let named: Vec<&str> = head(versions_txt)
        .lines()
        .map(|line| {
            line.trim_matches(|character: char| {
                character.is_whitespace() || character == '\u{feff}'
            })
        })
        .filter(|name| is_folder_name(name))
        .collect();
    let understood = UNDERSTOOD.iter().filter(|form| named.contains(form));
    let others = named.iter().filter(|name| !UNDERSTOOD.contains(name));
    let mut seen = HashSet::new();
    let mut first: Vec<String> = understood
        .chain(&UNDERSTOOD)
        .filter(|name| seen.insert(**name))
        .map(|name| (*name).to_owned())
        .collect();
    let others = others
        .filter(|name| seen.insert(**name))
        .take(MAX_OTHERS)
        .map(|name| (*name).to_owned());
    first.extend(others);
    first
}

/// Whether a name can be one folder below the root: nothing in it leads elsewhere, or is a line of a web page.
pub(crate) fn is_folder_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..")
        && name.len() <= LONGEST_NAME
        && !name.contains(|character: char| {
            character.is_control()
                || character.is_whitespace()
                || matches!(
                    character,
                    '/' | '\\' | '?' | '#' | '%' | ':' | '<' | '>' | '"' | '\'' | '&' | ';'
                )
        })
}

/// The first lines of a text, cut between two of its characters.
fn head(text: &str) -> &str {
    let end = (0..=MAX_BYTES.min(text.len()))
        .rev()
        .find(|&end| text.is_char_boundary(end))
        .unwrap_or_default();
    &text[..end]
}
