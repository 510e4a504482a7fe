use memchr::{memchr, memchr_iter, memrchr};
use serde::Serialize;

/// A stretch of bytes in a file, from `start` up to but not including `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

/// A place in a text as people count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Where a byte of a text lies; an offset past the end lies just after the last character.
pub fn position(text: &[u8], offset: usize) -> Position {
    let before = &text[..offset.min(text.len())];
    let line_start = line_start(text, offset);
    Position {
        line: memchr_iter(b'\n', before).count() + 1,
        column: String::from_utf8_lossy(&before[line_start..])
            .chars()
            .count()
            + 1,
    }
}

/// The offset of the first byte of the line that holds `offset`.
pub(crate) fn line_start(text: &[u8], offset: usize) -> usize {
    let before = &text[..offset.min(text.len())];
    memrchr(b'\n', before).map_or(0, |newline| newline + 1)
}

/// The offset after the last byte of the line that holds `offset`, without its line break.
pub(crate) fn line_end(text: &[u8], offset: usize) -> usize {
    let offset = offset.min(text.len());
    let end = memchr(b'\n', &text[offset..]).map_or(text.len(), |newline| offset + newline);
    if end > offset && text[end - 1] == b'\r' {
        end - 1
    } else {
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let text = "ab\nçé\r\n\nx".as_bytes();
        let cases = [
            (0, (1, 1)),
            (2, (1, 3)),
            (3, (2, 1)),
            (5, (2, 2)),
            (7, (2, 3)),
            (9, (3, 1)),
            (10, (4, 1)),
            (11, (4, 2)),
            (99, (4, 2)),
        ];
        for (offset, (line, column)) in cases {
            assert_eq!(
                position(text, offset),
                Position { line, column },
                "{offset}"
            );
        }
    }

    #[test]
    fn a_line_ends_before_its_break() {
        let text = b"ab\r\ncd\n\nef";
        assert_eq!(line_end(text, 0), 2);
        assert_eq!(line_end(text, 4), 6);
        assert_eq!(line_end(text, 7), 7);
        assert_eq!(line_end(text, 8), 10);
        assert_eq!(line_end(text, 99), 10);
        assert_eq!(line_start(text, 5), 4);
    }
}
