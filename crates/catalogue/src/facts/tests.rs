use super::*;
use crate::testing::definition;

fn facts_of(json: &str) -> Facts<'static> {
    Facts::of(&definition(json), false)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("words are text")
}

const CHROMIUM: &str = r#"{
    "friendly_name": "  Chromium\tÜber ",
    "description": "A web browser. The browser of the web, by Google",
    "categories": ["Browser", "web  tools"],
    "architecture": ["amd64", "arm64"],
    "compatibility": [
        {"version": "1.9.x", "image": "kasmweb/chromium:1.9.0", "uncompressed_size_mb": 900},
        {"version": "1.17.x", "image": "ghcr.io/kasmweb/chromium:1.17.0",
         "uncompressed_size_mb": 2643, "available_tags": ["develop", "1.17.0"]}
    ]
}"#;

#[test]
fn facts_say_what_the_index_needs() {
    let facts = facts_of(CHROMIUM);
    assert_eq!(facts.name, "Chromium Über");
    assert_eq!(facts.folded_name(), "chromium uber");
    assert_eq!(
        facts.categories().collect::<Vec<_>>(),
        ["Browser", "web tools"]
    );
    assert_eq!(
        facts.architectures().collect::<Vec<_>>(),
        ["amd64", "arm64"]
    );
    // The newest by number first, then each entry.
    assert_eq!(
        facts.sizes().collect::<Vec<_>>(),
        [Some(2643), Some(900), Some(2643)]
    );
    let entries: Vec<(&str, Vec<&str>)> = split_entries(&facts.entries)
        .map(|(version, channels)| (version, channels.collect()))
        .collect();
    assert_eq!(
        entries,
        [("1.9.x", vec![]), ("1.17.x", vec!["develop", "1.17.0"])]
    );
    let labels: Vec<&str> = facts.label_words().map(text).collect();
    assert_eq!(
        labels,
        [
            "1.17.0", "1.9.0", "browser", "chromium", "ghcr.io", "kasmweb", "tools", "web"
        ],
    );
    // Each word once, and none that is among the labels.
    let description: Vec<&str> = facts.description_words().map(text).collect();
    assert_eq!(description, ["a", "by", "google", "of", "the"]);
}

#[test]
fn a_listing_of_the_form_1_0_has_one_image_and_size() {
    let facts = facts_of(
        r#"{"friendly_name": "Edge", "name": "org/edge:1.0", "uncompressed_size_mb": 5,
            "compatibility": ["1.13.x", "1.14.x"]}"#,
    );
    assert_eq!(
        facts.label_words().map(text).collect::<Vec<_>>(),
        ["1.0", "edge", "org"]
    );
    assert_eq!(
        facts.sizes().collect::<Vec<_>>(),
        [Some(5), Some(5), Some(5)]
    );
}

#[test]
fn facts_come_back_from_their_text() {
    for json in [
        CHROMIUM,
        r#"{"friendly_name": "x"}"#,
        r#"{"friendly_name": "a\nb\u0000c\u001f", "categories": ["a\tb", " "],
            "compatibility": [{"version": "1.0\t\u001f\n.x", "available_tags": ["a\tb"]}, {"version": ""}],
            "description": "a\nb\u001fc"}"#,
    ] {
        for flagged in [false, true] {
            let facts = Facts::of(&definition(json), flagged);
            let text = facts.to_text();
            assert_eq!(Facts::from_text(&text), Ok(facts), "{json}");
        }
    }
}

#[test]
fn texts_of_another_form_are_noticed() {
    let text = facts_of(CHROMIUM).to_text();
    let other = text.replacen(FORM, "facts-0", 1);
    assert_eq!(Facts::from_text(&other), Err(FactsError::OtherForm));
    assert_eq!(Facts::from_text(""), Err(FactsError::OtherForm));
    assert_eq!(
        Facts::from_text(&format!("{text}\n")),
        Err(FactsError::Damaged)
    );
    let cut = &text[..text.rfind('\n').expect("it has lines")];
    assert_eq!(Facts::from_text(cut), Err(FactsError::Damaged));
}

#[test]
fn hostile_lengths_are_bounded() {
    let long = "é".repeat(60_000);
    let facts = facts_of(&format!(
        r#"{{"friendly_name": "{long}", "description": "{long}", "categories": ["{long}"],
            "name": "{long}"}}"#
    ));
    assert!(facts.to_text().len() < 10_000, "{}", facts.to_text().len());
}
