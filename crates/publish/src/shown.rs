use std::borrow::Cow;

/// How many characters of a text a message shows.
const LONGEST: usize = 120;

/// A text of somebody else, short enough for a message.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
    }
}
