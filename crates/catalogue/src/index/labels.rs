//! Categories and architectures: few values, several a row.

use std::collections::HashMap;

use super::bits::Bits;
use crate::line::squeezed;

/// The labels of all rows. Spellings that fold alike are one label.
#[derive(Debug)]
pub(crate) struct Labels {
    numbers: HashMap<String, u32>,
    names: Vec<String>,
    row_starts: Box<[u32]>,
    of_rows: Box<[u32]>,
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

    /// The labels of a row.
    pub(crate) fn of_row(&self, row: u32) -> &[u32] {
        let row = row as usize;
        &self.of_rows[self.row_starts[row] as usize..self.row_starts[row + 1] as usize]
    }

    /// The rows that have one of these labels.
    pub(crate) fn rows_with(&self, wanted: &[u32]) -> Bits {
        let rows = self.row_starts.len() - 1;
        let mut bits = Bits::none(rows);
        if wanted.is_empty() {
            return bits;
        }
        for row in 0..rows as u32 {
            if self.of_row(row).iter().any(|label| wanted.contains(label)) {
                bits.set(row);
            }
        }
        bits
    }

    /// The rows that have none.
    pub(crate) fn rows_without(&self) -> Bits {
        let rows = self.row_starts.len() - 1;
        let mut bits = Bits::none(rows);
        for row in 0..rows as u32 {
            if self.of_row(row).is_empty() {
                bits.set(row);
            }
        }
        bits
    }

    /// How many of `rows` have each label, by its number.
    pub(crate) fn count(&self, rows: &Bits) -> Vec<u32> {
        let mut counts = vec![0; self.names.len()];
        for row in rows.iter() {
            for label in self.of_row(row) {
                counts[*label as usize] += 1;
            }
        }
        counts
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let texts: usize = self.names.iter().map(|name| 2 * name.len() + 96).sum();
        texts + size_of_val(&*self.row_starts) + size_of_val(&*self.of_rows)
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
        let names = names.into_iter().map(|(_, name)| name.to_owned()).collect();
        let mut row_starts = Vec::with_capacity(order.len() + 1);
        let mut of_rows = Vec::with_capacity(self.of_rows.len());
        row_starts.push(0);
        for arrival in order {
            let arrival = *arrival as usize;
            let start = arrival
                .checked_sub(1)
                .map_or(0, |before| self.row_ends[before]);
            of_rows.extend_from_slice(&self.of_rows[start..self.row_ends[arrival]]);
            row_starts.push(of_rows.len() as u32);
        }
        Labels {
            numbers: self.numbers,
            names,
            row_starts: row_starts.into_boxed_slice(),
            of_rows: of_rows.into_boxed_slice(),
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
        assert_eq!(
            labels.rows_with(&[browser]).iter().collect::<Vec<_>>(),
            [1, 2, 3]
        );
        assert_eq!(labels.count(&Bits::all(4))[browser as usize], 3);
        assert_eq!(labels.of_row(3), [browser]);
    }
}
