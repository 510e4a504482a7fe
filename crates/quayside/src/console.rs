//! What people read: data on stdout, everything else on stderr.

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::sync::OnceLock;

/// Why the first line of data that was lost was lost.
static LOST: OnceLock<io::Error> = OnceLock::new();

/// Whether stderr takes colour: a terminal, and `NO_COLOR` is not set.
pub(crate) fn has_color() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The same for stdout.
pub(crate) fn has_color_on_stdout() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A line of data. What cannot be written ends nothing: the work is done all the same, and [`lost`] tells of it.
pub(crate) fn data(line: &str) {
    let mut stdout = io::stdout().lock();
    let written = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
    // Who closes a pipe has read enough.
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
    {
        // Only the first reason is told.
        let _ = LOST.set(error);
    }
}

/// Why data did not get to stdout, if it did not.
pub(crate) fn lost() -> Option<&'static io::Error> {
    LOST.get()
}

/// A line for people.
pub(crate) fn note(line: &str) {
    drop(writeln!(io::stderr().lock(), "{line}"));
}

/// A report of several lines for people; an empty one prints nothing.
pub(crate) fn report(text: &str) {
    if !text.is_empty() {
        note(text.trim_end());
    }
}

/// Why it did not work.
pub(crate) fn error(text: &str) {
    let mark = if has_color() {
        "\x1b[1;31merror\x1b[0m"
    } else {
        "error"
    };
    note(&format!("{mark}: {text}"));
}

/// A text from elsewhere without signs that would change what a terminal shows.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|sign| if sign.is_control() { '\u{fffd}' } else { sign })
        .collect()
}

/// A number of things: `1 file`, `2 files`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    match number {
        1 => format!("1 {thing}"),
        _ => format!("{number} {thing}s"),
    }
}
