use std::collections::{BTreeSet, HashMap, HashSet};

use api::PlacementState::{self, Failed, Pulling as Under, Ready, Removing, Waiting};
use api::agent::{Desired, DesiredPlacement, Goal, PinnedImage as WireImage, Progress};
use engine::{Brought, EngineImage};
use model::{Digest, PlacementId, WorkspaceId};
use uuid::Uuid;

use super::{Action, Held, ImageKey, Pulling, Situation, plan};

const REPOSITORY: &str = "images.test/tool";

/// One row of a table: what is, and what shall be done, in short.
#[derive(Default)]
struct Row {
    /// Goal, tag, state and attempt of each placement; the first is number 1.
    placements: Vec<(Goal, &'static str, PlacementState, u32)>,
    /// Whether the engine holds the image; none while it is not known.
    held: Option<bool>,
    brought: bool,
    /// Placement, attempt, state and whether `gone` was reported.
    reported: Vec<(u128, u32, PlacementState, bool)>,
    /// Members of the pull under way.
    pulling: Option<Vec<(u128, u32)>>,
    is_tagging: bool,
    removing: bool,
    resting: Vec<u128>,
    resolving: u32,
    /// Whether the image could not be taken away not long ago.
    stays: bool,
}

fn id(number: u128) -> PlacementId {
    PlacementId::from_uuid(Uuid::from_u128(number))
}

fn digest() -> Digest {
    Digest::from_sha256(&[1; 32])
}

fn key() -> ImageKey {
    ImageKey {
        repository: REPOSITORY.to_owned(),
        digest: digest(),
    }
}

fn number(placement: PlacementId) -> u128 {
    placement.to_uuid().as_u128()
}

fn numbers(members: &[super::Member]) -> String {
    let numbers: Vec<String> = members
        .iter()
        .map(|member| number(member.placement).to_string())
        .collect();
    numbers.join(",")
}

fn short(action: &Action) -> String {
    match action {
        Action::Ready { member, size_bytes } => {
            format!("ready {} {size_bytes}", number(member.placement))
        }
        Action::Unreadable { placement, .. } => format!("unreadable {}", number(*placement)),
        Action::Gone {
            placement, kept, ..
        } => match kept {
            Some(kept) => format!("gone {}: {}", number(*placement), kept.detail),
            None => format!("gone {}", number(*placement)),
        },
        Action::Pull { members, held, .. } => {
            let word = if *held { "tag" } else { "pull" };
            format!("{word} {}", numbers(members))
        }
        Action::Join { member, .. } => format!("join {}", number(member.placement)),
        Action::Cancel { .. } => "cancel".to_owned(),
        Action::Untag { member, .. } => format!("untag {}", number(member.placement)),
        Action::Remove { members, .. } => format!("remove {}", numbers(members)),
    }
}

fn progress(placement: u128, attempt: u32, state: PlacementState, gone: bool) -> Progress {
    Progress {
        placement: id(placement),
        attempt,
        state,
        layers: Vec::new(),
        cause: None,
        detail: None,
        bringing: false,
        size_bytes: None,
        gone,
        kept: None,
    }
}

fn check(row: Row, expect: &[&str]) {
    let placements = (1..).zip(row.placements);
    let desired = Desired {
        generation: 1,
        placements: placements
            .map(|(number, (goal, tag, state, attempt))| DesiredPlacement {
                placement: id(number),
                workspace: WorkspaceId::from_uuid(Uuid::from_u128(number)),
                attempt,
                goal,
                image: WireImage {
                    reference: format!("{REPOSITORY}:{tag}"),
                    digest: digest(),
                },
                state,
            })
            .collect(),
        brought: Vec::new(),
        resolving: row.resolving,
        agent: String::new(),
    };
    let held = row.held.map(|is_held| {
        let images: Vec<EngineImage> = is_held
            .then(|| EngineImage {
                references: vec![format!("{REPOSITORY}@{}", digest())],
                digests: vec![digest()],
                size_bytes: 7,
            })
            .into_iter()
            .collect();
        Held::of(&images)
    });
    let brought: Brought = row
        .brought
        .then(|| (REPOSITORY.to_owned(), digest()))
        .into_iter()
        .collect();
    let reported: HashMap<PlacementId, Progress> = row
        .reported
        .into_iter()
        .map(|(number, attempt, state, gone)| (id(number), progress(number, attempt, state, gone)))
        .collect();
    let pulling: HashMap<ImageKey, Pulling> = row
        .pulling
        .into_iter()
        .map(|members| {
            let members: BTreeSet<_> = members
                .into_iter()
                .map(|(number, attempt)| (id(number), attempt))
                .collect();
            let is_tagging = row.is_tagging;
            let pulling = Pulling {
                members,
                is_tagging,
            };
            (key(), pulling)
        })
        .collect();
    let removing: HashSet<ImageKey> = row.removing.then(key).into_iter().collect();
    let staying: HashSet<ImageKey> = row.stays.then(key).into_iter().collect();
    let resting: HashSet<PlacementId> = row.resting.into_iter().map(id).collect();
    let actions = plan(&Situation {
        desired: &desired,
        held: held.as_ref(),
        brought: &brought,
        reported: &reported,
        pulling: &pulling,
        removing: &removing,
        resting: &resting,
        staying: &staying,
    });
    let shorts: Vec<String> = actions.iter().map(short).collect();
    assert_eq!(shorts, expect);
}

fn present(state: PlacementState) -> (Goal, &'static str, PlacementState, u32) {
    (Goal::Present, "1", state, 1)
}

fn absent() -> (Goal, &'static str, PlacementState, u32) {
    (Goal::Absent, "1", Removing, 2)
}

#[test]
fn one_that_wants_its_image() {
    // State, held, brought, what to do.
    let table: [(PlacementState, Option<bool>, bool, &[&str]); 14] = [
        (Waiting, None, false, &[]),
        (Waiting, Some(false), false, &["pull 1"]),
        (Waiting, Some(true), false, &["ready 1 7"]),
        (Waiting, Some(true), true, &["tag 1"]),
        (Under, None, true, &[]),
        (Under, Some(false), true, &["pull 1"]),
        (Under, Some(true), true, &["tag 1"]),
        (Ready, None, true, &[]),
        (Ready, Some(true), true, &[]),
        (Ready, Some(true), false, &[]),
        (Ready, Some(false), true, &["pull 1"]),
        (Failed, Some(false), false, &[]),
        (Failed, Some(false), true, &[]),
        (Failed, Some(true), true, &[]),
    ];
    for (state, held, brought, expect) in table {
        let placements = vec![present(state)];
        let row = Row {
            placements,
            held,
            brought,
            ..Row::default()
        };
        check(row, expect);
    }
}

#[test]
fn one_that_shall_go() {
    let table: [(Option<bool>, bool, &[&str]); 5] = [
        (None, true, &[]),
        (Some(true), true, &["remove 1"]),
        (Some(false), true, &["remove 1"]),
        (
            Some(true),
            false,
            &["gone 1: the image was on this host before"],
        ),
        (Some(false), false, &["gone 1"]),
    ];
    for (held, brought, expect) in table {
        let placements = vec![absent()];
        let row = Row {
            placements,
            held,
            brought,
            ..Row::default()
        };
        check(row, expect);
    }
}

#[test]
fn what_was_reported_counts_for_its_attempt_only() {
    let row = |reported| Row {
        placements: vec![(Goal::Present, "1", Waiting, 2)],
        held: Some(false),
        reported: vec![reported],
        ..Row::default()
    };
    check(row((1, 2, Failed, false)), &[]);
    check(row((1, 1, Failed, false)), &["pull 1"]);
    let row = |reported| Row {
        placements: vec![absent()],
        held: Some(true),
        brought: true,
        reported: vec![reported],
        ..Row::default()
    };
    check(row((1, 2, Removing, true)), &[]);
    check(row((1, 1, Ready, false)), &["remove 1"]);
}

#[test]
fn a_pull_under_way_is_shared_and_ends_with_the_last_who_wants_it() {
    let row = |placements, pulling| Row {
        placements,
        held: Some(false),
        brought: true,
        pulling: Some(pulling),
        ..Row::default()
    };
    check(row(vec![present(Under)], vec![(1, 1)]), &[]);
    check(row(vec![present(Waiting)], vec![]), &["join 1"]);
    check(
        row(vec![(Goal::Present, "1", Waiting, 2)], vec![(1, 1)]),
        &["join 1"],
    );
    check(
        row(vec![present(Under), present(Waiting)], vec![(1, 1)]),
        &["join 2"],
    );
    check(row(vec![absent()], vec![]), &["cancel"]);
    check(row(vec![present(Failed)], vec![]), &["cancel"]);
    check(row(vec![], vec![(1, 1)]), &["cancel"]);
}

#[test]
fn one_goes_while_another_wants_the_image() {
    const WANTED: &str = "gone 2: another workspace on this host uses the image";
    let row = |tag| Row {
        placements: vec![present(Ready), (Goal::Absent, tag, Removing, 2)],
        held: Some(true),
        brought: true,
        ..Row::default()
    };
    check(row("1"), &[WANTED]);
    check(row("latest"), &["untag 2"]);
    let not_ours = Row {
        brought: false,
        ..row("latest")
    };
    check(not_ours, &[WANTED]);
    let on_its_way = Row {
        pulling: Some(vec![(1, 1)]),
        ..row("latest")
    };
    check(on_its_way, &[WANTED]);
    let tagging = Row {
        pulling: Some(vec![(1, 1)]),
        is_tagging: true,
        ..row("latest")
    };
    check(tagging, &[]);
    let unknown = Row {
        held: None,
        ..row("latest")
    };
    check(unknown, &[]);
}

#[test]
fn several_go_together() {
    let row = Row {
        placements: vec![absent(), (Goal::Absent, "latest", Removing, 2)],
        held: Some(true),
        brought: true,
        ..Row::default()
    };
    check(row, &["remove 1,2"]);
}

#[test]
fn nothing_starts_while_an_image_is_being_taken_away() {
    for held in [None, Some(true), Some(false)] {
        let row = Row {
            placements: vec![present(Waiting), absent()],
            held,
            brought: true,
            removing: true,
            ..Row::default()
        };
        check(row, &[]);
    }
}

#[test]
fn who_failed_not_long_ago_rests_unless_somebody_else_starts() {
    let row = |placements, resting| Row {
        placements,
        held: Some(false),
        resting,
        ..Row::default()
    };
    check(row(vec![present(Waiting)], vec![1]), &[]);
    check(
        row(vec![present(Waiting), present(Waiting)], vec![1]),
        &["pull 1,2"],
    );
    let removal = Row {
        brought: true,
        ..row(vec![absent()], vec![1])
    };
    check(removal, &[]);
}

#[test]
fn what_nobody_names_goes_once_nothing_else_is_under_way() {
    // Of a placement with another image only the state counts here.
    let row = || Row {
        held: Some(true),
        brought: true,
        ..Row::default()
    };
    check(row(), &["remove "]);
    let not_ours = Row {
        brought: false,
        ..row()
    };
    check(not_ours, &[]);
    let gone_by_hand = Row {
        held: Some(false),
        ..row()
    };
    check(gone_by_hand, &["remove "]);
    let unknown = Row {
        held: None,
        ..row()
    };
    check(unknown, &[]);
    let resolving = Row {
        resolving: 1,
        ..row()
    };
    check(resolving, &[]);
    let being_removed = Row {
        removing: true,
        ..row()
    };
    check(being_removed, &[]);
    let in_use = Row {
        stays: true,
        ..row()
    };
    check(in_use, &[]);
    let being_pulled = Row {
        pulling: Some(vec![(1, 1)]),
        ..row()
    };
    check(being_pulled, &["cancel"]);
    let unreadable = (Goal::Present, "not a tag", Failed, 1);
    let beside_a_failure = Row {
        placements: vec![unreadable],
        ..row()
    };
    check(beside_a_failure, &["remove "]);
}

#[test]
fn a_reference_that_cannot_be_read_fails_or_goes() {
    let row = |goal, state, reported| Row {
        placements: vec![(goal, "not a tag", state, 1)],
        reported,
        ..Row::default()
    };
    check(row(Goal::Present, Waiting, vec![]), &["unreadable 1"]);
    check(row(Goal::Present, Failed, vec![]), &[]);
    check(row(Goal::Absent, Removing, vec![]), &["gone 1"]);
    check(
        row(Goal::Absent, Removing, vec![(1, 1, Removing, true)]),
        &[],
    );
}
