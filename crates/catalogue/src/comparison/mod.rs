//! What changes where one copy of a registry's list takes the place of another.
//!
//! Listings are told by what servers tell them by ([`identity`](crate::identity)), names first, so that a renamed one is
//! a changed one here too. Texts are those of the lists: of strangers, and to be shown as such.

mod fields;
mod partners;

use model::list::{ListDocument, ListEntry};
use review::{Finding, review};

use fields::{changed_fields, changed_header};
use partners::partners;

/// How one list differs from another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What the registry says about itself.
    pub registry: Vec<FieldChange>,
    /// Listings that are new, in the order of the list.
    pub added: Vec<AddedListing>,
    /// Listings that say something else than before, in the order of the list.
    pub changed: Vec<ChangedListing>,
    /// The names of listings that are gone, in the order of the former list.
    pub removed: Vec<String>,
    /// How many listings are the same.
    pub unchanged: usize,
}

/// A new listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedListing {
    /// Its name.
    pub name: String,
    /// What deserves a look before it is installed.
    pub findings: Vec<Finding>,
}

/// A listing that says something else than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedListing {
    /// Its name now.
    pub name: String,
    /// Its parts that changed, in the order in which they stand; none where only files beside it did.
    pub fields: Vec<FieldChange>,
    /// What deserves a look and was not there before, or had another value.
    pub wider: Vec<Finding>,
}

/// A part of a JSON text that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Where it stands: `run_config.user`, `compatibility[1.17.x].image`.
    pub path: String,
    /// Its JSON before; none if it was not there.
    pub before: Option<String>,
    /// Its JSON now; none if it is gone.
    pub after: Option<String>,
}

impl Comparison {
    /// Compares a list with the one whose place it takes; without such a one all of it is new.
    pub fn of(before: Option<&ListDocument>, after: &ListDocument) -> Self {
        let Some(before) = before else {
            return Self {
                added: after.entries.iter().map(AddedListing::of).collect(),
                ..Self::default()
            };
        };
        let mut comparison = Self {
            registry: changed_header(before, after),
            ..Self::default()
        };
        let partners = partners(&before.entries, &after.entries);
        for (entry, partner) in after.entries.iter().zip(&partners) {
            match partner.map(|place| &before.entries[place]) {
                None => comparison.added.push(AddedListing::of(entry)),
                Some(former) if former.json == entry.json => comparison.unchanged += 1,
                Some(former) => comparison.changed.push(ChangedListing::of(former, entry)),
            }
        }
        let mut stays = vec![false; before.entries.len()];
        for place in partners.into_iter().flatten() {
            stays[place] = true;
        }
        let gone = before.entries.iter().zip(stays).filter(|(_, stays)| !stays);
        comparison.removed = gone.map(|(entry, _)| name_of(entry)).collect();
        comparison
    }

    /// Compares a list that is gone with nothing.
    pub fn of_removed(before: &ListDocument) -> Self {
        Self {
            removed: before.entries.iter().map(name_of).collect(),
            ..Self::default()
        }
    }

    /// Whether both say the same.
    pub fn is_empty(&self) -> bool {
        self.registry.is_empty()
            && self.added.is_empty()
            && self.changed.is_empty()
            && self.removed.is_empty()
    }

    /// How many listings deserve a look that they did not deserve before.
    pub fn wider(&self) -> usize {
        let added = self.added.iter().filter(|added| !added.findings.is_empty());
        let changed = self.changed.iter().filter(|now| !now.wider.is_empty());
        added.count() + changed.count()
    }
}

impl AddedListing {
    fn of(entry: &ListEntry) -> Self {
        Self {
            name: name_of(entry),
            findings: review(&entry.definition),
        }
    }
}

impl ChangedListing {
    fn of(before: &ListEntry, after: &ListEntry) -> Self {
        let mut known = review(&before.definition);
        let mut wider = review(&after.definition);
        // One by one, for one property may be found twice.
        wider.retain(
            |finding| match known.iter().position(|known| known == finding) {
                Some(place) => {
                    known.swap_remove(place);
                    false
                }
                None => true,
            },
        );
        Self {
            name: name_of(after),
            fields: changed_fields(&before.json, &after.json),
            wider,
        }
    }
}

fn name_of(entry: &ListEntry) -> String {
    entry.definition.friendly_name.clone()
}

#[cfg(test)]
mod tests;
