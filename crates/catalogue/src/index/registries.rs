//! The registries of an index.

use std::collections::HashMap;

use model::RegistryId;

use crate::line::squeezed;

/// A registry as the store has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryRow {
    /// The registry.
    pub id: RegistryId,
    /// Its name to show.
    pub name: String,
}

/// Registries, numbered in the order of their names.
#[derive(Debug)]
pub(crate) struct Registries {
    rows: Vec<RegistryRow>,
    folded_names: Vec<String>,
    numbers: HashMap<RegistryId, u32>,
}

impl Registries {
    pub(crate) fn new(mut rows: Vec<RegistryRow>) -> Self {
        rows.sort_by(|left, right| {
            model::compare_names(&left.name, &right.name).then_with(|| left.id.cmp(&right.id))
        });
        rows.dedup_by_key(|row| row.id);
        Self {
            folded_names: rows
                .iter()
                .map(|row| squeezed(&model::fold(&row.name)))
                .collect(),
            numbers: (0..)
                .zip(&rows)
                .map(|(number, row)| (row.id, number))
                .collect(),
            rows,
        }
    }

    pub(crate) fn number_of(&self, id: RegistryId) -> Option<u32> {
        self.numbers.get(&id).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &RegistryRow> {
        self.rows.iter()
    }

    /// The registries whose name holds a folded word.
    pub(crate) fn named(&self, word: &str) -> impl Iterator<Item = u32> {
        (0..)
            .zip(&self.folded_names)
            .filter(move |(_, name)| name.contains(word))
            .map(|(number, _)| number)
    }
}
