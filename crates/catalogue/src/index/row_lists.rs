//! Rows by a value that many of them share.

use super::bits::Bits;

/// From this share of all rows on, a set is quicker than a list and not much larger.
const DENSE_SHARE: usize = 32;

/// For each value, by its number, the rows that have it.
#[derive(Debug)]
pub(crate) struct RowLists {
    lists: Vec<RowList>,
    rows: usize,
}

#[derive(Debug)]
enum RowList {
    Set(Bits),
    /// Ascending.
    List(Box<[u32]>),
}

impl RowLists {
    /// Makes the lists of `values` values from those of each row in turn.
    pub(crate) fn new<'a>(values: usize, of_rows: impl Iterator<Item = &'a [u32]> + Clone) -> Self {
        let mut counts = vec![0_usize; values];
        let mut rows = 0;
        for of_row in of_rows.clone() {
            rows += 1;
            for value in of_row {
                counts[*value as usize] += 1;
            }
        }
        let is_dense = |count: usize| count * DENSE_SHARE >= rows;
        let mut sets: Vec<Option<Bits>> = counts
            .iter()
            .map(|count| is_dense(*count).then(|| Bits::none(rows)))
            .collect();
        let mut lists: Vec<Vec<u32>> = counts
            .iter()
            .map(|count| Vec::with_capacity(if is_dense(*count) { 0 } else { *count }))
            .collect();
        for (row, of_row) in (0..).zip(of_rows) {
            for value in of_row {
                match &mut sets[*value as usize] {
                    Some(set) => set.set(row),
                    None => lists[*value as usize].push(row),
                }
            }
        }
        let lists = sets
            .into_iter()
            .zip(lists)
            .map(|(set, list)| set.map_or_else(|| RowList::List(list.into()), RowList::Set))
            .collect();
        Self { lists, rows }
    }

    /// Adds the rows of a value to a set.
    pub(crate) fn add_to(&self, value: u32, rows: &mut Bits) {
        match &self.lists[value as usize] {
            RowList::Set(set) => rows.add(set),
            RowList::List(list) => list.iter().for_each(|row| rows.set(*row)),
        }
    }

    /// The rows that have one of these values.
    pub(crate) fn with(&self, values: impl IntoIterator<Item = u32>) -> Bits {
        let mut rows = Bits::none(self.rows);
        for value in values {
            self.add_to(value, &mut rows);
        }
        rows
    }

    /// How many of `rows` have each value, by its number.
    pub(crate) fn count(&self, rows: &Bits) -> impl Iterator<Item = usize> {
        self.lists.iter().map(|list| match list {
            RowList::Set(set) => set.count_common(rows),
            RowList::List(list) => list.iter().filter(|row| rows.has(**row)).count(),
        })
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let of_list = |list: &RowList| match list {
            RowList::Set(set) => set.heap_bytes(),
            RowList::List(list) => size_of_val(&**list),
        };
        self.lists
            .iter()
            .map(|list| size_of::<RowList>() + of_list(list))
            .sum()
    }
}
