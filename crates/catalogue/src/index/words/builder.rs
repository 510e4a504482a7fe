//! Gathers words.

use std::hash::{BuildHasher, RandomState};

use super::lists::{ListWriter, Measure};
use super::{END, PLACE_BITS, PLACES, Place, Words};

/// Gathers the words of rows in any order.
pub(crate) struct WordsBuilder {
    text: Vec<u8>,
    starts: Vec<u32>,
    /// Open addressing: the number of a word plus one, 0 where free. Its hash is keyed, so a
    /// publisher cannot make words that all collide.
    slots: Vec<u32>,
    hasher: RandomState,
    /// For each row in the order of arrival its words with their places.
    stands: Vec<u32>,
    row_ends: Vec<usize>,
}

impl WordsBuilder {
    pub(crate) fn new() -> Self {
        Self {
            text: Vec::new(),
            starts: vec![0],
            slots: vec![0; 1024],
            hasher: RandomState::new(),
            stands: Vec::new(),
            row_ends: Vec::new(),
        }
    }

    /// Adds a word to the row under way.
    pub(crate) fn add(&mut self, word: &str, place: Place) {
        if let Some(number) = self.number_of(word.as_bytes()) {
            self.stands.push(number << PLACE_BITS | place as u32);
        }
    }

    /// Ends the row under way.
    pub(crate) fn end_row(&mut self) {
        self.row_ends.push(self.stands.len());
    }

    /// Makes the index; `order` gives for each row of it the row in the order of arrival.
    pub(crate) fn build(self, order: &[u32]) -> Words {
        let word_count = self.starts.len() - 1;
        let stands_of = |arrival: u32| {
            let arrival = arrival as usize;
            let start = arrival
                .checked_sub(1)
                .map_or(0, |before| self.row_ends[before]);
            &self.stands[start..self.row_ends[arrival]]
        };

        // Two passes over the rows, one to measure and one to write, need no second copy of
        // all lists.
        let mut measures = vec![Measure::default(); word_count * PLACES];
        for (row, arrival) in (0..).zip(order) {
            for stand in stands_of(*arrival) {
                measures[*stand as usize].add(row);
            }
        }
        let (mut writer, list_starts) = ListWriter::lay_out(&mut measures, order.len());
        for (row, arrival) in (0..).zip(order) {
            for stand in stands_of(*arrival) {
                writer.add(&mut measures[*stand as usize], row);
            }
        }
        Words {
            text: self.text.into_boxed_slice(),
            starts: self.starts.into_boxed_slice(),
            list_starts: list_starts.into_boxed_slice(),
            lists: writer.lists.into_boxed_slice(),
            sets: writer.sets,
            rows: order.len(),
        }
    }

    /// The number of a word, a new one where it was not seen yet; none when the numbers or the
    /// text are used up, which takes gigabytes of distinct words.
    fn number_of(&mut self, word: &[u8]) -> Option<u32> {
        let mask = self.slots.len() - 1;
        let mut slot = self.hasher.hash_one(word) as usize & mask;
        while let Some(number) = self.slots[slot].checked_sub(1) {
            if self.word(number) == word {
                return Some(number);
            }
            slot = (slot + 1) & mask;
        }
        let number = (self.starts.len() - 1) as u32;
        let end = u32::try_from(self.text.len() + word.len() + 1).ok()?;
        if number >= u32::MAX >> PLACE_BITS {
            return None;
        }
        self.text.extend_from_slice(word);
        self.text.push(END);
        self.starts.push(end);
        self.slots[slot] = number + 1;
        if self.starts.len() * 2 > self.slots.len() {
            self.grow();
        }
        Some(number)
    }

    fn word(&self, number: u32) -> &[u8] {
        let number = number as usize;
        &self.text[self.starts[number] as usize..self.starts[number + 1] as usize - 1]
    }

    fn grow(&mut self) {
        let mut slots = vec![0_u32; self.slots.len() * 2];
        let mask = slots.len() - 1;
        for number in 0..(self.starts.len() - 1) as u32 {
            let mut slot = self.hasher.hash_one(self.word(number)) as usize & mask;
            while slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = number + 1;
        }
        self.slots = slots;
    }
}
