use std::collections::HashMap;

use api::{Facet, Facets, HealthState, ListingsQuery, UnfitListings};
use ui::Tile;

use super::query::{ORDERS, page_address, pairs};
use super::view::RegistryData;

/// The listings found, and the filters with their counts.
#[derive(Debug)]
pub(crate) struct Results<'a> {
    pub(crate) tiles: Vec<Tile<'a>>,
    pub(crate) loading: bool,
    /// What the registries say while nothing is shown.
    pub(crate) why_empty: &'static str,
    query: &'a ListingsQuery,
    facets: Option<&'a Facets>,
    total: u64,
    page: u32,
    per_page: u32,
    /// Listings of all registries.
    listings: u64,
}

/// A filter's field.
pub(crate) struct Choice<'a> {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) options: Vec<ChoiceOption<'a>>,
}

/// One value of a filter's field.
pub(crate) struct ChoiceOption<'a> {
    pub(crate) value: &'a str,
    pub(crate) label: String,
    pub(crate) is_chosen: bool,
}

/// The next page of tiles.
pub(crate) struct More {
    pub(crate) address: String,
    pub(crate) count: u64,
}

impl<'a> Results<'a> {
    pub(crate) fn new(data: &RegistryData<'a>) -> Self {
        let contacts: HashMap<_, _> = data
            .registries
            .iter()
            .map(|registry| (registry.id, registry.contact_url.as_deref()))
            .collect();
        let tiles = data
            .listings
            .items
            .iter()
            .map(|listing| {
                let contact = contacts.get(&listing.registry.id).copied().flatten();
                Tile::new(listing, contact, data.space)
            })
            .collect();
        Self {
            tiles,
            loading: data.loading,
            why_empty: why_empty(data),
            query: data.query,
            facets: data.listings.facets.as_ref(),
            total: data.listings.total,
            page: data.listings.page.max(1),
            per_page: data.listings.per_page.max(1),
            listings: data
                .registries
                .iter()
                .map(|registry| registry.listing_count)
                .sum(),
        }
    }

    pub(crate) fn search(&self) -> &str {
        self.query.search.as_deref().unwrap_or_default()
    }

    /// Whether anything narrows the result.
    pub(crate) fn is_filtered(&self) -> bool {
        pairs(self.query)
            .iter()
            .any(|(name, _)| !matches!(*name, "sort" | "unfit" | "page" | "per_page"))
    }

    pub(crate) fn count(&self) -> String {
        if self.listings > self.total {
            format!("{} of {}", self.total, self.listings)
        } else {
            self.total.to_string()
        }
    }

    /// What the query says beside the fields that are seen.
    pub(crate) fn carried(&self) -> Vec<(&'static str, String)> {
        let mut carried = pairs(self.query);
        carried.retain(|(name, _)| {
            matches!(
                *name,
                "registry" | "version" | "channel" | "unfit" | "per_page"
            )
        });
        carried
    }

    pub(crate) fn choices(&self) -> Vec<Choice<'a>> {
        let query = self.query;
        let facet = |of: fn(&Facets) -> &[Facet]| self.facets.map_or(&[][..], of);
        vec![
            choice(
                "category",
                "Category",
                facet(|it| &it.category),
                query.category.as_deref(),
            ),
            choice(
                "architecture",
                "Architecture",
                facet(|it| &it.architecture),
                query.architecture.as_deref(),
            ),
            choice("risk", "Risk", facet(|it| &it.risk), query.risk.as_deref()),
            installed(query.installed),
            self.order(),
        ]
    }

    fn order(&self) -> Choice<'a> {
        let has_search = !self.search().is_empty();
        let option = |value, label: &str, is_chosen| ChoiceOption {
            value,
            label: label.to_owned(),
            is_chosen,
        };
        // Without words to look for, best match and name are one order.
        let first = has_search.then(|| option("", "Best match", self.query.sort.is_none()));
        let others = ORDERS.iter().map(|(order, name, label)| {
            let is_default = *name == "name" && !has_search;
            let is_chosen =
                self.query.sort == Some(*order) || (is_default && self.query.sort.is_none());
            option(if is_default { "" } else { name }, label, is_chosen)
        });
        Choice {
            name: "sort",
            label: "Sort",
            options: first.into_iter().chain(others).collect(),
        }
    }

    pub(crate) fn previous(&self) -> Option<String> {
        (self.page > 1).then(|| self.address_of(self.page - 1))
    }

    pub(crate) fn more(&self) -> Option<More> {
        let seen = u64::from(self.page) * u64::from(self.per_page);
        let left = self.total.saturating_sub(seen);
        (left > 0).then(|| More {
            address: self.address_of(self.page + 1),
            count: left.min(u64::from(self.per_page)),
        })
    }

    fn address_of(&self, page: u32) -> String {
        page_address(&ListingsQuery {
            page: Some(page),
            ..self.query.clone()
        })
    }

    /// Whether listings that do not fit are among the tiles.
    pub(crate) fn shows_unfit(&self) -> bool {
        self.query.unfit == Some(UnfitListings::Show)
    }

    /// Address that shows listings that do not fit, or hides them again.
    pub(crate) fn unfit_address(&self) -> String {
        page_address(&ListingsQuery {
            unfit: (!self.shows_unfit()).then_some(UnfitListings::Show),
            page: None,
            ..self.query.clone()
        })
    }

    /// How many listings do not fit, and why.
    pub(crate) fn unfit(&self) -> Option<String> {
        let reasons = &self.facets?.unfit;
        let count: u64 = reasons.iter().map(|reason| reason.count).sum();
        let verb = match count {
            0 => return None,
            1 => "does",
            _ => "do",
        };
        let listings = ui::plural(count, "listing");
        if let [only] = reasons.as_slice() {
            return Some(format!("{listings} {verb} not fit: {}.", only.label));
        }
        let reasons: Vec<String> = reasons
            .iter()
            .map(|reason| format!("{} {}", reason.count, reason.label))
            .collect();
        Some(format!(
            "{listings} {verb} not fit: {}.",
            reasons.join(", ")
        ))
    }
}

/// What to do while the registries offer nothing.
fn why_empty(data: &RegistryData<'_>) -> &'static str {
    let states = || data.registries.iter().map(|registry| registry.health.state);
    if data.registries.is_empty() {
        "There is no registry. Press Add new and paste a Workspace Registry Link."
    } else if states().any(|state| state == HealthState::Loading) {
        "Registries are being read; their workspaces appear here by themselves."
    } else if states().all(|state| state == HealthState::Failing) {
        "No registry could be read so far. Their cards say why; they are tried again by themselves."
    } else {
        "The registries offer no workspace that fits here. Add another one."
    }
}

/// Whether only what is installed is shown, or only what is not.
fn installed<'a>(chosen: Option<bool>) -> Choice<'a> {
    let option = |value, label: &str, means| ChoiceOption {
        value,
        label: label.to_owned(),
        is_chosen: chosen == means,
    };
    Choice {
        name: "installed",
        label: "Installed",
        options: vec![
            option("", "All", None),
            option("true", "Yes", Some(true)),
            option("false", "No", Some(false)),
        ],
    }
}

fn choice<'a>(
    name: &'static str,
    label: &'static str,
    facets: &'a [Facet],
    chosen: Option<&'a str>,
) -> Choice<'a> {
    let chosen = chosen.filter(|value| !value.is_empty());
    let mut options = vec![ChoiceOption {
        value: "",
        label: "All".to_owned(),
        is_chosen: chosen.is_none(),
    }];
    options.extend(facets.iter().map(|facet| ChoiceOption {
        value: &facet.value,
        label: format!("{} ({})", facet.label, facet.count),
        is_chosen: chosen == Some(&facet.value),
    }));
    // A value that nothing has (any more) still shows what is filtered by.
    if let Some(value) = chosen
        && !facets.iter().any(|facet| facet.value == value)
    {
        options.push(ChoiceOption {
            value,
            label: format!("{value} (0)"),
            is_chosen: true,
        });
    }
    Choice {
        name,
        label,
        options,
    }
}
