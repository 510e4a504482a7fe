use super::*;
use crate::testing::{Numbers, listing_id};

fn key(name: &str, image: &str, sha: &str) -> ListingKey {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    ListingKey {
        name_key: name.to_owned(),
        image_repository: some(image),
        sha: some(sha),
    }
}

fn bytes(text: &str) -> [u8; 32] {
    let mut sum = [0; 32];
    sum[..text.len()].copy_from_slice(text.as_bytes());
    sum
}

/// `name image sha bytes`, `-` for none; ids are places counted from 0.
fn known(lines: &[&str]) -> Vec<Known> {
    (0..)
        .zip(fresh(lines))
        .map(|(position, one)| Known {
            id: listing_id(position),
            key: one.key,
            json_sha256: one.json_sha256,
            position,
            withdrawn: false,
        })
        .collect()
}

fn fresh(lines: &[&str]) -> Vec<Fresh> {
    lines
        .iter()
        .map(|line| {
            let parts: Vec<_> = line
                .split(' ')
                .map(|part| if part == "-" { "" } else { part })
                .collect();
            Fresh {
                key: key(parts[0], parts[1], parts[2]),
                json_sha256: bytes(parts[3]),
            }
        })
        .collect()
}

/// What became of each fresh listing (`=id`, `~id`, `+`) and which ids went (`-id`).
fn told(diff: &Diff, ids: u32) -> String {
    let number = |id| {
        (0..ids)
            .find(|number| listing_id(*number) == id)
            .expect("a known id")
    };
    let mut lines: Vec<(u32, String)> = Vec::new();
    for one in &diff.unchanged {
        lines.push((one.position, format!("={}", number(one.id))));
    }
    for one in &diff.changed {
        lines.push((one.position, format!("~{}", number(one.id))));
    }
    for position in &diff.added {
        lines.push((*position, "+".to_owned()));
    }
    lines.sort();
    let mut told: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    told.extend(diff.withdrawn.iter().map(|id| format!("-{}", number(*id))));
    told.join(" ")
}

fn check(before: &[&str], after: &[&str], expected: &str) {
    let diff = diff(&known(before), &fresh(after));
    assert_eq!(
        told(&diff, before.len() as u32),
        expected,
        "{before:?} -> {after:?}"
    );
}

#[test]
fn equal_copies_change_nothing() {
    check(&["a x 1 A", "b y 2 B"], &["a x 1 A", "b y 2 B"], "=0 =1");
    check(&[], &[], "");
}

#[test]
fn new_and_vanished_listings_are_told() {
    check(&["a x 1 A"], &["a x 1 A", "b y 2 B"], "=0 +");
    check(&["a x 1 A", "b y 2 B"], &["b y 2 B"], "=1 -0");
    check(&["a x 1 A"], &["b y 2 B"], "+ -0");
}

#[test]
fn each_step_keeps_an_id() {
    check(&["a x 1 A"], &["a x 2 B"], "~0");
    check(&["a x 1 A"], &["a y 2 B"], "~0");
    check(&["a x 1 A"], &["b x 2 B"], "~0");
    check(&["a x 1 A"], &["b y 1 B"], "~0");
    check(&["a - - A"], &["a - - B"], "~0");
}

#[test]
fn earlier_steps_win() {
    // Name and image before name alone.
    check(&["a x 1 A"], &["a y 1 B", "a x 2 C"], "+ ~0");
    // Name before image.
    check(&["a x 1 A"], &["b x 1 B", "a y 2 C"], "+ ~0");
    // Image before sha.
    check(&["a x 1 A"], &["b y 1 B", "c x 2 C"], "+ ~0");
    // Names stay where two listings swap their images.
    check(&["a x 1 A", "b y 2 B"], &["a y 3 C", "b x 4 D"], "~0 ~1");
}

#[test]
fn what_several_share_decides_nothing() {
    // Both names are new and the image is that of two: no telling who is who.
    check(
        &["a x 1 A", "b x 2 B"],
        &["c x 3 C", "d x 4 D"],
        "+ + -0 -1",
    );
    // `b` stays; whether `c` is `a` renamed cannot be told from an image that `b` has too.
    check(&["a x 1 A", "b x 2 B"], &["b x 2 B", "c x 3 C"], "=1 + -0");
    // The sha tells where the rest does not.
    check(&["a x 1 A", "b x 2 B"], &["c x 2 C", "d x 1 D"], "~1 ~0");
    // Listings without an image have no image in common.
    check(&["a - 1 A"], &["b - 2 B"], "+ -0");
}

#[test]
fn twins_keep_their_ids() {
    // Told apart by nothing but their bytes, or not even by those.
    check(&["a x - A", "a x - B"], &["a x - B", "a x - A"], "=1 =0");
    check(&["a x - A", "a x - A"], &["a x - A", "a x - A"], "=0 =1");
    // One changed: the other is itself, so this is the one.
    check(&["a x - A", "a x - B"], &["a x - A", "a x - C"], "=0 ~1");
    // Both changed: no telling.
    check(
        &["a x - A", "a x - B"],
        &["a x - C", "a x - D"],
        "+ + -0 -1",
    );
    check(&["a x - A", "a x - A"], &["a x - A"], "=0 -1");
}

#[test]
fn a_moved_listing_is_unchanged() {
    let diff = diff(
        &known(&["a x 1 A", "b y 2 B", "c z 3 C"]),
        &fresh(&["b y 2 B", "a x 1 A", "c z 3 C"]),
    );
    let moved: Vec<_> = diff
        .unchanged
        .iter()
        .map(|one| (one.position, one.moved))
        .collect();
    assert_eq!(moved, [(0, true), (1, true), (2, false)]);
}

#[test]
fn a_withdrawn_listing_comes_back_under_its_id() {
    let mut before = known(&["a x 1 A", "b y 2 B"]);
    before[0].withdrawn = true;
    assert_eq!(told(&diff(&before, &fresh(&["b y 2 B"])), 2), "=1");
    assert_eq!(
        told(&diff(&before, &fresh(&["b y 2 B", "a x 1 A"])), 2),
        "=1 ~0"
    );
}

#[test]
fn a_withdrawn_listing_is_not_in_the_way() {
    // A listing of the same name and image took the place of one that was withdrawn.
    let mut before = known(&["a x 1 A", "a x 2 B"]);
    before[0].withdrawn = true;
    assert_eq!(told(&diff(&before, &fresh(&["a x 3 C"])), 2), "~1");
}

#[test]
fn every_listing_has_one_outcome() {
    let mut numbers = Numbers::from_seed(1);
    for _ in 0..500 {
        let mut lines = |count: usize| -> Vec<String> {
            (0..count)
                .map(|_| {
                    let mut part = |prefix: char| match numbers.below(6) {
                        0 => "-".to_owned(),
                        number => format!("{prefix}{number}"),
                    };
                    let (name, image, sha) = (part('n'), part('i'), part('s'));
                    format!("{name} {image} {sha} {}", part('b'))
                })
                .collect()
        };
        let (before, after) = (lines(9), lines(9));
        let before: Vec<&str> = before.iter().map(String::as_str).collect();
        let after: Vec<&str> = after.iter().map(String::as_str).collect();
        let mut before = known(&before);
        for one in &mut before {
            one.withdrawn = one.position % 4 == 3;
        }
        let after = fresh(&after);
        let diff = diff(&before, &after);

        let mut positions: Vec<u32> = diff.added.clone();
        positions.extend(diff.unchanged.iter().map(|one| one.position));
        positions.extend(diff.changed.iter().map(|one| one.position));
        positions.sort_unstable();
        assert_eq!(positions, (0..after.len() as u32).collect::<Vec<_>>());

        let mut ids: Vec<ListingId> = diff.withdrawn.clone();
        ids.extend(diff.unchanged.iter().map(|one| one.id));
        ids.extend(diff.changed.iter().map(|one| one.id));
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "an id was given twice");
        for one in before.iter().filter(|one| !one.withdrawn) {
            assert!(ids.contains(&one.id), "a listing on offer got lost");
        }
        // The second refresh of the same copy finds nothing new.
        let again: Vec<Known> = (0..)
            .zip(&after)
            .map(|(position, one)| Known {
                id: listing_id(100 + position),
                key: one.key.clone(),
                json_sha256: one.json_sha256,
                position,
                withdrawn: false,
            })
            .collect();
        let second = super::diff(&again, &after);
        assert_eq!(second.unchanged.len(), after.len(), "{second:?}");
    }
}

#[test]
fn a_full_registry_of_renamed_images_keeps_every_id() {
    let line =
        |number: u32, version: &str| format!("name{number} image{number} - {version}{number}");
    let before: Vec<String> = (0..20_000).map(|number| line(number, "A")).collect();
    let after: Vec<String> = (0..20_000).rev().map(|number| line(number, "B")).collect();
    let before: Vec<&str> = before.iter().map(String::as_str).collect();
    let after: Vec<&str> = after.iter().map(String::as_str).collect();
    let diff = diff(&known(&before), &fresh(&after));
    assert_eq!(diff.changed.len(), 20_000);
    assert!(
        (0..)
            .zip(&diff.changed)
            .all(|(position, one)| one.position == position
                && one.id == listing_id(19_999 - position))
    );
}
