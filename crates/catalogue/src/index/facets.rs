//! Counts what each other choice of a filter would show.

use super::bits::Bits;
use super::filters::{Filter, Filters};
use super::query::{Facets, LabelCount, RegistryCount};
use super::{Labels, Parts};

/// Each facet is counted over the rows that all other filters leave.
pub(super) fn facets(parts: &Parts, filters: &Filters) -> Facets {
    let all_but = |filter| filters.all_but(filter);
    let of_risk = all_but(Some(Filter::Flagged));
    let mut flagged = parts.rows.flagged.clone();
    flagged.keep(&of_risk);
    let flagged = flagged.count();
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
    let mut counts: Vec<(u32, u32)> = (0..)
        .zip(labels.count(rows))
        .filter(|(_, count)| *count > 0)
        .collect();
    let by_count = |(label, count): &(u32, u32)| (std::cmp::Reverse(*count), *label);
    if counts.len() > Facets::MOST {
        counts.select_nth_unstable_by_key(Facets::MOST, by_count);
        counts.truncate(Facets::MOST);
    }
    counts.sort_unstable_by(|left, right| {
        right
            .1
            .cmp(&left.1)
            .then_with(|| model::compare_names(labels.name(left.0), labels.name(right.0)))
    });
    counts
        .into_iter()
        .map(|(label, count)| LabelCount {
            label: labels.name(label).to_owned(),
            count: count as usize,
        })
        .collect()
}

fn registries(parts: &Parts, rows: &Bits) -> Vec<RegistryCount> {
    let mut counts = vec![0; parts.registries.len()];
    for row in rows.iter() {
        counts[parts.rows.registries[row as usize] as usize] += 1;
    }
    parts
        .registries
        .iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .map(|(registry, count)| RegistryCount {
            id: registry.id,
            name: registry.name.clone(),
            count,
        })
        .collect()
}
