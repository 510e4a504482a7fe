//! A query's filters as sets of rows.

use super::Parts;
use super::bits::Bits;
use super::labels::Labels;
use super::query::{InstalledFilter, Query, Unfit};
use super::relevance::Relevance;
use super::shapes::Choices;

/// A filter that can be left out of an intersection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    Category,
    Registry,
    Architecture,
    Flagged,
    Fit,
}

/// The rows that each filter leaves; none where it leaves all.
pub(super) struct Filters {
    on_offer: Bits,
    search: Option<Bits>,
    category: Option<Bits>,
    registry: Option<Bits>,
    architecture: Option<Bits>,
    installed: Option<Bits>,
    flagged: Option<Bits>,
    fit: Option<Fit>,
}

/// What fits and, in the order of [`Unfit::ALL`], what does not.
struct Fit {
    fits: Bits,
    unfit: [Bits; Unfit::ALL.len()],
}

impl Filters {
    /// The filters of a query that asks for nothing.
    pub(super) fn none(parts: &Parts) -> Self {
        Self {
            on_offer: on_offer(parts),
            search: None,
            category: None,
            registry: None,
            architecture: None,
            installed: None,
            flagged: None,
            fit: None,
        }
    }

    pub(super) fn of(
        parts: &Parts,
        query: &Query<'_>,
        choices: Option<&Choices<'_>>,
        relevance: Option<&Relevance>,
    ) -> Self {
        let all = Bits::all(parts.rows.len());
        Self {
            on_offer: match query.installed {
                InstalledFilter::Only(_) => all,
                InstalledFilter::Any | InstalledFilter::Without(_) => on_offer(parts),
            },
            search: relevance.map(|relevance| relevance.found().clone()),
            category: query
                .category
                .map(|label| with_label(&parts.categories, label)),
            registry: query.registry.map(|id| {
                parts
                    .rows
                    .of_registries
                    .with(parts.registries.number_of(id))
            }),
            architecture: query
                .architecture
                .map(|label| with_label(&parts.architectures, label)),
            installed: installed(parts, query.installed),
            flagged: query.flagged.map(|flagged| {
                if flagged {
                    parts.rows.flagged.clone()
                } else {
                    but(parts, &parts.rows.flagged)
                }
            }),
            fit: fit(parts, query, choices),
        }
    }

    /// Whether they leave all that is on offer.
    pub(super) fn are_none(&self) -> bool {
        let Self {
            on_offer: _,
            search,
            category,
            registry,
            architecture,
            installed,
            flagged,
            fit,
        } = self;
        [search, category, registry, architecture, installed, flagged]
            .iter()
            .all(|filter| filter.is_none())
            && fit.is_none()
    }

    /// The rows that all filters leave, one of them left out.
    pub(super) fn all_but(&self, left_out: Option<Filter>) -> Bits {
        let fits = self.fit.as_ref().map(|fit| &fit.fits);
        let filters = [
            (None, self.search.as_ref()),
            (None, self.installed.as_ref()),
            (Some(Filter::Category), self.category.as_ref()),
            (Some(Filter::Registry), self.registry.as_ref()),
            (Some(Filter::Architecture), self.architecture.as_ref()),
            (Some(Filter::Flagged), self.flagged.as_ref()),
            (Some(Filter::Fit), fits),
        ];
        let mut rows = self.on_offer.clone();
        for (filter, left) in filters {
            if let Some(left) = left
                && (filter.is_none() || filter != left_out)
            {
                rows.keep(left);
            }
        }
        rows
    }

    /// Why a row does not fit.
    pub(super) fn why_unfit(&self, row: u32) -> Option<Unfit> {
        let fit = self.fit.as_ref()?;
        Unfit::ALL
            .into_iter()
            .zip(&fit.unfit)
            .find(|(_, rows)| rows.has(row))
            .map(|(why, _)| why)
    }

    /// How many of the rows that all other filters leave do not fit, by reason.
    pub(super) fn count_unfit(&self) -> Vec<(Unfit, usize)> {
        let Some(fit) = &self.fit else {
            return Vec::new();
        };
        let asked_for = self.all_but(Some(Filter::Fit));
        Unfit::ALL
            .into_iter()
            .zip(fit.unfit.iter().map(|rows| rows.count_common(&asked_for)))
            .filter(|(_, count)| *count > 0)
            .collect()
    }
}

fn on_offer(parts: &Parts) -> Bits {
    but(parts, &parts.rows.withdrawn)
}

fn but(parts: &Parts, rows: &Bits) -> Bits {
    let mut others = Bits::all(parts.rows.len());
    others.remove(rows);
    others
}

fn with_label(labels: &Labels, label: &str) -> Bits {
    labels.rows().with(labels.number_of(label))
}

fn installed(parts: &Parts, filter: InstalledFilter<'_>) -> Option<Bits> {
    let rows_of = |ids: &[model::ListingId]| {
        let mut rows = Bits::none(parts.rows.len());
        for row in ids.iter().filter_map(|id| parts.rows.row_of(*id)) {
            rows.set(row);
        }
        rows
    };
    match filter {
        InstalledFilter::Any => None,
        InstalledFilter::Only(ids) => Some(rows_of(ids)),
        InstalledFilter::Without(ids) => Some(but(parts, &rows_of(ids))),
    }
}

fn fit(parts: &Parts, query: &Query<'_>, choices: Option<&Choices<'_>>) -> Option<Fit> {
    if choices.is_none() && query.agent_architectures.is_empty() {
        return None;
    }
    let rows = parts.rows.len();
    let mut fits = Bits::all(rows);
    let mut unfit = Unfit::ALL.map(|_| Bits::none(rows));
    if let Some(choices) = choices {
        for row in 0..rows as u32 {
            match choices.of_row(row) {
                Ok(_) => {}
                Err(why) => unfit[why as usize].set(row),
            }
        }
    }
    if !query.agent_architectures.is_empty() {
        let architectures = &parts.architectures;
        let named = query
            .agent_architectures
            .iter()
            .filter_map(|label| architectures.number_of(label));
        let mut foreign = but(parts, &architectures.rows().with(named));
        // A listing that names no architecture may run on any.
        foreign.remove(architectures.rows_without());
        for earlier in &unfit[..Unfit::Architecture as usize] {
            foreign.remove(earlier);
        }
        unfit[Unfit::Architecture as usize] = foreign;
    }
    for rows in &unfit {
        fits.remove(rows);
    }
    Some(Fit { fits, unfit })
}
