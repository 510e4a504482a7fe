//! Numbers the distinct words.

use std::hash::{BuildHasher, RandomState};

use super::{END, PLACE_BITS};

/// Distinct words, numbered as they come.
pub(super) struct Vocabulary {
    /// Every word, each with an [`END`] after it.
    text: Vec<u8>,
    /// Where each word begins, and where the next one would.
    starts: Vec<u32>,
    /// Open addressing.
    slots: Vec<Slot>,
    hash: WordHash,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    /// The number of a word plus one, 0 where free.
    number: u32,
    /// The half of its hash that does not choose the slot, so that few other words are compared.
    check: u32,
}

impl Vocabulary {
    pub(super) fn new() -> Self {
        Self {
            text: Vec::new(),
            starts: vec![0],
            slots: vec![Slot::default(); 1024],
            hash: WordHash::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The words by their numbers.
    pub(super) fn words(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len() as u32).map(|number| self.word(number))
    }

    /// The text and where each word begins in it.
    pub(super) fn into_parts(self) -> (Box<[u8]>, Box<[u32]>) {
        (self.text.into_boxed_slice(), self.starts.into_boxed_slice())
    }

    /// The number of a word, a new one where it was not seen yet; none when the numbers or the
    /// text are used up, which takes gigabytes of distinct words.
    pub(super) fn number_of(&mut self, word: &[u8]) -> Option<u32> {
        let (mut slot, check) = self.hash.slot_and_check(word, self.slots.len());
        loop {
            let Slot {
                number,
                check: of_slot,
            } = self.slots[slot];
            let Some(number) = number.checked_sub(1) else {
                break;
            };
            if of_slot == check && self.word(number) == word {
                return Some(number);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        let number = self.len() as u32;
        let end = u32::try_from(self.text.len() + word.len() + 1).ok()?;
        if number >= u32::MAX >> PLACE_BITS {
            return None;
        }
        self.text.extend_from_slice(word);
        self.text.push(END);
        self.starts.push(end);
        self.slots[slot] = Slot {
            number: number + 1,
            check,
        };
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
        let mut slots = vec![Slot::default(); self.slots.len() * 2];
        for (number, word) in (1..).zip(self.words()) {
            let (mut slot, check) = self.hash.slot_and_check(word, slots.len());
            while slots[slot].number != 0 {
                slot = (slot + 1) & (slots.len() - 1);
            }
            slots[slot] = Slot { number, check };
        }
        self.slots = slots;
    }
}

/// Hashes short words quickly. It is keyed, so that no publisher can make words that all
/// collide; what is found does not depend on it.
struct WordHash {
    start: u64,
    key: u64,
}

impl WordHash {
    fn new() -> Self {
        let random = RandomState::new();
        Self {
            start: random.hash_one(0_u8),
            key: random.hash_one(1_u8) | 1,
        }
    }

    fn slot_and_check(&self, word: &[u8], slots: usize) -> (usize, u32) {
        let hash = self.of(word);
        (hash as usize & (slots - 1), (hash >> 32) as u32)
    }

    fn of(&self, word: &[u8]) -> u64 {
        let (chunks, rest) = word.as_chunks::<8>();
        let mut hash = self.start ^ word.len() as u64;
        for chunk in chunks {
            hash = self.mix(hash ^ u64::from_le_bytes(*chunk));
        }
        let rest = rest
            .iter()
            .fold(0_u64, |rest, byte| rest << 8 | u64::from(*byte));
        self.mix(hash ^ rest)
    }

    fn mix(&self, hash: u64) -> u64 {
        let product = u128::from(hash) * u128::from(self.key);
        product as u64 ^ (product >> 64) as u64
    }
}
