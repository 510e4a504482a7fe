mod conceal;
mod concise;
mod fingerprint;
mod full;
mod github;
mod gitlab;
mod json;
mod sarif;

pub use concise::render_concise;
pub use full::render_full;
pub use github::render_github;
pub use gitlab::render_gitlab;
pub use json::render_json;
pub use sarif::{Tool, ToolRule, render_sarif};

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::Diagnostic;

/// Gives the text of a file by the name that diagnostics use, or nothing if it cannot be had any more.
pub type Sources<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

/// The text of the file that the last diagnostic was about, kept because the next one is mostly about the same.
struct CurrentSource<'a> {
    sources: Sources<'a>,
    file: Option<String>,
    text: Option<Vec<u8>>,
}

impl<'a> CurrentSource<'a> {
    fn new(sources: Sources<'a>) -> Self {
        Self {
            sources,
            file: None,
            text: None,
        }
    }

    fn of(&mut self, diagnostic: &Diagnostic) -> Option<&[u8]> {
        if self.file != diagnostic.file {
            self.text = diagnostic.file.as_deref().and_then(self.sources);
            self.file.clone_from(&diagnostic.file);
        }
        self.text.as_deref()
    }
}

/// How many characters of a text are shown: more is no message.
const LONGEST: usize = 1_000;

/// A text that cannot move the cursor, change colours or turn the reading order of a terminal, and that ends.
fn visible(text: &str) -> Cow<'_, str> {
    // Bytes are no fewer than characters.
    let is_short = text.len() <= LONGEST;
    if is_short && !text.chars().any(is_active) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    let mut characters = text.chars();
    for character in characters.by_ref().take(LONGEST) {
        match character {
            '\n' | '\r' | '\t' => shown.push(' '),
            active if is_active(active) => shown.extend(active.escape_unicode()),
            plain => shown.push(plain),
        }
    }
    if characters.next().is_some() {
        shown.push('…');
    }
    Cow::Owned(shown)
}

/// JSON in which such characters are escaped: read back, the texts are the same.
fn visible_json(json: &str) -> Cow<'_, str> {
    // A line break is layout: in a text it would be escaped already.
    let is_active = |character| character != '\n' && is_active(character);
    if !json.chars().any(is_active) {
        return Cow::Borrowed(json);
    }
    let mut shown = String::with_capacity(json.len());
    for character in json.chars() {
        if is_active(character) {
            // All of them lie in the first plane, where one unit is one character.
            let _ = write!(shown, "\\u{:04x}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
