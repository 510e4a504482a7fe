//! Answers queries.

use model::ListingId;
use model::definition::{WantedChannel, WantedVersion};

use super::bits::Bits;
use super::facets;
use super::filters::{Filter, Filters};
use super::query::{Hit, Page, Query, Sort};
use super::relevance::Relevance;
use super::shapes::Choices;
use super::{Index, Parts};

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
        let relevance = Relevance::of(parts, query.search);
        let filters = Filters::of(parts, query, choices.as_ref(), relevance.as_ref());
        let found = filters.all_but(query.show_unfit.then_some(Filter::Fit));

        let per_page = query.per_page.clamp(1, MOST_PER_PAGE);
        let page = query.page.max(1);
        let part = PagePart {
            skip: (page as usize - 1).saturating_mul(per_page as usize),
            take: per_page as usize,
        };
        let rows = match (query.sort, &relevance, &choices) {
            (None, Some(relevance), _) => relevance.page(&found, part.skip, part.take),
            (Some(Sort::Size), _, Some(choices)) => by_size(parts, choices, &found, part),
            (sort, _, _) => match parts.rows.in_order(sort.unwrap_or(Sort::Name)) {
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

    /// Finds one listing, withdrawn or not, with the marks it would have on a page.
    pub fn find(&self, id: ListingId, now_ms: i64) -> Option<Hit> {
        let row = self.parts.rows.row_of(id)?;
        let query = Query {
            now_ms,
            ..Query::default()
        };
        let filters = Filters::of(&self.parts, &query, None, None);
        Some(hit(&self.parts, &filters, &query, row))
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
