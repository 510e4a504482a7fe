use api::{HealthState, ListingsQuery, Registry};
use time::OffsetDateTime;

use super::query;

/// Two rows of cards on a wide screen; narrower ones hide the last by style. The rest is in the table.
const LIMIT: usize = 8;

/// The cards of the registries.
#[derive(Debug)]
pub(crate) struct Cards<'a> {
    pub(crate) shown: Vec<Card<'a>>,
    pub(crate) total: usize,
}

impl<'a> Cards<'a> {
    /// Cards for the first of `registries`, the one filtered to always among them.
    pub(crate) fn new(
        registries: &'a [Registry],
        query: &ListingsQuery,
        now: OffsetDateTime,
    ) -> Self {
        let is_chosen = |registry: &Registry| query.registry == Some(registry.id);
        let chosen = registries.iter().skip(LIMIT).find(|it| is_chosen(it));
        let shown = chosen
            .into_iter()
            .chain(
                registries
                    .iter()
                    .take(LIMIT - usize::from(chosen.is_some())),
            )
            .map(|registry| Card::new(registry, query, now))
            .collect();
        Self {
            shown,
            total: registries.len(),
        }
    }
}

/// One registry's card.
#[derive(Debug)]
pub(crate) struct Card<'a> {
    pub(crate) registry: &'a Registry,
    pub(crate) is_chosen: bool,
    /// Address that filters to it, or no longer does.
    pub(crate) filter: String,
    /// How old the copy is, or what is wrong.
    pub(crate) age: String,
}

impl<'a> Card<'a> {
    fn new(registry: &'a Registry, query: &ListingsQuery, now: OffsetDateTime) -> Self {
        let is_chosen = query.registry == Some(registry.id);
        let filtered = ListingsQuery {
            registry: (!is_chosen).then_some(registry.id),
            page: None,
            ..query.clone()
        };
        Self {
            registry,
            is_chosen,
            filter: query::page_address(&filtered),
            age: health(registry, now),
        }
    }

    pub(crate) fn is_failing(&self) -> bool {
        self.registry.health.state == HealthState::Failing
    }

    pub(crate) fn state(&self) -> &'static str {
        if self.is_failing() { "broken" } else { "ok" }
    }

    pub(crate) fn site(&self) -> Option<&'a str> {
        self.registry.site_url.as_deref().and_then(ui::followable)
    }

    pub(crate) fn contact(&self) -> Option<&'a str> {
        self.registry
            .contact_url
            .as_deref()
            .and_then(ui::followable)
    }

    /// When its copy was read, where that is what [`Card::age`] tells.
    pub(crate) fn copied_at(&self) -> Option<OffsetDateTime> {
        let told = matches!(
            self.registry.health.state,
            HealthState::Ok | HealthState::Empty
        );
        self.registry.copied_at.filter(|_| told)
    }

    /// Listings beyond those whose icons are shown.
    pub(crate) fn more(&self) -> u64 {
        let shown = self.registry.preview_icons.len() as u64;
        self.registry.listing_count.saturating_sub(shown)
    }
}

/// Health and age of a registry's copy in a few words.
pub(crate) fn health(registry: &Registry, now: OffsetDateTime) -> String {
    let age = registry.copied_at.map(|at| ui::age(at, now));
    match (registry.health.state, age) {
        (HealthState::Loading, _) => "being read".to_owned(),
        (HealthState::Failing, age) => {
            let what = registry
                .health
                .step
                .map_or("It failed", |step| ui::step_failed(step));
            match age {
                Some(age) => format!("{what}, {}", old(&age)),
                None => what.to_owned(),
            }
        }
        (HealthState::Ok | HealthState::Empty, age) => age.unwrap_or_else(|| "just now".to_owned()),
    }
}

/// An age told of a thing: `3 d ago` becomes `3 d old`.
fn old(age: &str) -> String {
    match age.strip_suffix(" ago") {
        Some(span) => format!("{span} old"),
        None => age.to_owned(),
    }
}
