use std::collections::{BTreeMap, BTreeSet};

use model::SchemaForm;
use model::compare_names;
use model::version::CompatibilityVersion;

use super::entry::Card;
use crate::{Color, Config};

/// The name of a registry that names itself not, as in its list.
const NAMELESS: &str = "Unknown store";
/// A description up to this length is the headline.
const HEADLINE: usize = 90;
/// How many categories and channels can be chosen.
const MOST_CHOICES: usize = 200;

/// What all pages say of the registry.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) name: String,
    headline: String,
    pub(super) description: String,
    pub(super) schema: SchemaForm,
    /// The address that people give to a server.
    pub(super) list_url: Option<String>,
    pub(super) contact: Option<String>,
    /// Address of the storefront's root, where the registry says where it lies.
    pub(super) base: Option<String>,
    /// Address of the registry's picture, from the root of the storefront.
    pub(super) logo: String,
    /// Whether that was published already.
    pub(super) has_logo: bool,
    pub(super) has_feed: bool,
    pub(super) accent: Option<Color>,
}

impl Site {
    pub(super) fn new(config: &Config, logo: Option<String>) -> Self {
        let name = if config.name.trim().is_empty() {
            NAMELESS
        } else {
            &config.name
        };
        let list_url = ui::followable(&config.list_url)
            .filter(|address| !address.starts_with("mailto:"))
            .map(str::to_owned);
        let base = list_url
            .as_ref()
            .map(|address| format!("{}/{}/", address.trim_end_matches('/'), config.schema));
        Self {
            name: name.to_owned(),
            headline: config.storefront.headline.clone(),
            description: config.description.clone(),
            schema: config.schema,
            list_url,
            contact: ui::followable(&config.contact_url).map(str::to_owned),
            base,
            has_logo: logo.is_some(),
            logo: logo.unwrap_or_else(|| "storefront/logo.svg".to_owned()),
            has_feed: false,
            accent: config.storefront.accent,
        }
    }

    /// The first words of the catalogue.
    pub(super) fn headline(&self) -> String {
        if !self.headline.is_empty() {
            self.headline.clone()
        } else if self.is_told_by_headline() {
            self.description.clone()
        } else {
            format!("Workspaces of {}", self.name)
        }
    }

    /// What follows them.
    pub(super) fn lead(&self) -> Option<&str> {
        let is_told = self.description.is_empty() || self.is_told_by_headline();
        (!is_told).then_some(self.description.as_str())
    }

    fn is_told_by_headline(&self) -> bool {
        let length = self.description.chars().count();
        self.headline.is_empty() && (1..=HEADLINE).contains(&length)
    }
}

/// What visitors choose by.
#[derive(Debug, Default)]
pub(super) struct Facets {
    pub(super) total: u64,
    versions: BTreeSet<CompatibilityVersion>,
    /// In the order that they were met in.
    pub(super) channels: Vec<String>,
    categories: BTreeMap<String, u64>,
}

impl Facets {
    /// Counts a listing.
    pub(super) fn add(&mut self, card: &Card) {
        self.total += 1;
        for version in &card.versions {
            self.versions
                .extend(version.parse::<CompatibilityVersion>());
        }
        for channel in &card.channels {
            if self.channels.len() < MOST_CHOICES && !self.channels.contains(channel) {
                self.channels.push(channel.clone());
            }
        }
        for category in &card.categories {
            if self.categories.len() < MOST_CHOICES || self.categories.contains_key(category) {
                *self.categories.entry(category.clone()).or_default() += 1;
            }
        }
    }

    /// The newest first, by number: 1.20 before 1.9.
    pub(super) fn versions(&self) -> Vec<String> {
        self.versions
            .iter()
            .rev()
            .take(MOST_CHOICES)
            .map(ToString::to_string)
            .collect()
    }

    /// In the order of the alphabet, with how many listings each has.
    pub(super) fn categories(&self) -> Vec<(&str, u64)> {
        let mut categories: Vec<_> = self
            .categories
            .iter()
            .map(|(name, count)| (name.as_str(), *count))
            .collect();
        categories.sort_by(|left, right| compare_names(left.0, right.0));
        categories
    }
}
