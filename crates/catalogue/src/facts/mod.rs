//! What the index needs to know of a listing, as one text made once at a refresh.
//!
//! Lines, in this order: form, name, folded name (empty where it is the name in ASCII lower
//! case), `flagged` or nothing, categories, architectures, entries, sizes, label words,
//! description words. Items are set apart by tabs, an entry ends with one, its version and
//! channels are set apart by U+001F, words by spaces; no item holds a control character, so the text needs no quoting.

use std::borrow::Cow;

use model::definition::{CompatibilityEntry, Definition, WantedChannel, WantedVersion};

use crate::line::{cut, squeezed, words};

/// Changes with the form of the text, so that texts of another form are noticed.
const FORM: &str = "facts-1";

// A definition may be 256 kB; what nobody would read to its end is not searched to its end.
const NAME_BYTES: usize = 400;
const LABEL_BYTES: usize = 100;
const IMAGE_BYTES: usize = 400;
const DESCRIPTION_BYTES: usize = 4_000;

const CHANNEL_MARK: char = '\u{1f}';
const ENTRY_END: char = '\t';

/// What the index needs to know of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts<'a> {
    pub(crate) name: Cow<'a, str>,
    folded_name: Cow<'a, str>,
    pub(crate) flagged: bool,
    categories: Cow<'a, str>,
    architectures: Cow<'a, str>,
    pub(crate) entries: Cow<'a, str>,
    sizes: Cow<'a, str>,
    label_words: Cow<'a, str>,
    description_words: Cow<'a, str>,
}

/// Why a text is no facts of this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FactsError {
    /// Another version of the program made it; normal after an upgrade. Make it anew.
    #[error("the facts were made in another form")]
    OtherForm,
    /// Something else wrote it or cut it. Make it anew.
    #[error("the facts are damaged")]
    Damaged,
}

impl Facts<'static> {
    /// The facts of a definition; `flagged` is what the security review says.
    pub fn of(definition: &Definition, flagged: bool) -> Self {
        let name = cut(&squeezed(&definition.friendly_name), NAME_BYTES).to_owned();
        let folded_name = squeezed(&model::fold(&name));
        let categories = labels(&definition.categories);
        let newest = definition
            .choose(&WantedVersion::Any, &WantedChannel::Default, None)
            .ok();
        let newest_size = newest
            .as_ref()
            .and_then(|newest| newest.uncompressed_size_mb);

        let mut images: Vec<&str> = definition
            .compatibility
            .iter()
            .filter_map(|entry| entry.image.as_deref())
            .chain(definition.image.as_deref())
            .collect();
        images.dedup();
        let images = images.into_iter().map(|image| cut(image, IMAGE_BYTES));
        let labels_text: Vec<String> = categories
            .iter()
            .map(String::as_str)
            .chain(images)
            .map(model::fold)
            .collect();
        let label_words = distinct_words(labels_text.iter().map(String::as_str));

        let description = definition.description.as_deref().unwrap_or_default();
        let description = model::fold(cut(description, DESCRIPTION_BYTES));
        let mut description_words = distinct_words(std::iter::once(description.as_str()));
        description_words.retain(|word| label_words.binary_search(word).is_err());

        Self {
            folded_name: if folded_name == name.to_ascii_lowercase() {
                Cow::Borrowed("")
            } else {
                Cow::Owned(folded_name)
            },
            name: Cow::Owned(name),
            flagged,
            categories: joined(categories, "\t"),
            architectures: joined(labels(&definition.architectures), "\t"),
            entries: Cow::Owned(definition.compatibility.iter().map(entry_line).collect()),
            sizes: joined(
                std::iter::once(newest_size)
                    .chain(
                        definition
                            .compatibility
                            .iter()
                            .map(|entry| entry.uncompressed_size_mb),
                    )
                    .map(|size| {
                        size.map(|megabytes| megabytes.to_string())
                            .unwrap_or_default()
                    }),
                "\t",
            ),
            label_words: joined(label_words, " "),
            description_words: joined(description_words, " "),
        }
    }
}

impl<'a> Facts<'a> {
    /// Reads what [`Facts::to_text`] wrote.
    pub fn from_text(text: &'a str) -> Result<Self, FactsError> {
        let mut lines = text.split('\n');
        if lines.next() != Some(FORM) {
            return Err(FactsError::OtherForm);
        }
        let mut line = || lines.next().map(Cow::Borrowed).ok_or(FactsError::Damaged);
        let facts = Self {
            name: line()?,
            folded_name: line()?,
            flagged: match &*line()? {
                "" => false,
                "flagged" => true,
                _ => return Err(FactsError::Damaged),
            },
            categories: line()?,
            architectures: line()?,
            entries: line()?,
            sizes: line()?,
            label_words: line()?,
            description_words: line()?,
        };
        if lines.next().is_some() {
            Err(FactsError::Damaged)
        } else {
            Ok(facts)
        }
    }

    /// The facts as one text, for the store.
    pub fn to_text(&self) -> String {
        [
            FORM,
            &self.name,
            &self.folded_name,
            if self.flagged { "flagged" } else { "" },
            &self.categories,
            &self.architectures,
            &self.entries,
            &self.sizes,
            &self.label_words,
            &self.description_words,
        ]
        .join("\n")
    }

    pub(crate) fn folded_name(&self) -> Cow<'_, str> {
        if self.folded_name.is_empty() {
            Cow::Owned(self.name.to_ascii_lowercase())
        } else {
            Cow::Borrowed(&self.folded_name)
        }
    }

    pub(crate) fn categories(&self) -> impl Iterator<Item = &str> {
        items(&self.categories)
    }

    pub(crate) fn architectures(&self) -> impl Iterator<Item = &str> {
        items(&self.architectures)
    }

    /// The size of the newest entry in megabytes, then of each entry.
    pub(crate) fn sizes(&self) -> impl Iterator<Item = Option<u64>> {
        self.sizes.split('\t').map(|size| size.parse().ok())
    }

    /// Folded words of categories and images.
    pub(crate) fn label_words(&self) -> impl Iterator<Item = &[u8]> {
        spaced(&self.label_words)
    }

    /// Folded words of the description that are not among the label words.
    pub(crate) fn description_words(&self) -> impl Iterator<Item = &[u8]> {
        spaced(&self.description_words)
    }
}

/// Version and channels of each entry of [`Facts::entries`].
pub(crate) fn split_entries(
    entries: &str,
) -> impl Iterator<Item = (&str, impl Iterator<Item = &str>)> {
    entries.split_terminator(ENTRY_END).map(|entry| {
        let mut parts = entry.split(CHANNEL_MARK);
        (parts.next().unwrap_or_default(), parts)
    })
}

fn items(line: &str) -> impl Iterator<Item = &str> {
    line.split('\t').filter(|item| !item.is_empty())
}

fn spaced(line: &str) -> impl Iterator<Item = &[u8]> {
    line.as_bytes()
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty())
}

fn joined(items: impl IntoIterator<Item = impl AsRef<str>>, separator: &str) -> Cow<'static, str> {
    let mut line = String::new();
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            line.push_str(separator);
        }
        line.push_str(item.as_ref());
    }
    Cow::Owned(line)
}

fn labels(labels: &[String]) -> Vec<String> {
    labels
        .iter()
        .map(|label| cut(&squeezed(label), LABEL_BYTES).trim_end().to_owned())
        .filter(|label| !label.is_empty())
        .collect()
}

fn distinct_words<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut distinct: Vec<&str> = texts.flat_map(words).collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

fn entry_line(entry: &CompatibilityEntry) -> String {
    let mut line = plain(&entry.version);
    for channel in &entry.available_tags {
        line.push(CHANNEL_MARK);
        line.push_str(&plain(channel));
    }
    line.push(ENTRY_END);
    line
}

/// Versions and channels are compared as they are written; only what would break the lines is
/// replaced, by something that no version or channel holds.
fn plain(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

#[cfg(test)]
mod tests;
