//! This crate beside JavaScript itself: the tables in `node/` say what Node reads, prints and sorts.

use std::cmp::Ordering;

use model::compare_names;
use model::json::{Limits, parse, stringify, stringify_pretty};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    text: String,
    /// What `JSON.stringify(JSON.parse(text))` gives; nothing if the text is refused.
    out: Option<String>,
}

fn print(text: &str) -> Option<String> {
    let value = parse(text.as_bytes(), &Limits::default()).value?;
    Some(String::from_utf8(stringify(&value)).expect("readable"))
}

#[test]
fn reads_and_prints_what_node_does() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("node/texts.json")).unwrap();
    let refused = cases.iter().filter(|case| case.out.is_none()).count();
    assert!(refused > 500 && cases.len() - refused > 200);
    for case in cases {
        assert_eq!(print(&case.text), case.out, "{:?}", case.text);
    }
}

#[test]
fn indents_as_node_does() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("node/pretty.json")).unwrap();
    for case in cases {
        let value = parse(case.text.as_bytes(), &Limits::default())
            .value
            .unwrap();
        assert_eq!(Some(stringify_pretty(&value)), case.out);
    }
}

#[test]
fn prints_numbers_as_node_does() {
    let cases: Vec<(String, Option<String>)> =
        serde_json::from_str(include_str!("node/numbers.json")).unwrap();
    for (text, expected) in cases {
        assert_eq!(print(&text), expected, "{text}");
    }
}

#[test]
fn sorts_as_locale_compare_does() {
    let names: Vec<String> = serde_json::from_str(include_str!("node/names.json")).unwrap();
    for (place, left) in names.iter().enumerate() {
        assert_eq!(compare_names(left, left), Ordering::Equal);
        for right in &names[place + 1..] {
            assert_eq!(
                compare_names(left, right),
                Ordering::Less,
                "{left:?} {right:?}"
            );
            assert_eq!(compare_names(right, left), Ordering::Greater);
        }
    }
}
