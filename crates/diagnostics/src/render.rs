mod conceal;
mod concise;
mod full;
mod json;

pub use concise::render_concise;
pub use full::render_full;
pub use json::render_json;

use std::borrow::Cow;

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

/// A text that cannot move the cursor, change colours or turn the reading order of a terminal.
fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_active) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => shown.push(' '),
            active if is_active(active) => shown.extend(active.escape_unicode()),
            plain => shown.push(plain),
        }
    }
    Cow::Owned(shown)
}

fn is_active(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
