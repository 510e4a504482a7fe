//! Counts what each other choice of a filter would show.

use std::cmp::Reverse;

use super::bits::Bits;
use super::filters::{Filter, Filters};
use super::query::{Facets, LabelCount, RegistryCount};
use super::{Labels, Parts};

/// Each facet is counted over the rows that all other filters leave.
pub(super) fn facets(parts: &Parts, filters: &Filters) -> Facets {
    let all_but = |filter| filters.all_but(filter);
    let of_risk = all_but(Some(Filter::Flagged));
    let flagged = parts.rows.flagged.count_common(&of_risk);
    Facets {
        category: labels(&parts.categories, &all_but(Some(Filter::Category))),
        registry: registries(parts, &all_but(Some(Filter::Registry))),
        architecture: labels(&parts.architectures, &all_but(Some(Filter::Architecture))),
        flagged,
        unflagged: of_risk.count() - flagged,
        unfit: filters.count_unfit(),
    }
}

/// The facets where nothing is asked.
pub(super) fn unfiltered(parts: &Parts) -> Facets {
    facets(parts, &Filters::none(parts))
}

fn labels(labels: &Labels, rows: &Bits) -> Vec<LabelCount> {
    let mut counts: Vec<(u32, usize)> = (0..)
        .zip(labels.rows().count(rows))
        .filter(|(_, count)| *count > 0)
        .collect();
    if counts.len() > Facets::MOST {
        counts.select_nth_unstable_by_key(Facets::MOST, |(label, count)| (Reverse(*count), *label));
        counts.truncate(Facets::MOST);
    }
    counts.sort_by(|left, right| {
        let by_name = || model::compare_names(labels.name(left.0), labels.name(right.0));
        right.1.cmp(&left.1).then_with(by_name)
    });
    counts
        .into_iter()
        .map(|(label, count)| LabelCount {
            label: labels.name(label).to_owned(),
            count,
        })
        .collect()
}

fn registries(parts: &Parts, rows: &Bits) -> Vec<RegistryCount> {
    parts
        .registries
        .iter()
        .zip(parts.rows.of_registries.count(rows))
        .filter(|(_, count)| *count > 0)
        .map(|(registry, count)| RegistryCount {
            id: registry.id,
            name: registry.name.clone(),
            count,
        })
        .collect()
}
