use super::*;
use crate::testing::Numbers;

/// Rows of `name|labels|description`, indexed in this order.
fn words_of(rows: &[&str]) -> Words {
    let mut builder = WordsBuilder::new();
    for row in rows {
        let mut parts = row.split('|');
        let mut add = |first: Place, other: Place| {
            for (index, word) in parts.next().unwrap_or_default().split(' ').enumerate() {
                if !word.is_empty() {
                    builder.add(word.as_bytes(), if index == 0 { first } else { other });
                }
            }
        };
        add(Place::NameStart, Place::Name);
        add(Place::Label, Place::Label);
        add(Place::Description, Place::Description);
        builder.end_row();
    }
    builder.build(&(0..rows.len() as u32).collect::<Vec<_>>())
}

/// The rows of each rank, each row at its best one only.
fn ranked(words: &Words, word: &str) -> [Vec<u32>; RANKS] {
    let mut found = words.find(word);
    for rank in 1..RANKS {
        let (better, rest) = found.split_at_mut(rank);
        for better in better {
            rest[0].remove(better);
        }
    }
    found.map(|rows| rows.iter().collect())
}

#[test]
fn rows_are_found_by_rank() {
    let words = words_of(&[
        "chromium|browser|a web browser",
        "ungoogled chromium|browser|chromium without google",
        "unchrome||",
        "vs-chrome||",
        "firefox|chrome-like|",
        "edge||made from chromium",
    ]);
    assert_eq!(
        ranked(&words, "chrom"),
        [vec![0], vec![1, 3], vec![2], vec![4], vec![5]],
    );
    assert_eq!(
        ranked(&words, "x"),
        [vec![], vec![], vec![4], vec![], vec![]]
    );
    assert_eq!(ranked(&words, "zebra").concat(), [0_u32; 0]);
}

#[test]
fn the_best_place_inside_a_word_counts() {
    let words = words_of(&["codecode|x|y", "vscode-code||"]);
    assert_eq!(ranked(&words, "code")[..3], [vec![0], vec![1], vec![]]);
}

#[test]
fn a_word_may_stand_in_a_row_several_times() {
    let words = words_of(&["go go go|go go|go", "stop||"]);
    assert_eq!(
        ranked(&words, "go"),
        [vec![0], vec![], vec![], vec![], vec![]]
    );
}

#[test]
fn an_index_without_rows_finds_nothing() {
    let words = words_of(&[]);
    assert!(words.find("a").iter().all(|rows| rows.count() == 0));
}

#[test]
fn rows_are_those_of_a_plain_scan() {
    let mut numbers = Numbers::from_seed(7);
    // 1,000 rows, words from common to unique, so that lists, sets and growth are all met.
    let mut rows = Vec::new();
    for row in 0..1_000 {
        let mut part = |count: usize| -> String {
            (0..count)
                .map(|_| match numbers.below(4) {
                    0 => ["ab", "bca", "the"][numbers.below(3)].to_owned(),
                    1 => format!("w{}", numbers.below(40)),
                    2 => format!("é{}", numbers.below(900)),
                    _ => format!("u{row}x{}", numbers.below(1_000)),
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        rows.push(format!("{}|{}|{}", part(2), part(3), part(9)));
    }
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let words = words_of(&rows);
    for word in [
        "a", "ab", "b", "ca", "e", "w1", "w39", "1", "é", "é8", "u99", "x5", "u500x", "zz",
    ] {
        let mut expected: [Vec<u32>; RANKS] = Default::default();
        for (row, text) in (0..).zip(&rows) {
            let parts: Vec<&str> = text.split('|').collect();
            let (first, second) = parts[0].split_once(' ').unwrap_or((parts[0], ""));
            let places = [
                first.starts_with(word),
                second.starts_with(word),
                (first.contains(word) && !first.starts_with(word))
                    || (second.contains(word) && !second.starts_with(word)),
                parts[1].split(' ').any(|part| part.contains(word)),
                parts[2].split(' ').any(|part| part.contains(word)),
            ];
            if let Some(rank) = places.into_iter().position(|stands| stands) {
                expected[rank].push(row);
            }
        }
        assert_eq!(ranked(&words, word), expected, "{word}");
    }
}

#[test]
fn rows_are_numbered_in_the_order_asked_for() {
    let mut builder = WordsBuilder::new();
    for word in ["late", "early", "middle"] {
        builder.add(word.as_bytes(), Place::NameStart);
        builder.end_row();
    }
    let words = builder.build(&[1, 2, 0]);
    assert_eq!(ranked(&words, "early")[0], [0]);
    assert_eq!(ranked(&words, "middle")[0], [1]);
    assert_eq!(ranked(&words, "late")[0], [2]);
}
