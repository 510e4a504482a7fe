//! Categories and architectures: few values, several a row.

use std::collections::HashMap;

use super::bits::Bits;
use super::row_lists::RowLists;
use crate::line::squeezed;

/// The labels of all rows. Spellings that fold alike are one label.
#[derive(Debug)]
pub(crate) struct Labels {
    numbers: HashMap<String, u32>,
    names: Vec<String>,
    rows: RowLists,
    rows_without: Bits,
}

impl Labels {
    /// The number of a label, however it is spelt.
    pub(crate) fn number_of(&self, label: &str) -> Option<u32> {
        self.numbers.get(&key_of(label)).copied()
    }

    /// The most frequent spelling of a label.
    pub(crate) fn name(&self, number: u32) -> &str {
        &self.names[number as usize]
    }

    /// The rows that have each label.
    pub(crate) fn rows(&self) -> &RowLists {
        &self.rows
    }

    /// The rows that have none.
    pub(crate) fn rows_without(&self) -> &Bits {
        &self.rows_without
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let texts: usize = self.names.iter().map(|name| 2 * name.len() + 96).sum();
        texts + self.rows.heap_bytes() + self.rows_without.heap_bytes()
    }
}

/// Gathers the labels of rows in any order.
#[derive(Default)]
pub(crate) struct LabelsBuilder {
    numbers: HashMap<String, u32>,
    spellings: HashMap<String, Spelling>,
    of_rows: Vec<u32>,
    row_ends: Vec<usize>,
}

struct Spelling {
    label: u32,
    count: u32,
}

impl LabelsBuilder {
    /// Adds a row with these labels.
    pub(crate) fn add_row<'a>(&mut self, labels: impl Iterator<Item = &'a str>) {
        let start = self.of_rows.len();
        for label in labels {
            let number = self.number_of(label);
            if !self.of_rows[start..].contains(&number) {
                self.of_rows.push(number);
            }
        }
        self.row_ends.push(self.of_rows.len());
    }

    /// Makes the index; `order` gives for each row of it the row in the order of arrival.
    pub(crate) fn build(self, order: &[u32]) -> Labels {
        let mut names = vec![(0, ""); self.numbers.len()];
        for (text, spelling) in &self.spellings {
            let (count, name) = &mut names[spelling.label as usize];
            // Among equally frequent ones the first by bytes, so that the map's order is not seen.
            if spelling.count > *count || (spelling.count == *count && text.as_str() < *name) {
                (*count, *name) = (spelling.count, text);
            }
        }
        let names: Vec<String> = names.into_iter().map(|(_, name)| name.to_owned()).collect();
        let of_rows = order.iter().map(|arrival| {
            let arrival = *arrival as usize;
            let start = arrival
                .checked_sub(1)
                .map_or(0, |before| self.row_ends[before]);
            &self.of_rows[start..self.row_ends[arrival]]
        });
        let mut rows_without = Bits::none(order.len());
        for (row, of_row) in (0..).zip(of_rows.clone()) {
            if of_row.is_empty() {
                rows_without.set(row);
            }
        }
        Labels {
            rows: RowLists::new(names.len(), of_rows),
            numbers: self.numbers,
            names,
            rows_without,
        }
    }

    fn number_of(&mut self, text: &str) -> u32 {
        if let Some(spelling) = self.spellings.get_mut(text) {
            spelling.count += 1;
            return spelling.label;
        }
        let next = self.numbers.len() as u32;
        let label = *self.numbers.entry(key_of(text)).or_insert(next);
        self.spellings
            .insert(text.to_owned(), Spelling { label, count: 1 });
        label
    }
}

fn key_of(label: &str) -> String {
    squeezed(&model::fold(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_label_are_one() {
        let mut builder = LabelsBuilder::default();
        builder.add_row(["browser", "Office"].into_iter());
        builder.add_row(["Browser"].into_iter());
        builder.add_row(["BROWSER", "Browser"].into_iter());
        builder.add_row([].into_iter());
        let labels = builder.build(&[3, 0, 1, 2]);
        let browser = labels.number_of("ＢＲＯＷＳＥＲ ").expect("it is there");
        assert_eq!(labels.name(browser), "Browser");
        assert_eq!(labels.number_of("games"), None);
        let rows = labels.rows();
        assert_eq!(rows.with([browser]).iter().collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(rows.count(&Bits::all(4)).nth(browser as usize), Some(3));
        assert_eq!(labels.rows_without().iter().collect::<Vec<_>>(), [0]);
    }
}
