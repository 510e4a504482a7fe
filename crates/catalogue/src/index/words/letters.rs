//! The rows that hold a letter or digit.

use super::{
    IN_DESCRIPTION, IN_LABEL, IN_NAME, NAME_PREFIX, NAME_WORD_PREFIX, Place, RANKS, Ranked,
    is_boundary,
};
use crate::index::bits::Bits;

/// Letters and digits of ASCII.
const LETTERS: usize = 36;

/// For each letter and digit the rows that hold it, by rank.
#[derive(Debug)]
pub(crate) struct Letters(Vec<Ranked>);

impl Letters {
    pub(super) fn none(rows: usize) -> Self {
        Self(
            (0..LETTERS)
                .map(|_| std::array::from_fn(|_| Bits::none(rows)))
                .collect(),
        )
    }

    /// The rows of a search word of one letter.
    pub(super) fn find(&self, word: &str) -> Option<&Ranked> {
        let [letter] = word.as_bytes() else {
            return None;
        };
        self.0.get(number_of(*letter)?)
    }

    pub(super) fn set(&mut self, row: u32, of_row: &LettersOfRow) {
        for (rank, letters) in of_row.0.iter().enumerate() {
            let mut left = *letters;
            while left != 0 {
                self.0[left.trailing_zeros() as usize][rank].set(row);
                left &= left - 1;
            }
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.0.iter().flatten().map(Bits::heap_bytes).sum()
    }
}

/// The letters of one word, each set of them as the bits of a number.
#[derive(Clone, Copy, Default)]
pub(super) struct LettersOfWord {
    first: u64,
    after_boundary: u64,
    all: u64,
}

impl LettersOfWord {
    pub(super) fn of(word: &[u8]) -> Self {
        let mut letters = Self::default();
        let mut before = None;
        for byte in word {
            if let Some(number) = number_of(*byte) {
                let bit = 1 << number;
                letters.all |= bit;
                if before.is_none_or(is_boundary) {
                    letters.after_boundary |= bit;
                }
                if before.is_none() {
                    letters.first |= bit;
                }
            }
            before = Some(*byte);
        }
        letters
    }
}

/// The letters of one row by rank. A letter may stand at several; the best one counts.
#[derive(Default)]
pub(super) struct LettersOfRow([u64; RANKS]);

impl LettersOfRow {
    pub(super) fn add(&mut self, word: LettersOfWord, place: u32) {
        const LABEL: u32 = Place::Label as u32;
        const DESCRIPTION: u32 = Place::Description as u32;
        match place {
            DESCRIPTION => self.0[IN_DESCRIPTION] |= word.all,
            LABEL => self.0[IN_LABEL] |= word.all,
            _ => {
                if place == Place::NameStart as u32 {
                    self.0[NAME_PREFIX] |= word.first;
                }
                self.0[NAME_WORD_PREFIX] |= word.after_boundary;
                self.0[IN_NAME] |= word.all;
            }
        }
    }
}

fn number_of(byte: u8) -> Option<usize> {
    match byte {
        b'a'..=b'z' => Some(usize::from(byte - b'a')),
        b'0'..=b'9' => Some(usize::from(byte - b'0') + 26),
        _ => None,
    }
}
