//! A set of rows.

/// A set of rows out of a fixed number of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Box<[u64]>,
    rows: usize,
}

impl Bits {
    pub(crate) fn none(rows: usize) -> Self {
        Self {
            words: vec![0; rows.div_ceil(64)].into_boxed_slice(),
            rows,
        }
    }

    pub(crate) fn all(rows: usize) -> Self {
        let mut bits = Self {
            words: vec![u64::MAX; rows.div_ceil(64)].into_boxed_slice(),
            rows,
        };
        // Bits past the last row stay unset, so that counting needs no mask.
        if let Some(last) = bits.words.last_mut()
            && !rows.is_multiple_of(64)
        {
            *last = (1 << (rows % 64)) - 1;
        }
        bits
    }

    pub(crate) fn set(&mut self, row: u32) {
        self.words[row as usize / 64] |= 1 << (row % 64);
    }

    pub(crate) fn has(&self, row: u32) -> bool {
        self.words[row as usize / 64] & (1 << (row % 64)) != 0
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    pub(crate) fn keep(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    pub(crate) fn remove(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.words
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    /// How many rows are in both.
    pub(crate) fn count_common(&self, other: &Self) -> usize {
        let common = self.words.iter().zip(&other.words);
        common
            .map(|(word, other)| (word & other).count_ones() as usize)
            .sum()
    }

    /// The rows in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                if left == 0 {
                    return None;
                }
                let bit = left.trailing_zeros();
                left &= left - 1;
                Some(index as u32 * 64 + bit)
            })
        })
    }

    /// The rows in ascending order without the first `skip`, `take` of them.
    pub(crate) fn page(&self, mut skip: usize, take: usize) -> Vec<u32> {
        let mut rows = Vec::with_capacity(take.min(self.rows));
        for (index, word) in self.words.iter().enumerate() {
            if rows.len() == take {
                break;
            }
            let count = word.count_ones() as usize;
            if skip >= count {
                skip -= count;
                continue;
            }
            let mut left = *word;
            while left != 0 && rows.len() < take {
                if skip > 0 {
                    skip -= 1;
                } else {
                    rows.push(index as u32 * 64 + left.trailing_zeros());
                }
                left &= left - 1;
            }
        }
        rows
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        size_of_val(&*self.words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: usize, set: &[u32]) -> Bits {
        let mut bits = Bits::none(rows);
        for row in set {
            bits.set(*row);
        }
        bits
    }

    #[test]
    fn all_has_no_row_too_many() {
        for rows in [0, 1, 63, 64, 65, 128, 130] {
            assert_eq!(Bits::all(rows).count(), rows);
            assert_eq!(Bits::all(rows).iter().count(), rows);
        }
    }

    #[test]
    fn sets_are_combined() {
        let (left, right) = (of(130, &[0, 63, 64, 129]), of(130, &[63, 100, 129]));
        let with = |change: fn(&mut Bits, &Bits)| {
            let mut bits = left.clone();
            change(&mut bits, &right);
            bits.iter().collect::<Vec<_>>()
        };
        assert_eq!(with(Bits::add), [0, 63, 64, 100, 129]);
        assert_eq!(with(Bits::keep), [63, 129]);
        assert_eq!(with(Bits::remove), [0, 64]);
        assert!(left.has(64) && !left.has(65));
    }

    #[test]
    fn a_page_is_a_part_of_the_rows() {
        let bits = of(300, &[1, 2, 70, 71, 200, 299]);
        let rows: Vec<u32> = bits.iter().collect();
        for skip in 0..8 {
            for take in 0..8 {
                let expected: Vec<u32> = rows.iter().copied().skip(skip).take(take).collect();
                assert_eq!(bits.page(skip, take), expected, "{skip} {take}");
            }
        }
    }
}
