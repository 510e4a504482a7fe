//! Which words stand in which rows, and where in them.
//!
//! A search word is found inside longer words, so every distinct word is scanned for it; there
//! are far fewer of those than of the texts they come from. Each word has up to four lists of
//! rows, one for each [`Place`], as differences in a variable number of bytes, or as a set where
//! it is long. A search for one letter would find nearly all words, so its rows are kept.

mod builder;
mod letters;
mod lists;
mod numbers;
mod vocabulary;

use memchr::memmem;

use super::bits::Bits;
pub(crate) use builder::WordsBuilder;
use letters::Letters;
use numbers::{take_byte, take_number};

/// Where in a listing a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// First word of the name.
    NameStart = 0,
    /// Another word of the name.
    Name = 1,
    /// Category or image.
    Label = 2,
    /// Description.
    Description = 3,
}

const PLACES: usize = 4;
const PLACE_BITS: u32 = 2;

/// How well a listing fits a search word; the number of the first set that holds it.
pub(crate) const RANKS: usize = 5;
/// The name begins with it.
pub(crate) const NAME_PREFIX: usize = 0;
/// A word of the name begins with it.
pub(crate) const NAME_WORD_PREFIX: usize = 1;
/// It stands somewhere in the name.
pub(crate) const IN_NAME: usize = 2;
/// It stands in a category, an image or the registry's name.
pub(crate) const IN_LABEL: usize = 3;
/// It stands in the description.
pub(crate) const IN_DESCRIPTION: usize = 4;

/// The rows that a search word stands in, by rank.
pub(crate) type Ranked = [Bits; RANKS];

/// Bytes between the words in [`Words::text`]; no word holds it, nor does a search word.
const END: u8 = b'\n';

/// The words of all rows.
#[derive(Debug)]
pub(crate) struct Words {
    /// Every distinct word, each with an [`END`] after it.
    text: Box<[u8]>,
    /// Where each word begins, and where the next one would.
    starts: Box<[u32]>,
    /// Where each word's lists begin in `lists`, and where the next one's would.
    list_starts: Box<[usize]>,
    /// For each word one byte that tells which lists follow (low half) and which of them are
    /// sets (high half), then for each list the number of a set, or a count and the differences.
    lists: Box<[u8]>,
    sets: Vec<Bits>,
    letters: Letters,
    rows: usize,
}

impl Words {
    /// Finds the rows where `word` stands inside a word; it must be folded and not empty.
    pub(crate) fn find(&self, word: &str) -> Ranked {
        if let Some(ranked) = self.letters.find(word) {
            return ranked.clone();
        }
        let mut ranked: Ranked = std::array::from_fn(|_| Bits::none(self.rows));
        let needle = word.as_bytes();
        let mut current: Option<Hit> = None;
        for at in memmem::find_iter(&self.text, needle) {
            let hit = match current {
                Some(hit) if at < hit.end => hit,
                before => {
                    if let Some(hit) = before {
                        self.add(hit, &mut ranked);
                    }
                    self.hit_at(at, before.map_or(0, |hit| hit.word + 1))
                }
            };
            let at_start = at == hit.start;
            let after_boundary = at_start || is_boundary(self.text[at - 1]);
            current = Some(Hit {
                at_start: hit.at_start || at_start,
                after_boundary: hit.after_boundary || after_boundary,
                ..hit
            });
        }
        if let Some(hit) = current {
            self.add(hit, &mut ranked);
        }
        ranked
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.text.len()
            + size_of_val(&*self.starts)
            + size_of_val(&*self.list_starts)
            + self.lists.len()
            + self.letters.heap_bytes()
            + self.sets.iter().map(Bits::heap_bytes).sum::<usize>()
    }

    /// The word that holds byte `at`, none before `from`. Hits come in ascending order and
    /// mostly close together, so steps from the last one are shorter than halving all.
    fn hit_at(&self, at: usize, from: usize) -> Hit {
        let mut step = 1;
        while self
            .starts
            .get(from + step)
            .is_some_and(|start| *start as usize <= at)
        {
            step *= 2;
        }
        let low = from + step / 2;
        let high = (from + step).min(self.starts.len());
        let word = low + self.starts[low..high].partition_point(|start| *start as usize <= at) - 1;
        Hit {
            word,
            start: self.starts[word] as usize,
            end: self.starts[word + 1] as usize,
            at_start: false,
            after_boundary: false,
        }
    }

    fn add(&self, hit: Hit, ranked: &mut Ranked) {
        let mut lists = &self.lists[self.list_starts[hit.word]..self.list_starts[hit.word + 1]];
        let Some(which) = take_byte(&mut lists) else {
            return;
        };
        for place in 0..PLACES {
            if which & (1 << place) == 0 {
                continue;
            }
            let rows = &mut ranked[hit.rank(place)];
            let first = take_number(&mut lists);
            if which & (1 << (place + PLACES)) != 0 {
                rows.add(&self.sets[first as usize]);
                continue;
            }
            let mut row = 0;
            for _ in 0..first {
                row += take_number(&mut lists);
                rows.set(row);
            }
        }
    }
}

/// A word that holds the search word.
#[derive(Clone, Copy)]
struct Hit {
    word: usize,
    start: usize,
    end: usize,
    at_start: bool,
    after_boundary: bool,
}

impl Hit {
    fn rank(self, place: usize) -> usize {
        const NAME_START: usize = Place::NameStart as usize;
        const NAME: usize = Place::Name as usize;
        const LABEL: usize = Place::Label as usize;
        match place {
            NAME_START if self.at_start => NAME_PREFIX,
            NAME_START | NAME if self.after_boundary => NAME_WORD_PREFIX,
            NAME_START | NAME => IN_NAME,
            LABEL => IN_LABEL,
            _ => IN_DESCRIPTION,
        }
    }
}

/// Whether a part of a word begins after this byte, as in `vs-code`.
fn is_boundary(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests;
