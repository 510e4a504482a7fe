//! A query's filters as sets of rows.

use super::Parts;
use super::bits::Bits;
use super::labels::Labels;
use super::query::{InstalledFilter, Query, Unfit};
use super::shapes::Choices;
use super::words::Ranked;

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
        ranked: &[Ranked],
    ) -> Self {
        let all = Bits::all(parts.rows.len());
        Self {
            on_offer: match query.installed {
                InstalledFilter::Only(_) => all,
                InstalledFilter::Any | InstalledFilter::Without(_) => on_offer(parts),
            },
            search: search(ranked),
            category: query
                .category
                .map(|label| with_label(&parts.categories, label)),
            registry: query.registry.map(|id| {
                let mut rows = Bits::none(parts.rows.len());
                let registry = parts.registries.number_of(id);
                for row in registry.map_or(&[][..], |number| parts.rows.of_registry(number)) {
                    rows.set(*row);
                }
                rows
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
        let count = |rows: &Bits| {
            let mut rows = rows.clone();
            rows.keep(&asked_for);
            rows.count()
        };
        Unfit::ALL
            .into_iter()
            .zip(fit.unfit.iter().map(count))
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

/// The rows that hold every word.
fn search(ranked: &[Ranked]) -> Option<Bits> {
    ranked
        .iter()
        .map(|of_word| {
            let [mut rows, rest @ ..] = of_word.clone();
            for other in &rest {
                rows.add(other);
            }
            rows
        })
        .reduce(|mut rows, of_word| {
            rows.keep(&of_word);
            rows
        })
}

fn with_label(labels: &Labels, label: &str) -> Bits {
    labels.rows_with(labels.number_of(label).as_slice())
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
        let numbers: Vec<u32> = query
            .agent_architectures
            .iter()
            .filter_map(|label| parts.architectures.number_of(label))
            .collect();
        let mut foreign = but(parts, &parts.architectures.rows_with(&numbers));
        // A listing that names no architecture may run on any.
        foreign.remove(&parts.architectures.rows_without());
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
