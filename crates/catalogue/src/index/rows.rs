//! What is kept of each row besides words and labels, in columns.

use std::ops::Range;

use model::ListingId;

use super::bits::Bits;
use super::query::Sort;
use super::registries::Registries;
use super::row_lists::RowLists;

/// A row on its way into the index.
pub(crate) struct Row {
    pub(crate) id: ListingId,
    pub(crate) registry: u32,
    pub(crate) first_seen_ms: i64,
    pub(crate) changed_ms: i64,
    pub(crate) withdrawn: bool,
    pub(crate) flagged: bool,
}

/// The columns, and the rows in each order but that of names, which is their own.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) ids: Box<[ListingId]>,
    pub(crate) registries: Box<[u32]>,
    pub(crate) first_seen_ms: Box<[i64]>,
    pub(crate) changed_ms: Box<[i64]>,
    pub(crate) withdrawn: Bits,
    pub(crate) flagged: Bits,
    by_id: Box<[u32]>,
    by_registry: Box<[u32]>,
    by_newest: Box<[u32]>,
    by_changed: Box<[u32]>,
    by_size: Box<[u32]>,
    /// The rows of each registry.
    pub(crate) of_registries: RowLists,
    /// When each registry was first read.
    first_copy_ms: Box<[i64]>,
}

impl Rows {
    pub(crate) fn new(rows: &[Row], order: &[u32], registries: &Registries, sizes: &Sizes) -> Self {
        let of_order = || order.iter().map(|arrival| &rows[*arrival as usize]);
        let mut withdrawn = Bits::none(order.len());
        let mut flagged = Bits::none(order.len());
        for (number, row) in (0..).zip(of_order()) {
            if row.withdrawn {
                withdrawn.set(number);
            }
            if row.flagged {
                flagged.set(number);
            }
        }
        let mut first_copy_ms = vec![i64::MAX; registries.len()];
        for row in rows {
            let registry = row.registry as usize;
            first_copy_ms[registry] = first_copy_ms[registry].min(row.first_seen_ms);
        }

        let ids: Box<[ListingId]> = of_order().map(|row| row.id).collect();
        let registry_count = registries.len();
        let registries: Box<[u32]> = of_order().map(|row| row.registry).collect();
        let first_seen_ms: Box<[i64]> = of_order().map(|row| row.first_seen_ms).collect();
        let changed_ms: Box<[i64]> = of_order().map(|row| row.changed_ms).collect();
        let of_registries = RowLists::new(registry_count, registries.chunks(1));
        Self {
            by_id: sorted_by(&ids, |id| *id),
            by_registry: sorted_by(&registries, |registry| *registry),
            by_newest: sorted_by(&first_seen_ms, |at| std::cmp::Reverse(*at)),
            by_changed: sorted_by(&changed_ms, |at| std::cmp::Reverse(*at)),
            by_size: sizes.order(),
            ids,
            registries,
            first_seen_ms,
            changed_ms,
            withdrawn,
            flagged,
            of_registries,
            first_copy_ms: first_copy_ms.into_boxed_slice(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The row of a listing.
    pub(crate) fn row_of(&self, id: ListingId) -> Option<u32> {
        let at = self
            .by_id
            .binary_search_by(|row| self.ids[*row as usize].cmp(&id))
            .ok()?;
        Some(self.by_id[at])
    }

    /// All rows in an order; none for that of names, which is their own.
    pub(crate) fn in_order(&self, sort: Sort) -> Option<&[u32]> {
        match sort {
            Sort::Name => None,
            Sort::Registry => Some(&self.by_registry),
            Sort::Newest => Some(&self.by_newest),
            Sort::Changed => Some(&self.by_changed),
            Sort::Size => Some(&self.by_size),
        }
    }

    /// Whether a row came with the first copy of its registry: then it is not news.
    pub(crate) fn is_of_first_copy(&self, row: u32) -> bool {
        let row = row as usize;
        self.first_seen_ms[row] <= self.first_copy_ms[self.registries[row] as usize]
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let orders = [
            &self.by_id,
            &self.by_registry,
            &self.by_newest,
            &self.by_changed,
            &self.by_size,
        ];
        size_of_val(&*self.ids)
            + size_of_val(&*self.registries)
            + size_of_val(&*self.first_seen_ms)
            + size_of_val(&*self.changed_ms)
            + self.withdrawn.heap_bytes()
            + self.flagged.heap_bytes()
            + orders
                .into_iter()
                .map(|order| size_of_val(&**order))
                .sum::<usize>()
            + self.of_registries.heap_bytes()
            + size_of_val(&*self.first_copy_ms)
    }
}

/// The rows by a key of theirs, equal ones in their own order.
fn sorted_by<T, K: Ord>(column: &[T], key: impl Fn(&T) -> K) -> Box<[u32]> {
    let mut order: Vec<u32> = (0..column.len() as u32).collect();
    order.sort_by_key(|row| key(&column[*row as usize]));
    order.into_boxed_slice()
}

/// Sizes in megabytes, [`Sizes::UNKNOWN`] where there is none: of the newest entry of each row,
/// then of each of its entries.
#[derive(Debug)]
pub(crate) struct Sizes {
    starts: Box<[u32]>,
    sizes: Box<[u32]>,
}

impl Sizes {
    const UNKNOWN: u32 = u32::MAX;

    /// The size of an entry of a row, of the newest one unless told.
    pub(crate) fn of(&self, row: u32, entry: Option<usize>) -> u32 {
        let of_row = self.range(row);
        let index = entry.map_or(0, |entry| entry + 1);
        self.sizes[of_row]
            .get(index)
            .copied()
            .unwrap_or(Self::UNKNOWN)
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        size_of_val(&*self.starts) + size_of_val(&*self.sizes)
    }

    fn range(&self, row: u32) -> Range<usize> {
        self.starts[row as usize] as usize..self.starts[row as usize + 1] as usize
    }

    fn order(&self) -> Box<[u32]> {
        let newest: Vec<u32> = (0..self.starts.len() as u32 - 1)
            .map(|row| self.of(row, None))
            .collect();
        sorted_by(&newest, |size| *size)
    }
}

/// Gathers the sizes of rows in any order.
#[derive(Default)]
pub(crate) struct SizesBuilder {
    sizes: Vec<u32>,
    row_ends: Vec<usize>,
}

impl SizesBuilder {
    pub(crate) fn add_row(&mut self, sizes: impl Iterator<Item = Option<u64>>) {
        self.sizes.extend(sizes.map(|size| {
            size.map_or(Sizes::UNKNOWN, |size| {
                u32::try_from(size)
                    .unwrap_or(Sizes::UNKNOWN)
                    .min(Sizes::UNKNOWN - 1)
            })
        }));
        self.row_ends.push(self.sizes.len());
    }

    /// Makes the columns; `order` gives for each row the row in the order of arrival.
    pub(crate) fn build(self, order: &[u32]) -> Sizes {
        let mut starts = Vec::with_capacity(order.len() + 1);
        let mut sizes = Vec::with_capacity(self.sizes.len());
        starts.push(0);
        for arrival in order {
            let arrival = *arrival as usize;
            let start = arrival
                .checked_sub(1)
                .map_or(0, |before| self.row_ends[before]);
            sizes.extend_from_slice(&self.sizes[start..self.row_ends[arrival]]);
            starts.push(sizes.len() as u32);
        }
        Sizes {
            starts: starts.into_boxed_slice(),
            sizes: sizes.into_boxed_slice(),
        }
    }
}
