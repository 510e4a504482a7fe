//! Writes the lists of rows.

use super::PLACES;
use super::numbers::{number_bytes, push_number, write_number};
use crate::index::bits::Bits;

/// From this share of all rows on a set is at most four times as large as a list, and added
/// many times as quickly.
const DENSE_SHARE: usize = 32;

/// One list while it is measured, then while it is written.
#[derive(Clone, Copy, Default)]
pub(super) struct Measure {
    /// Rows in it.
    count: u32,
    /// The last row so far plus one, 0 before the first.
    last: u32,
    /// Bytes of its differences; once laid out, where the next one goes or which set it is.
    bytes: usize,
}

impl Measure {
    /// The difference to write for `row`, none where the row is already in the list.
    fn step(&mut self, row: u32) -> Option<u32> {
        let step = match self.last.checked_sub(1) {
            None => row,
            Some(last) if last == row => return None,
            Some(last) => row - last,
        };
        self.last = row + 1;
        Some(step)
    }

    pub(super) fn add(&mut self, row: u32) {
        if let Some(step) = self.step(row) {
            self.count += 1;
            self.bytes += number_bytes(step);
        }
    }

    fn is_dense(&self, rows: usize) -> bool {
        self.count as usize * DENSE_SHARE >= rows && rows >= 64
    }
}

pub(super) struct ListWriter {
    pub(super) lists: Vec<u8>,
    pub(super) sets: Vec<Bits>,
    rows: usize,
}

impl ListWriter {
    pub(super) fn lay_out(measures: &mut [Measure], rows: usize) -> (Self, Vec<usize>) {
        let mut writer = Self {
            lists: Vec::new(),
            sets: Vec::new(),
            rows,
        };
        let mut list_starts = Vec::with_capacity(measures.len() / PLACES + 1);
        list_starts.push(0);
        // Reserved at once: doubling would leave the last copy beside the new one.
        writer.lists.reserve_exact(
            measures
                .chunks(PLACES)
                .map(|of_word| {
                    1 + of_word
                        .iter()
                        .map(|one| list_bytes(one, rows))
                        .sum::<usize>()
                })
                .sum(),
        );
        for of_word in measures.chunks_mut(PLACES) {
            let mut which = 0_u8;
            for (place, one) in of_word.iter().enumerate() {
                which |= u8::from(one.count > 0) << place;
                which |= u8::from(one.count > 0 && one.is_dense(rows)) << (place + PLACES);
            }
            writer.lists.push(which);
            for one in of_word.iter_mut().filter(|one| one.count > 0) {
                if one.is_dense(rows) {
                    one.bytes = writer.sets.len();
                    push_number(&mut writer.lists, writer.sets.len() as u32);
                    writer.sets.push(Bits::none(rows));
                } else {
                    push_number(&mut writer.lists, one.count);
                    let start = writer.lists.len();
                    writer.lists.resize(start + one.bytes, 0);
                    one.bytes = start;
                }
                one.last = 0;
            }
            list_starts.push(writer.lists.len());
        }
        (writer, list_starts)
    }

    pub(super) fn add(&mut self, list: &mut Measure, row: u32) {
        let Some(step) = list.step(row) else { return };
        if list.is_dense(self.rows) {
            self.sets[list.bytes].set(row);
        } else {
            list.bytes += write_number(&mut self.lists[list.bytes..], step);
        }
    }
}

fn list_bytes(list: &Measure, rows: usize) -> usize {
    match list.count {
        0 => 0,
        _ if list.is_dense(rows) => 5,
        count => number_bytes(count) + list.bytes,
    }
}
