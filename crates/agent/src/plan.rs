mod absent;
mod leftover;
mod present;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap, HashSet};

use api::agent::{Desired, DesiredPlacement, Goal, Kept, Progress};
use api::{KeptReason, PlacementState};
use engine::{Brought, EngineImage, PinnedImage};
use model::{Digest, ImageReference, PlacementId};

use absent::plan_absent;
use leftover::plan_leftovers;
use present::plan_present;

/// Why an image stays that somebody else had pulled.
pub(crate) fn not_ours() -> Kept {
    Kept {
        reason: KeptReason::NotOurs,
        detail: "the image was on this host before".to_owned(),
    }
}

/// Why an image stays that another workspace wants.
pub(crate) fn wanted() -> Kept {
    Kept {
        reason: KeptReason::Wanted,
        detail: "another workspace on this host uses the image".to_owned(),
    }
}

/// What work is about: workspaces that want the same image share it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ImageKey {
    /// Host and repository.
    pub(crate) repository: String,
    /// The pinned digest.
    pub(crate) digest: Digest,
}

impl ImageKey {
    pub(crate) fn of(image: &PinnedImage) -> Self {
        Self {
            repository: image.reference.name(),
            digest: image.digest.clone(),
        }
    }
}

/// A placement and what of it the work is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) placement: PlacementId,
    pub(crate) attempt: u32,
    pub(crate) image: PinnedImage,
}

/// The images that an engine holds, with their sizes.
#[derive(Debug, Default)]
pub(crate) struct Held(HashMap<ImageKey, u64>);

impl Held {
    pub(crate) fn of(images: &[EngineImage]) -> Self {
        let names = images.iter().flat_map(|image| {
            image
                .references
                .iter()
                .map(|reference| (reference, image.size_bytes))
        });
        Self(
            names
                .filter_map(|(text, size_bytes)| {
                    let reference = ImageReference::parse(text).ok()?;
                    let digest = reference.digest()?.clone();
                    let repository = reference.name();
                    Some((ImageKey { repository, digest }, size_bytes))
                })
                .collect(),
        )
    }
}

/// A pull under way.
#[derive(Debug, Default)]
pub(crate) struct Pulling {
    /// The placements and attempts it is for.
    pub(crate) members: BTreeSet<(PlacementId, u32)>,
    /// Whether the image is here, so that only its tags are left to do.
    pub(crate) is_tagging: bool,
}

/// All that a plan depends on.
#[derive(Debug)]
pub(crate) struct Situation<'a> {
    /// What shall be.
    pub(crate) desired: &'a Desired,
    /// What the engine holds; none while that is not known, or known from before our last change.
    pub(crate) held: Option<&'a Held>,
    /// Images that we brought to this host.
    pub(crate) brought: &'a Brought,
    /// What we last reported of each placement.
    pub(crate) reported: &'a HashMap<PlacementId, Progress>,
    /// Pulls under way.
    pub(crate) pulling: &'a HashMap<ImageKey, Pulling>,
    /// Removals under way.
    pub(crate) removing: &'a HashSet<ImageKey>,
    /// Placements whose last try failed not long ago.
    pub(crate) resting: &'a HashSet<PlacementId>,
    /// Images that could not be taken away not long ago.
    pub(crate) staying: &'a HashSet<ImageKey>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Say that the image is here: somebody else had pulled it.
    Ready { member: Member, size_bytes: u64 },
    /// Say that the reference cannot be read.
    Unreadable {
        placement: PlacementId,
        attempt: u32,
        text: String,
    },
    /// Say that nothing is left to take away, or why the image stays.
    Gone {
        placement: PlacementId,
        attempt: u32,
        kept: Option<Kept>,
    },
    /// Bring the image, or only tag it if it is `held` already.
    Pull {
        key: ImageKey,
        members: Vec<Member>,
        held: bool,
    },
    /// Let a placement share a pull under way.
    Join { key: ImageKey, member: Member },
    /// End a pull that nobody wants any more.
    Cancel { key: ImageKey },
    /// Drop the tag of a placement while the image stays for another.
    Untag { key: ImageKey, member: Member },
    /// Take the image away; without members nobody asks for that, and nobody wants it either.
    Remove { key: ImageKey, members: Vec<Member> },
}

/// Placements that want, or wanted, the same image.
#[derive(Debug, Default)]
struct Group {
    present: Vec<Member>,
    open: Vec<(Member, PlacementState)>,
    absent: Vec<Member>,
}

/// Decides what to do next. Pure, and idempotent: what is under way or was reported is not repeated.
pub(crate) fn plan(situation: &Situation<'_>) -> Vec<Action> {
    let mut actions = Vec::new();
    let mut order: Vec<ImageKey> = Vec::new();
    let mut groups: HashMap<ImageKey, Group> = HashMap::new();
    for placement in &situation.desired.placements {
        match pinned(placement) {
            Ok(image) => {
                let key = ImageKey::of(&image);
                let group = groups.entry(key.clone()).or_insert_with(|| {
                    order.push(key);
                    Group::default()
                });
                sort_in(group, placement, image, situation);
            }
            Err(text) => actions.extend(unreadable(placement, text, situation)),
        }
    }
    for key in &order {
        if let Some(group) = groups.get(key) {
            plan_present(key, group, situation, &mut actions);
            plan_absent(key, group, situation, &mut actions);
        }
    }
    plan_leftovers(&groups, situation, &mut actions);
    let mut orphans: Vec<_> = situation
        .pulling
        .keys()
        .filter(|key| !groups.contains_key(key))
        .collect();
    orphans.sort();
    actions.extend(
        orphans
            .into_iter()
            .map(|key| Action::Cancel { key: key.clone() }),
    );
    actions
}

/// The image of a placement, or why its reference cannot be read.
pub(crate) fn pinned(placement: &DesiredPlacement) -> Result<PinnedImage, String> {
    match ImageReference::parse(&placement.image.reference) {
        Ok(reference) => Ok(PinnedImage {
            reference,
            digest: placement.image.digest.clone(),
        }),
        Err(error) => Err(error.to_string()),
    }
}

/// The state that counts: what we reported of this attempt, else what the server knows.
pub(crate) fn state_of(
    placement: &DesiredPlacement,
    reported: &HashMap<PlacementId, Progress>,
) -> PlacementState {
    reported
        .get(&placement.placement)
        .filter(|report| report.attempt == placement.attempt)
        .map_or(placement.state, |report| report.state)
}

fn is_gone(placement: &DesiredPlacement, reported: &HashMap<PlacementId, Progress>) -> bool {
    reported
        .get(&placement.placement)
        .is_some_and(|report| report.attempt == placement.attempt && report.gone)
}

fn sort_in(
    group: &mut Group,
    placement: &DesiredPlacement,
    image: PinnedImage,
    situation: &Situation<'_>,
) {
    let member = Member {
        placement: placement.placement,
        attempt: placement.attempt,
        image,
    };
    match placement.goal {
        Goal::Present => {
            let state = state_of(placement, situation.reported);
            if state != PlacementState::Failed {
                group.open.push((member.clone(), state));
            }
            group.present.push(member);
        }
        Goal::Absent if !is_gone(placement, situation.reported) => group.absent.push(member),
        Goal::Absent => {}
    }
}

fn unreadable(
    placement: &DesiredPlacement,
    text: String,
    situation: &Situation<'_>,
) -> Option<Action> {
    let (id, attempt) = (placement.placement, placement.attempt);
    match placement.goal {
        Goal::Present => (state_of(placement, situation.reported) != PlacementState::Failed)
            .then_some(Action::Unreadable {
                placement: id,
                attempt,
                text,
            }),
        Goal::Absent => (!is_gone(placement, situation.reported)).then_some(Action::Gone {
            placement: id,
            attempt,
            kept: None,
        }),
    }
}

fn rests(member: &Member, situation: &Situation<'_>) -> bool {
    situation.resting.contains(&member.placement)
}
