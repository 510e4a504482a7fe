//! Gathers the rows of an index.

use std::cmp::Ordering;

use model::{ListingId, RegistryId};

use super::labels::LabelsBuilder;
use super::registries::{Registries, RegistryRow};
use super::rows::Rows;
use super::shapes::ShapesBuilder;
use super::words::{Place, WordsBuilder};
use super::{Index, rows};
use crate::facts::{Facts, FactsError};
use crate::line::words;

/// A listing as the store streams it.
#[derive(Debug, Clone, Copy)]
pub struct ListingRow<'a> {
    /// The listing.
    pub id: ListingId,
    /// Its registry.
    pub registry: RegistryId,
    /// Its facts, as [`Facts::to_text`] wrote them.
    pub facts: &'a str,
    /// When its registry first offered it, in milliseconds since 1970.
    pub first_seen_ms: i64,
    /// When its definition last changed, in milliseconds since 1970.
    pub changed_ms: i64,
    /// Its registry no longer offers it.
    pub withdrawn: bool,
}

/// Why a row was left out of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// Its facts cannot be used; make them anew from the listing's JSON.
    #[error(transparent)]
    Facts(#[from] FactsError),
    /// Its registry is not among those given; normal when it was removed meanwhile.
    #[error("the registry of the listing is unknown")]
    UnknownRegistry,
}

/// Gathers rows in any order and makes an [`Index`] of them.
pub struct IndexBuilder {
    registries: Registries,
    names: Names,
    words: WordsBuilder,
    categories: LabelsBuilder,
    architectures: LabelsBuilder,
    shapes: ShapesBuilder,
    sizes: rows::SizesBuilder,
    rows: Vec<rows::Row>,
}

impl IndexBuilder {
    /// Begins an index over these registries.
    pub fn new(registries: Vec<RegistryRow>) -> Self {
        Self {
            registries: Registries::new(registries),
            names: Names::default(),
            words: WordsBuilder::new(),
            categories: LabelsBuilder::default(),
            architectures: LabelsBuilder::default(),
            shapes: ShapesBuilder::default(),
            sizes: rows::SizesBuilder::default(),
            rows: Vec::new(),
        }
    }

    /// Adds a listing; after an error it is left out and the rest goes on.
    pub fn push(&mut self, row: &ListingRow<'_>) -> Result<(), RowError> {
        let facts = Facts::from_text(row.facts)?;
        let registry = self
            .registries
            .number_of(row.registry)
            .ok_or(RowError::UnknownRegistry)?;
        self.rows.push(rows::Row {
            id: row.id,
            registry,
            first_seen_ms: row.first_seen_ms,
            changed_ms: row.changed_ms,
            withdrawn: row.withdrawn,
            flagged: facts.flagged,
        });
        self.names.add(&facts.name);
        self.categories.add_row(facts.categories());
        self.architectures.add_row(facts.architectures());
        self.shapes.add_row(&facts.entries);
        self.sizes.add_row(facts.sizes());

        let mut place = Place::NameStart;
        for word in words(&facts.folded_name()) {
            self.words.add(word.as_bytes(), place);
            place = Place::Name;
        }
        for word in facts.label_words() {
            self.words.add(word, Place::Label);
        }
        for word in facts.description_words() {
            self.words.add(word, Place::Description);
        }
        self.words.end_row();
        Ok(())
    }

    /// Makes the index.
    pub fn build(self) -> Index {
        // Rows are numbered in the order of names, so that a set of rows is in order as it is.
        let mut order: Vec<u32> = (0..self.rows.len() as u32).collect();
        // Collation costs most of the sorting, so it gets what is nearly in its order already.
        order.sort_unstable_by(|left, right| self.names.compare_roughly(*left, *right));
        order.sort_by(|left, right| {
            let id = |row: &u32| self.rows[*row as usize].id;
            self.names
                .compare(*left, *right)
                .then_with(|| id(left).cmp(&id(right)))
        });
        drop(self.names);
        let words = self.words.build(&order);
        let categories = self.categories.build(&order);
        let architectures = self.architectures.build(&order);
        let shapes = self.shapes.build(&order);
        let sizes = self.sizes.build(&order);
        let rows = Rows::new(&self.rows, &order, &self.registries, &sizes);
        Index::new(super::Parts {
            registries: self.registries,
            rows,
            words,
            categories,
            architectures,
            shapes,
            sizes,
        })
    }
}

/// Names in the order of arrival, one behind the other.
#[derive(Default)]
struct Names {
    text: String,
    ends: Vec<usize>,
}

impl Names {
    fn add(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len());
    }

    fn of(&self, row: u32) -> &str {
        let row = row as usize;
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[row]]
    }

    /// Close to [`Names::compare`] for names of letters, digits and spaces.
    fn compare_roughly(&self, left: u32, right: u32) -> Ordering {
        let lower = |row| self.of(row).bytes().map(|byte| byte.to_ascii_lowercase());
        lower(left).cmp(lower(right))
    }

    fn compare(&self, left: u32, right: u32) -> Ordering {
        model::compare_names(self.of(left), self.of(right))
    }
}
