use model::definition::{CompatibilityEntry, Definition};
use model::version::{self, CompatibilityVersion};
use ui::Published;

use super::address;
use crate::Fingerprint;
use crate::memory::{Packed as _, packed};

/// How much of a description the catalogue keeps, characters.
const LONGEST_TEXT: usize = 300;
/// How much of it is in a tile; all of it is on the page of the listing.
const LONGEST_TEASER: usize = 80;
/// How much of a name.
const LONGEST_NAME: usize = 120;
/// Versions and channels of one listing that a visitor can choose among.
const MOST_CHOICES: usize = 50;

/// What the catalogue shows of a listing; small, because there may be thousands.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    /// The folder that it lies in.
    pub(super) folder: String,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) description: String,
    /// Address of its icon, from the root of the storefront.
    pub(super) icon: String,
    pub(super) architectures: Vec<String>,
    pub(super) categories: Vec<String>,
    pub(super) flags: usize,
    /// What it offers, the newest version first.
    pub(super) offers: Vec<Offer>,
    /// Size of what is installed where nobody chose.
    pub(super) size: Option<u64>,
}

/// What a listing offers for one version.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    pub(super) version: String,
    pub(super) size: Option<u64>,
    pub(super) channels: Vec<String>,
}

/// What is kept of a listing for the pages of the catalogue.
#[derive(Debug, Clone, Default)]
pub(crate) struct Card {
    /// Without what depends on the other listings: the names of its page and icon.
    pub(super) entry: Entry,
    /// The versions that it is made for, as they are written.
    pub(super) versions: Vec<String>,
    /// The channels that it is offered in.
    pub(super) channels: Vec<String>,
    pub(super) categories: Vec<String>,
    /// Where the template had its page.
    pub(super) template_page: Option<String>,
}

packed!(Entry {
    name,
    description,
    architectures,
    categories,
    flags,
    offers,
    size,
    folder,
    slug,
    icon,
});
packed!(Offer {
    version,
    size,
    channels,
});
packed!(Card {
    entry,
    versions,
    channels,
    categories,
    template_page,
});

impl Card {
    pub(super) fn new(definition: &Definition, published: &Published<'_>) -> Self {
        let mut versions = Vec::new();
        let mut channels: Vec<String> = Vec::new();
        for entry in &definition.compatibility {
            versions.push(entry.version.clone());
            for channel in &entry.available_tags {
                if !channels.contains(channel) {
                    channels.push(channel.clone());
                }
            }
        }
        Self {
            entry: Entry::new(definition, published),
            versions,
            channels,
            categories: definition.categories.clone(),
            template_page: address::template_page(definition),
        }
    }
}

impl Entry {
    fn new(definition: &Definition, published: &Published<'_>) -> Self {
        let description = definition.description.as_deref().unwrap_or_default();
        Self {
            name: cut(&definition.friendly_name, LONGEST_NAME),
            description: cut(description, LONGEST_TEXT),
            architectures: definition
                .architectures
                .iter()
                .take(4)
                .map(|text| cut(text, 20))
                .collect(),
            categories: definition
                .categories
                .iter()
                .take(10)
                .map(|text| cut(text, 60))
                .collect(),
            flags: published.finding_count(),
            offers: offers(&definition.compatibility),
            size: published.choice().uncompressed_size_mb,
            ..Self::default()
        }
    }

    /// What tells it apart from others and from itself at other times.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        let mut bytes = Vec::new();
        self.pack(&mut bytes);
        Fingerprint::of([bytes.as_slice()])
    }

    /// As much of the description as a tile has room for.
    pub(super) fn teaser(&self) -> String {
        cut(&self.description, LONGEST_TEASER)
    }

    /// Address of its page, from the root of the storefront.
    pub(super) fn page(&self) -> String {
        address::page_of(&self.slug)
    }

    /// Architectures and the first category.
    pub(super) fn kind(&self) -> String {
        let architectures = self.architectures.join(" ");
        match self.categories.first() {
            Some(category) if architectures.is_empty() => category.clone(),
            Some(category) => format!("{architectures} · {category}"),
            None => architectures,
        }
    }
}

/// Versions that read as such, the newest first; those that nobody can choose are left out.
fn offers(entries: &[CompatibilityEntry]) -> Vec<Offer> {
    let mut offers: Vec<Offer> = entries
        .iter()
        .filter_map(|entry| {
            let version: CompatibilityVersion = entry.version.parse().ok()?;
            Some(Offer {
                version: version.to_string(),
                size: entry.uncompressed_size_mb,
                channels: entry
                    .available_tags
                    .iter()
                    .take(MOST_CHOICES)
                    .cloned()
                    .collect(),
            })
        })
        .take(MOST_CHOICES)
        .collect();
    offers.sort_by(|left, right| version::compare(&right.version, &left.version));
    offers
}

/// One line of text, at most this long.
fn cut(text: &str, longest: usize) -> String {
    let mut words = text.split_whitespace();
    let mut line = words.next().unwrap_or_default().to_owned();
    for word in words {
        if line.len() > longest * 4 {
            break;
        }
        line.push(' ');
        line.push_str(word);
    }
    match line.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}
