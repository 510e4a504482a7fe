//! The search index: all listings of all registries in memory.
//!
//! It is built from the store whenever listings change and never changed itself, so a server
//! builds the next one beside it and swaps. Rows are numbered in the order of names; every
//! filter is a set of row numbers, and a query is a few intersections of such sets.

mod bits;
mod build;
mod facets;
mod filters;
mod labels;
mod query;
mod registries;
mod relevance;
mod row_lists;
mod rows;
mod search;
mod shapes;
mod words;

use labels::Labels;
use registries::Registries;
use rows::{Rows, Sizes};
use shapes::Shapes;
use words::Words;

pub use build::{IndexBuilder, ListingRow, RowError};
pub use query::{
    Facets, Hit, InstalledFilter, LabelCount, Page, Query, RegistryCount, Sort, Unfit,
};
pub use registries::RegistryRow;

/// The search index.
#[derive(Debug)]
pub struct Index {
    parts: Parts,
    /// The answer for a query without any filter, which every visitor begins with.
    unfiltered: Facets,
}

#[derive(Debug)]
struct Parts {
    registries: Registries,
    rows: Rows,
    words: Words,
    categories: Labels,
    architectures: Labels,
    shapes: Shapes,
    sizes: Sizes,
}

impl Index {
    /// How many listings it holds, withdrawn ones included.
    pub fn len(&self) -> usize {
        self.parts.rows.len()
    }

    /// Whether it holds no listing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that it takes, roughly; for the log and for measuring.
    pub fn heap_bytes(&self) -> usize {
        let Parts {
            registries: _,
            rows,
            words,
            categories,
            architectures,
            shapes,
            sizes,
        } = &self.parts;
        rows.heap_bytes()
            + words.heap_bytes()
            + categories.heap_bytes()
            + architectures.heap_bytes()
            + shapes.heap_bytes()
            + sizes.heap_bytes()
    }

    fn new(parts: Parts) -> Self {
        let unfiltered = facets::unfiltered(&parts);
        Self { parts, unfiltered }
    }
}

#[cfg(test)]
mod tests;
