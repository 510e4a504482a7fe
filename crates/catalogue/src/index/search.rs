//! Answers queries.

use model::definition::{WantedChannel, WantedVersion};

use super::bits::Bits;
use super::facets;
use super::filters::{Filter, Filters};
use super::query::{Hit, Page, Query, Sort};
use super::shapes::Choices;
use super::words::{IN_LABEL, RANKS, Ranked};
use super::{Index, Parts};
use crate::line::{cut, words};

// A search is typed by a person; what is longer is cut, and further words are not looked for.
const SEARCH_BYTES: usize = 400;
const SEARCH_WORDS: usize = 10;

const MOST_PER_PAGE: u32 = 200;

/// How long a listing is new, or changed.
const NEWS_MS: i64 = 14 * 24 * 60 * 60 * 1000;

impl Index {
    /// Finds listings.
    pub fn search(&self, query: &Query<'_>) -> Page {
        let parts = &self.parts;
        let choices = (query.version != WantedVersion::Any
            || query.channel != WantedChannel::Default)
            .then(|| parts.shapes.choose(&query.version, &query.channel));
        let ranked = find_words(parts, query.search);
        let filters = Filters::of(parts, query, choices.as_ref(), &ranked);
        let found = filters.all_but(query.show_unfit.then_some(Filter::Fit));

        let per_page = query.per_page.clamp(1, MOST_PER_PAGE);
        let page = query.page.max(1);
        let part = PagePart {
            skip: (page as usize - 1).saturating_mul(per_page as usize),
            take: per_page as usize,
        };
        let rows = match (query.sort, &choices) {
            (None, _) if !ranked.is_empty() => by_relevance(&found, &ranked, part),
            (Some(Sort::Size), Some(choices)) => by_size(parts, choices, &found, part),
            (sort, _) => match parts.rows.in_order(sort.unwrap_or(Sort::Name)) {
                Some(order) => part.of(order.iter().copied().filter(|row| found.has(*row))),
                None => found.page(part.skip, part.take),
            },
        };
        Page {
            hits: rows
                .into_iter()
                .map(|row| hit(parts, &filters, query, row))
                .collect(),
            total: found.count(),
            total_without_filters: parts.rows.len() - parts.rows.withdrawn.count(),
            page,
            per_page,
            facets: if filters.are_none() {
                self.unfiltered.clone()
            } else {
                facets::facets(parts, &filters)
            },
        }
    }
}

/// Which part of all rows a page shows.
#[derive(Clone, Copy)]
struct PagePart {
    skip: usize,
    take: usize,
}

impl PagePart {
    fn of(self, rows: impl Iterator<Item = u32>) -> Vec<u32> {
        rows.skip(self.skip).take(self.take).collect()
    }
}

/// The rows of each word of the search.
fn find_words(parts: &Parts, search: &str) -> Vec<Ranked> {
    let folded = model::fold(cut(search, SEARCH_BYTES));
    let mut wanted: Vec<&str> = Vec::new();
    for word in words(&folded) {
        if !wanted.contains(&word) && wanted.len() < SEARCH_WORDS {
            wanted.push(word);
        }
    }
    wanted
        .into_iter()
        .map(|word| {
            let mut ranked = parts.words.find(word);
            for registry in parts.registries.named(word) {
                for row in parts.rows.of_registry(registry) {
                    ranked[IN_LABEL].set(*row);
                }
            }
            ranked
        })
        .collect()
}

/// Best first: the word that is found worst decides, then all of them, then the name.
fn by_relevance(found: &Bits, ranked: &[Ranked], part: PagePart) -> Vec<u32> {
    // Few distinct scores stand over many rows, and rows are in the order of names already:
    // counting the rows of each score is all the sorting there is.
    let most = ranked.len() * (RANKS - 1);
    let scored: Vec<(u32, u16)> = found
        .iter()
        .map(|row| {
            let (mut worst, mut sum) = (0, 0);
            for of_word in ranked {
                let rank = of_word
                    .iter()
                    .position(|rows| rows.has(row))
                    .unwrap_or(RANKS - 1);
                worst = worst.max(rank);
                sum += rank;
            }
            (row, (worst * (most + 1) + sum) as u16)
        })
        .collect();
    let mut counts = vec![0_usize; RANKS * (most + 1)];
    for (_, score) in &scored {
        counts[*score as usize] += 1;
    }
    let mut rows = Vec::with_capacity(part.take);
    let mut before = 0;
    for (score, count) in counts.into_iter().enumerate() {
        if rows.len() == part.take {
            break;
        }
        if count > 0 && before + count > part.skip {
            let of_score = scored.iter().filter(|(_, one)| *one as usize == score);
            let rest = PagePart {
                skip: part.skip.saturating_sub(before),
                take: part.take - rows.len(),
            };
            rows.extend(rest.of(of_score.map(|(row, _)| *row)));
        }
        before += count;
    }
    rows
}

/// Smallest first by the entries chosen.
fn by_size(parts: &Parts, choices: &Choices<'_>, found: &Bits, part: PagePart) -> Vec<u32> {
    let mut sized: Vec<(u32, u32)> = found
        .iter()
        .map(|row| (parts.sizes.of(row, choices.of_row(row).ok().flatten()), row))
        .collect();
    let end = part.skip.saturating_add(part.take);
    if end < sized.len() {
        sized.select_nth_unstable(end);
        sized.truncate(end);
    }
    sized.sort_unstable();
    part.of(sized.into_iter().map(|(_, row)| row))
}

fn hit(parts: &Parts, filters: &Filters, query: &Query<'_>, row: u32) -> Hit {
    let rows = &parts.rows;
    let index = row as usize;
    let (first_seen_ms, changed_ms) = (rows.first_seen_ms[index], rows.changed_ms[index]);
    let is_recent = |at_ms: i64| query.now_ms.saturating_sub(at_ms) < NEWS_MS;
    Hit {
        id: rows.ids[index],
        is_new: is_recent(first_seen_ms) && !rows.is_of_first_copy(row),
        is_changed: changed_ms > first_seen_ms && is_recent(changed_ms),
        withdrawn: rows.withdrawn.has(row),
        unfit: filters.why_unfit(row),
    }
}
