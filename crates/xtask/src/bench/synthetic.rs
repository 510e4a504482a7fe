//! Very large registries, made up from the words of our example registry; the same at every run.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};
use testkit::TestSite;

use super::Options;

/// How many registries there are.
const REGISTRIES: usize = 5;

/// Icons that the listings of one registry share.
const ICONS: usize = 40;

const WORDS: [&str; 64] = [
    "harbour", "light", "tide", "table", "paper", "boats", "knot", "board", "lantern", "clock",
    "notes", "gull", "watch", "chart", "plotter", "sonar", "radio", "cabin", "engine", "room",
    "signal", "flags", "weather", "glass", "anchor", "rope", "deck", "sail", "mast", "keel",
    "rudder", "compass", "current", "wave", "storm", "calm", "island", "channel", "buoy", "pier",
    "crane", "cargo", "crew", "captain", "galley", "log", "map", "star", "moon", "wind", "rain",
    "fog", "shore", "reef", "net", "oar", "bell", "horn", "beacon", "ferry", "tug", "lock",
    "canal", "delta",
];

const CATEGORIES: [&str; 14] = [
    "Navigation",
    "Utilities",
    "Communication",
    "Desktop",
    "Games",
    "Office",
    "Development",
    "Multimedia",
    "Weather",
    "Logistics",
    "Security",
    "Education",
    "Browser",
    "Science",
];

/// The files of all sites.
pub(crate) struct Registries {
    /// By path, one folder a registry.
    pub(crate) files: BTreeMap<String, Bytes>,
    /// How many registries.
    pub(crate) count: usize,
}

/// Makes 5 registries with 20,000 listings each, of 1.2 kB in the mean.
pub(crate) fn registries(options: &Options) -> Registries {
    let listings = options.size(20_000, 200);
    let mut files = BTreeMap::new();
    for registry in 0..REGISTRIES {
        let mut chance = Chance(registry as u64 + 1);
        let workspaces: Vec<Value> = (0..listings)
            .map(|number| listing(registry, number, &mut chance))
            .collect();
        let list = json!({
            "name": format!("{} {}", title(WORDS[registry * 7]), title(WORDS[registry * 7 + 1])),
            "workspacecount": listings,
            "icon": null,
            "description": sentence(&mut chance, 12),
            "list_url": null,
            "contact_url": null,
            "modified": 1_764_000_000_000_i64,
            "workspaces": workspaces,
            "channels": ["stable", "edge"],
            "default_channel": "stable",
        });
        files.insert(
            format!("{registry}/versions.txt"),
            Bytes::from_static(b"1.1\n"),
        );
        files.insert(format!("{registry}/1.1/list.json"), list.to_string().into());
        for icon in 0..ICONS {
            let drawing = format!(
                r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="#{:06x}"/></svg>"##,
                registry * 0x20_0000 + icon * 0x1234
            );
            files.insert(format!("{registry}/1.1/icons/{icon}.svg"), drawing.into());
        }
    }
    Registries {
        files,
        count: REGISTRIES,
    }
}

/// The addresses of the registries on a site.
pub(crate) fn urls(site: &TestSite, count: usize) -> Vec<String> {
    let root = site.url();
    (0..count)
        .map(|registry| format!("{root}{registry}/"))
        .collect()
}

/// Searches as people type and click them, all different: the part of an address after `?`.
pub(crate) fn searches(count: usize) -> Vec<String> {
    let mut chance = Chance(99);
    let mut searches: Vec<String> = Vec::with_capacity(count);
    while searches.len() < count {
        let number = searches.len();
        let word = chance.word();
        let text = match number % 8 {
            // What is typed so far.
            0 => word[..word.len().min(2)].to_owned(),
            1 => word[..word.len() - 1].to_owned(),
            2 => format!("{word} {}", chance.word()),
            // Within a word, and a compound.
            3 => word[1..].to_owned(),
            4 => format!("{word}{}", chance.word()),
            // One listing.
            5 => format!("{word} {}", chance.below(20_000)),
            // Nothing.
            6 => format!("{word}zz{number}"),
            _ => word.to_owned(),
        };
        let category = CATEGORIES[chance.below(CATEGORIES.len())];
        let filter = match chance.below(8) {
            0 => format!("&category={category}"),
            1 => "&architecture=arm64".to_owned(),
            2 => "&risk=flagged".to_owned(),
            3 => "&sort=newest".to_owned(),
            4 => format!("&category={category}&sort=size&page=2"),
            5 => "&version=1.18.x&channel=edge".to_owned(),
            _ => String::new(),
        };
        let search = format!("search={}{filter}", text.replace(' ', "+"));
        if !searches.contains(&search) {
            searches.push(search);
        }
    }
    searches
}

fn listing(registry: usize, number: usize, chance: &mut Chance) -> Value {
    let (first, second) = (chance.word(), chance.word());
    let repository = format!("quayside.example/{first}-{second}-{registry}-{number}");
    let size = 200 + chance.below(6_000);
    let versions = 1 + chance.below(3);
    let compatibility: Vec<Value> = (0..versions)
        .map(|version| {
            json!({
                "version": format!("1.{}.x", 16 + version),
                "image": format!("{repository}:stable"),
                "uncompressed_size_mb": size,
                "available_tags": ["stable", "edge"],
            })
        })
        .collect();
    let architectures = [vec!["amd64"], vec!["amd64", "arm64"], vec!["arm64"]];
    let mut categories = vec![CATEGORIES[chance.below(CATEGORIES.len())]];
    let other = CATEGORIES[chance.below(CATEGORIES.len())];
    if !categories.contains(&other) {
        categories.push(other);
    }
    let mut run_config = json!({
        "hostname": first,
        "environment": {"LANTERN": chance.word(), "KEEL": chance.below(9)},
    });
    if chance.below(20) == 0 {
        run_config["privileged"] = json!(true);
    }
    let words = 18 + chance.below(60);
    json!({
        "friendly_name": format!("{} {} {number}", title(first), title(second)),
        "description": sentence(chance, words),
        "image_src": format!("{}.svg", chance.below(ICONS)),
        "architecture": architectures[chance.below(architectures.len())],
        "compatibility": compatibility,
        "categories": categories,
        "docker_registry": "https://quayside.example/",
        "cores": 2,
        "memory": 2_768_000_000_i64,
        "run_config": run_config,
        "exec_config": {"go": {"cmd": format!("/usr/bin/{first} --{second} {number}")}},
        "notes": sentence(chance, words / 3),
        "sha": format!("{:040x}", number * 5 + registry),
    })
}

fn sentence(chance: &mut Chance, words: usize) -> String {
    let mut text = title(chance.word());
    for _ in 1..words {
        text.push(' ');
        text.push_str(chance.word());
        // A text has many rare words beside its few frequent ones.
        if chance.below(3) == 0 {
            text.push_str(chance.word());
        }
    }
    text.push('.');
    text
}

fn title(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}

/// Numbers without a pattern, always the same.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_have_the_size_that_is_told() {
        let mut chance = Chance(1);
        let bytes: usize = (0..1_000)
            .map(|number| listing(0, number, &mut chance).to_string().len())
            .sum();
        assert!((1_150..1_250).contains(&(bytes / 1_000)), "{bytes}");
    }

    #[test]
    fn searches_differ() {
        let searches = searches(200);
        let distinct: std::collections::BTreeSet<&String> = searches.iter().collect();
        assert_eq!(distinct.len(), 200);
    }
}
