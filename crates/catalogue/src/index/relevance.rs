//! Which rows a search finds, best first.

use super::Parts;
use super::bits::Bits;
use super::words::{IN_LABEL, RANKS, Ranked};
use crate::line::{cut, words};

// A search is typed by a person; what is longer is cut, and further words are not looked for.
const SEARCH_BYTES: usize = 400;
const SEARCH_WORDS: usize = 10;

/// The rows that hold every word of a search.
///
/// A row is as relevant as its worst word, then as its best one: with two words, a name that
/// has both comes before a name that has one, and that before a description that has both.
pub(super) struct Relevance {
    /// For each rank the rows where no word is found worse than that; the last one has all.
    worst: Ranked,
    /// For each rank the rows where some word is found as well as that.
    best: Ranked,
}

impl Relevance {
    /// Looks for the words of a search; none where it has none.
    pub(super) fn of(parts: &Parts, search: &str) -> Option<Self> {
        let folded = model::fold(cut(search, SEARCH_BYTES));
        let mut wanted: Vec<&str> = Vec::new();
        for word in words(&folded) {
            if !wanted.contains(&word) && wanted.len() < SEARCH_WORDS {
                wanted.push(word);
            }
        }
        wanted
            .into_iter()
            .map(|word| Self::of_word(parts, word))
            .reduce(|mut all, of_word| {
                for rank in 0..RANKS {
                    all.worst[rank].keep(&of_word.worst[rank]);
                    all.best[rank].add(&of_word.best[rank]);
                }
                all
            })
    }

    /// The rows found.
    pub(super) fn found(&self) -> &Bits {
        &self.worst[RANKS - 1]
    }

    /// A part of `found`, best first, equal ones by name.
    pub(super) fn page(&self, found: &Bits, mut skip: usize, take: usize) -> Vec<u32> {
        let mut page = Vec::with_capacity(take);
        let mut left = found.clone();
        for (rank, worst) in self.worst.iter().enumerate() {
            let mut of_worst = left.clone();
            of_worst.keep(worst);
            left.remove(worst);
            for best in &self.best[..=rank] {
                let count = of_worst.count_common(best);
                if skip >= count {
                    skip -= count;
                } else {
                    let mut of_both = of_worst.clone();
                    of_both.keep(best);
                    page.extend(of_both.page(skip, take - page.len()));
                    skip = 0;
                }
                if page.len() == take {
                    return page;
                }
                of_worst.remove(best);
            }
        }
        page
    }

    fn of_word(parts: &Parts, word: &str) -> Self {
        let mut ranked = parts.words.find(word);
        for registry in parts.registries.named(word) {
            parts
                .rows
                .of_registries
                .add_to(registry, &mut ranked[IN_LABEL]);
        }
        for rank in 1..RANKS {
            let (better, rest) = ranked.split_at_mut(rank);
            rest[0].add(&better[rank - 1]);
        }
        Self {
            worst: ranked.clone(),
            best: ranked,
        }
    }
}
