//! Versions and channels of listings, each distinct set of them once.
//!
//! Registries repeat few sets of versions and channels over many listings, so a wanted version
//! is tried on each set, by the model's own rule, and not on each listing.

use std::collections::HashMap;

use model::SchemaForm;
use model::definition::{CompatibilityEntry, Definition, NoFit, WantedChannel, WantedVersion};

use super::query::Unfit;
use crate::facts::split_entries;

/// The sets and which row has which.
#[derive(Debug)]
pub(crate) struct Shapes {
    shapes: Vec<Box<str>>,
    of_rows: Box<[u32]>,
}

/// For each set the entry chosen, or why there is none. No entry is chosen where there are none
/// and none is needed.
pub(crate) struct Choices<'a> {
    shapes: &'a Shapes,
    choices: Vec<Result<Option<usize>, Unfit>>,
}

impl Shapes {
    /// Chooses by version and channel.
    pub(crate) fn choose(&self, version: &WantedVersion, channel: &WantedChannel) -> Choices<'_> {
        let choices = self
            .shapes
            .iter()
            .map(
                |shape| match definition_of(shape).choose(version, channel, None) {
                    Ok(choice) => Ok(choice.uncompressed_size_mb.map(|entry| entry as usize)),
                    Err(NoFit::Version) => Err(Unfit::Version),
                    Err(NoFit::Channel) => Err(Unfit::Channel),
                },
            )
            .collect();
        Choices {
            shapes: self,
            choices,
        }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        self.shapes
            .iter()
            .map(|shape| 16 + shape.len())
            .sum::<usize>()
            + size_of_val(&*self.of_rows)
    }
}

impl Choices<'_> {
    pub(crate) fn of_row(&self, row: u32) -> Result<Option<usize>, Unfit> {
        self.choices[self.shapes.of_rows[row as usize] as usize]
    }
}

/// Gathers the sets of rows in any order.
#[derive(Default)]
pub(crate) struct ShapesBuilder {
    numbers: HashMap<Box<str>, u32>,
    of_rows: Vec<u32>,
}

impl ShapesBuilder {
    /// Adds a row with these entries, as facts write them.
    pub(crate) fn add_row(&mut self, entries: &str) {
        let next = self.numbers.len() as u32;
        let number = match self.numbers.get(entries) {
            Some(number) => *number,
            None => *self.numbers.entry(entries.into()).or_insert(next),
        };
        self.of_rows.push(number);
    }

    /// Makes the index; `order` gives for each row of it the row in the order of arrival.
    pub(crate) fn build(self, order: &[u32]) -> Shapes {
        let mut shapes: Vec<(Box<str>, u32)> = self.numbers.into_iter().collect();
        shapes.sort_unstable_by_key(|(_, number)| *number);
        Shapes {
            shapes: shapes.into_iter().map(|(shape, _)| shape).collect(),
            of_rows: order
                .iter()
                .map(|arrival| self.of_rows[*arrival as usize])
                .collect(),
        }
    }
}

/// A definition that has nothing but these entries, each with its number for a size, so that
/// the choice tells which one it is.
fn definition_of(shape: &str) -> Definition {
    Definition {
        friendly_name: String::new(),
        description: None,
        notes: None,
        image_src: None,
        architectures: Vec::new(),
        categories: Vec::new(),
        docker_registry: None,
        form: SchemaForm::V1_1,
        compatibility: (0..)
            .zip(split_entries(shape))
            .map(|(number, (version, channels))| CompatibilityEntry {
                version: version.to_owned(),
                image: None,
                uncompressed_size_mb: Some(number),
                available_tags: channels.map(str::to_owned).collect(),
            })
            .collect(),
        image: None,
        uncompressed_size_mb: None,
        cores: None,
        memory_mb: None,
        gpu_count: None,
        cpu_allocation_method: None,
        run_config: None,
        exec_config: None,
        volume_mappings: None,
        persistent_profile_path: None,
        sha: None,
    }
}
