//! Gathers words.

use super::letters::{Letters, LettersOfRow, LettersOfWord};
use super::lists::{ListWriter, Measure};
use super::vocabulary::Vocabulary;
use super::{PLACE_BITS, PLACES, Place, Words};

const PLACE_MASK: u32 = (1 << PLACE_BITS) - 1;

/// Gathers the words of rows in any order.
pub(crate) struct WordsBuilder {
    vocabulary: Vocabulary,
    /// For each row in the order of arrival its words with their places.
    stands: Vec<u32>,
    row_ends: Vec<usize>,
}

impl WordsBuilder {
    pub(crate) fn new() -> Self {
        Self {
            vocabulary: Vocabulary::new(),
            stands: Vec::new(),
            row_ends: Vec::new(),
        }
    }

    /// Adds a word to the row under way.
    pub(crate) fn add(&mut self, word: &[u8], place: Place) {
        if let Some(number) = self.vocabulary.number_of(word) {
            self.stands.push(number << PLACE_BITS | place as u32);
        }
    }

    /// Ends the row under way.
    pub(crate) fn end_row(&mut self) {
        self.row_ends.push(self.stands.len());
    }

    /// Makes the index; `order` gives for each row of it the row in the order of arrival.
    pub(crate) fn build(self, order: &[u32]) -> Words {
        let word_count = self.vocabulary.len();
        let stands_of = |arrival: u32| {
            let arrival = arrival as usize;
            let start = arrival
                .checked_sub(1)
                .map_or(0, |before| self.row_ends[before]);
            &self.stands[start..self.row_ends[arrival]]
        };

        // Two passes over the rows, one to measure and one to write, need no second copy of
        // all lists.
        let letters_of = self
            .vocabulary
            .words()
            .map(LettersOfWord::of)
            .collect::<Vec<_>>();
        let mut letters = Letters::none(order.len());
        let mut measures = vec![Measure::default(); word_count * PLACES];
        for (row, arrival) in (0..).zip(order) {
            let mut of_row = LettersOfRow::default();
            for stand in stands_of(*arrival) {
                measures[*stand as usize].add(row);
                of_row.add(
                    letters_of[(stand >> PLACE_BITS) as usize],
                    stand & PLACE_MASK,
                );
            }
            letters.set(row, &of_row);
        }
        let (mut writer, list_starts) = ListWriter::lay_out(&mut measures, order.len());
        for (row, arrival) in (0..).zip(order) {
            for stand in stands_of(*arrival) {
                writer.add(&mut measures[*stand as usize], row);
            }
        }
        let (text, starts) = self.vocabulary.into_parts();
        Words {
            text,
            starts,
            list_starts: list_starts.into_boxed_slice(),
            lists: writer.lists.into_boxed_slice(),
            sets: writer.sets,
            letters,
            rows: order.len(),
        }
    }
}
