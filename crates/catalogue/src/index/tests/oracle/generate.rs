//! Listings and queries of every kind, the same at every run.

use model::definition::{WantedChannel, WantedVersion};

use super::super::Listing;
use crate::index::query::Sort;
use crate::testing::Numbers;

const WORDS: [&str; 12] = [
    "Chrome",
    "chromium",
    "Fire",
    "fox",
    "Desk-Top",
    "top",
    "Code",
    "code.server",
    "Ünï",
    "x",
    "remote",
    "a",
];
const CATEGORIES: [&str; 4] = ["Browser", "browser", "Office", "Games"];
const VERSIONS: [&str; 4] = ["1.9.x", "1.16.x", "1.17.x", "1.17.1"];
const CHANNELS: [&str; 3] = ["develop", "1.17.0", "edge"];
const ARCHITECTURES: [&str; 3] = ["amd64", "arm64", "riscv64"];

pub(super) fn listings(numbers: &mut Numbers, count: usize) -> Vec<Listing> {
    (0..count).map(|_| listing(numbers)).collect()
}

fn listing(numbers: &mut Numbers) -> Listing {
    let text = |most: usize, numbers: &mut Numbers| {
        let count = 1 + numbers.below(most);
        (0..count)
            .map(|_| *numbers.one_of(&WORDS))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let name = text(2, numbers);
    let description = text(6, numbers);
    let some = |from: &[&str], numbers: &mut Numbers| {
        let chosen: Vec<String> = from
            .iter()
            .filter(|_| numbers.below(3) == 0)
            .map(|item| format!("\"{item}\""))
            .collect();
        format!("[{}]", chosen.join(","))
    };
    let entries: Vec<String> = (0..numbers.below(3))
        .map(|_| {
            format!(
                r#"{{"version": "{}", "image": "org/{}:{}", "uncompressed_size_mb": {}, "available_tags": {}}}"#,
                numbers.one_of(&VERSIONS),
                numbers.one_of(&["tool", "chrome", "desk"]),
                numbers.one_of(&CHANNELS),
                numbers.below(9),
                some(&CHANNELS, numbers),
            )
        })
        .collect();
    let first_seen_ms = numbers.below(4) as i64;
    Listing {
        json: format!(
            r#"{{"friendly_name": "{name}", "description": "{description}", "categories": {}, "architecture": {}, "compatibility": [{}]}}"#,
            some(&CATEGORIES, numbers),
            some(&ARCHITECTURES, numbers),
            entries.join(","),
        ),
        registry: numbers.below(3) as u32,
        flagged: numbers.below(4) == 0,
        first_seen_ms,
        changed_ms: first_seen_ms + numbers.below(4) as i64,
        withdrawn: numbers.below(10) == 0,
    }
}

/// What is asked, owned; every part is left out half of the time.
pub(super) struct Asked {
    pub(super) search: String,
    pub(super) category: Option<&'static str>,
    pub(super) registry: Option<u32>,
    pub(super) architecture: Option<&'static str>,
    pub(super) version: WantedVersion,
    pub(super) channel: WantedChannel,
    pub(super) agent_architectures: Vec<String>,
    pub(super) installed: Option<bool>,
    pub(super) flagged: Option<bool>,
    pub(super) sort: Option<Sort>,
}

impl Asked {
    pub(super) fn any(numbers: &mut Numbers) -> Self {
        let searches = [
            "chro", "x", "e", "top", "code", "UNI fire", "org/desk", "zoo a", "zebra",
        ];
        let sorts = [
            Sort::Name,
            Sort::Registry,
            Sort::Newest,
            Sort::Changed,
            Sort::Size,
        ];
        let mut asks = [false; 10];
        asks.fill_with(|| numbers.below(3) == 0);
        Self {
            search: if asks[0] {
                (*numbers.one_of(&searches)).to_owned()
            } else {
                String::new()
            },
            category: asks[1].then(|| *numbers.one_of(&CATEGORIES)),
            registry: asks[2].then(|| numbers.below(3) as u32),
            architecture: asks[3].then(|| *numbers.one_of(&ARCHITECTURES)),
            version: if asks[4] {
                numbers.one_of(&VERSIONS).parse().expect("a version")
            } else {
                WantedVersion::Any
            },
            channel: if asks[5] {
                WantedChannel::Named((*numbers.one_of(&CHANNELS)).to_owned())
            } else {
                WantedChannel::Default
            },
            agent_architectures: asks[6].then(|| "arm64".to_owned()).into_iter().collect(),
            installed: asks[7].then(|| numbers.below(2) == 0),
            flagged: asks[8].then(|| numbers.below(2) == 0),
            sort: asks[9].then(|| *numbers.one_of(&sorts)),
        }
    }
}
