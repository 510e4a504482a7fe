//! Answers compared with those of a plain scan over generated listings.

mod generate;

use std::collections::{BTreeMap, BTreeSet};

use model::definition::{Definition, NoFit};

use super::*;
use crate::line::words;
use crate::testing::Numbers;
use generate::{Asked, listings};

/// The scan's view of one listing.
struct Scanned {
    definition: Definition,
    listing: Listing,
    installed: bool,
    /// Folded words of the name, of what labels it, and of the description.
    name: Vec<String>,
    labels: Vec<String>,
    description: Vec<String>,
    categories: Vec<String>,
}

/// The filters by name, so that one can be left out.
const FILTERS: [&str; 7] = [
    "search",
    "category",
    "registry",
    "architecture",
    "installed",
    "flagged",
    "fit",
];

impl Scanned {
    fn new(listing: Listing, installed: bool) -> Self {
        let definition = definition(&listing.json);
        let images = definition
            .compatibility
            .iter()
            .filter_map(|entry| entry.image.as_deref());
        let labels = definition
            .categories
            .iter()
            .map(String::as_str)
            .chain(images);
        let labels = labels
            .chain([REGISTRIES[listing.registry as usize]])
            .flat_map(folded_words);
        let labels = labels.collect();
        Self {
            name: folded_words(&definition.friendly_name),
            labels,
            description: definition
                .description
                .as_deref()
                .map_or_else(Vec::new, folded_words),
            categories: definition
                .categories
                .iter()
                .map(|one| model::fold(one))
                .collect(),
            definition,
            listing,
            installed,
        }
    }

    fn passes(&self, filter: &str, asked: &Asked) -> bool {
        match filter {
            "search" => self.score(&asked.search).is_some(),
            "category" => asked.category.is_none_or(|category| {
                let wanted = model::fold(category);
                self.definition
                    .categories
                    .iter()
                    .any(|one| model::fold(one) == wanted)
            }),
            "registry" => asked
                .registry
                .is_none_or(|registry| registry == self.listing.registry),
            "architecture" => asked.architecture.is_none_or(|architecture| {
                self.definition
                    .architectures
                    .iter()
                    .any(|one| one == architecture)
            }),
            "installed" => match asked.installed {
                Some(true) => self.installed,
                Some(false) => !self.installed && !self.listing.withdrawn,
                None => !self.listing.withdrawn,
            },
            "flagged" => asked
                .flagged
                .is_none_or(|flagged| flagged == self.listing.flagged),
            "fit" => self.unfit(asked).is_none(),
            _ => unreachable!("no other filter"),
        }
    }

    fn passes_all_but(&self, left_out: &str, asked: &Asked) -> bool {
        FILTERS
            .iter()
            .all(|filter| *filter == left_out || self.passes(filter, asked))
    }

    fn unfit(&self, asked: &Asked) -> Option<Unfit> {
        match self.definition.choose(&asked.version, &asked.channel, None) {
            Err(NoFit::Version) => return Some(Unfit::Version),
            Err(NoFit::Channel) => return Some(Unfit::Channel),
            Ok(_) => {}
        }
        let named = &self.definition.architectures;
        let foreign = !asked.agent_architectures.is_empty()
            && !named.is_empty()
            && !named
                .iter()
                .any(|one| asked.agent_architectures.contains(one));
        foreign.then_some(Unfit::Architecture)
    }

    /// The worst and the best rank of the words of a search.
    fn score(&self, search: &str) -> Option<(usize, usize)> {
        let folded = model::fold(search);
        let ranks: Option<Vec<usize>> = words(&folded).map(|word| self.rank(word)).collect();
        let ranks = ranks?;
        Some((
            ranks.iter().copied().max().unwrap_or(0),
            ranks.iter().copied().min().unwrap_or(0),
        ))
    }

    fn rank(&self, wanted: &str) -> Option<usize> {
        let inside = |words: &[String]| words.iter().any(|word| word.contains(wanted));
        let begins_part = |word: &String| {
            word.match_indices(wanted).any(|(at, _)| {
                word[..at]
                    .chars()
                    .next_back()
                    .is_none_or(|sign| sign.is_ascii_punctuation())
            })
        };
        let places = [
            self.name[0].starts_with(wanted),
            self.name.iter().any(begins_part),
            inside(&self.name),
            inside(&self.labels),
            inside(&self.description),
        ];
        places.into_iter().position(|found| found)
    }

    /// What rows are sorted by before name and id.
    fn sort_key(&self, asked: &Asked) -> (i64, i64) {
        let registry_order = [1, 0, 2];
        match asked.sort {
            None => {
                let (worst, best) = self
                    .score(&asked.search)
                    .expect("only what was found is sorted");
                (worst as i64, best as i64)
            }
            Some(Sort::Name) => (0, 0),
            Some(Sort::Registry) => (registry_order[self.listing.registry as usize], 0),
            Some(Sort::Newest) => (-self.listing.first_seen_ms, 0),
            Some(Sort::Changed) => (-self.listing.changed_ms, 0),
            Some(Sort::Size) => {
                let choice = self.definition.choose(&asked.version, &asked.channel, None);
                let size = choice.ok().and_then(|choice| choice.uncompressed_size_mb);
                (size.map_or(i64::MAX, |size| size as i64), 0)
            }
        }
    }
}

fn folded_words(text: &str) -> Vec<String> {
    words(&model::fold(text)).map(str::to_owned).collect()
}

fn count_labels<'a>(labels: impl Iterator<Item = &'a String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for label in labels {
        *counts.entry(model::fold(label)).or_default() += 1;
    }
    counts
}

fn folded(counts: &[LabelCount]) -> BTreeMap<String, usize> {
    counts
        .iter()
        .map(|one| (model::fold(&one.label), one.count))
        .collect()
}

#[test]
fn answers_are_those_of_a_plain_scan() {
    let mut numbers = Numbers::from_seed(3);
    // From no set at all to several words of bits a set.
    for count in [0, 1, 40, 300] {
        let listings = listings(&mut numbers, count);
        let index = index_of(&listings);
        let scanned: Vec<Scanned> = listings
            .into_iter()
            .map(|listing| Scanned::new(listing, numbers.below(5) == 0))
            .collect();
        let installed: Vec<_> = (0..)
            .zip(&scanned)
            .filter(|(_, one)| one.installed)
            .map(|(place, _)| listing_id(place))
            .collect();
        for _ in 0..100 {
            compare(&index, &scanned, &installed, &Asked::any(&mut numbers));
        }
    }
}

fn compare(index: &Index, scanned: &[Scanned], installed: &[model::ListingId], asked: &Asked) {
    let page = index.search(&Query {
        search: &asked.search,
        category: asked.category,
        registry: asked.registry.map(registry_id),
        architecture: asked.architecture,
        version: asked.version,
        channel: asked.channel.clone(),
        agent_architectures: &asked.agent_architectures,
        installed: match asked.installed {
            None => InstalledFilter::Any,
            Some(true) => InstalledFilter::Only(installed),
            Some(false) => InstalledFilter::Without(installed),
        },
        flagged: asked.flagged,
        sort: asked.sort,
        per_page: 200,
        ..Query::default()
    });

    let mut expected: Vec<usize> = (0..scanned.len())
        .filter(|place| scanned[*place].passes_all_but("", asked))
        .collect();
    assert_eq!(page.total, expected.len());
    expected.sort_by(|left, right| {
        let (one, other) = (&scanned[*left], &scanned[*right]);
        let names = (
            &one.definition.friendly_name,
            &other.definition.friendly_name,
        );
        one.sort_key(asked)
            .cmp(&other.sort_key(asked))
            .then_with(|| model::compare_names(names.0, names.1))
            .then(left.cmp(right))
    });
    expected.truncate(200);
    let found: Vec<usize> = places(&page)
        .into_iter()
        .map(|place| place as usize)
        .collect();
    assert_eq!(found, expected, "{} {:?}", asked.search, asked.sort);

    let left_by = |filter: &'static str| {
        scanned
            .iter()
            .filter(move |one| one.passes_all_but(filter, asked))
    };
    let facets = &page.facets;
    // A listing that names a category in two spellings has it once.
    let categories =
        left_by("category").flat_map(|one| one.categories.iter().collect::<BTreeSet<_>>());
    assert_eq!(folded(&facets.category), count_labels(categories));
    let architectures = left_by("architecture").flat_map(|one| &one.definition.architectures);
    assert_eq!(folded(&facets.architecture), count_labels(architectures));
    for (number, name) in (0..).zip(REGISTRIES) {
        let count = left_by("registry")
            .filter(|one| one.listing.registry == number)
            .count();
        let told = facets
            .registry
            .iter()
            .find(|one| one.id == registry_id(number));
        assert_eq!(told.map_or(0, |one| one.count), count, "{name}");
    }
    let flagged = left_by("flagged").filter(|one| one.listing.flagged).count();
    assert_eq!(facets.flagged, flagged);
    assert_eq!(facets.unflagged, left_by("flagged").count() - flagged);
    for reason in Unfit::ALL {
        let count = left_by("fit")
            .filter(|one| one.unfit(asked) == Some(reason))
            .count();
        let told = facets.unfit.iter().find(|(told, _)| *told == reason);
        assert_eq!(told.map_or(0, |(_, count)| *count), count, "{reason:?}");
    }
}
