/// Line and column of a byte, both from 1; the column counts characters.
///
/// Lines end with a line feed; the carriage return before one belongs to its line. Bytes that are no UTF-8 count as
/// one character for each that starts one.
pub fn line_column(text: &[u8], offset: usize) -> (usize, usize) {
    PlaceCursor::new(text).line_column(offset)
}

/// Finds lines and columns of ascending offsets in one pass over a text.
///
/// A list is one line of many megabytes: counting from its start for every entry would take minutes.
#[derive(Debug, Clone)]
pub struct PlaceCursor<'a> {
    text: &'a [u8],
    offset: usize,
    line: usize,
    column: usize,
}

impl<'a> PlaceCursor<'a> {
    /// A cursor at the start of a text.
    pub const fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            offset: 0,
            line: 1,
            column: 1,
        }
    }

    /// Line and column of a byte, both from 1; an offset before the last one asked for costs a new start.
    pub fn line_column(&mut self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        if offset < self.offset {
            *self = Self::new(self.text);
        }
        for &byte in &self.text[self.offset..offset] {
            if byte == b'\n' {
                self.line += 1;
                self.column = 1;
            } else if byte & 0xc0 != 0x80 {
                self.column += 1;
            }
        }
        self.offset = offset;
        (self.line, self.column)
    }
}
