use std::collections::{BTreeSet, HashMap, HashSet};

use api::PlacementState;
use api::agent::{Desired, DesiredPlacement, Goal, Progress};
use engine::{Brought, EngineImage, PinnedImage};
use model::{Digest, ImageReference, PlacementId};

/// Why an image stays that somebody else had pulled.
pub(crate) const WAS_HERE: &str = "the image was on this host before";

/// Why an image stays that another workspace wants.
pub(crate) const WANTED: &str = "another workspace on this host uses the image";

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
    /// Pulls under way, with the placements and attempts they are for.
    pub(crate) pulling: &'a HashMap<ImageKey, BTreeSet<(PlacementId, u32)>>,
    /// Removals under way.
    pub(crate) removing: &'a HashSet<ImageKey>,
    /// Placements whose last try failed not long ago.
    pub(crate) resting: &'a HashSet<PlacementId>,
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
        kept: Option<&'static str>,
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
    /// Take the image away.
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

fn plan_present(
    key: &ImageKey,
    group: &Group,
    situation: &Situation<'_>,
    actions: &mut Vec<Action>,
) {
    if let Some(members) = situation.pulling.get(key) {
        if group.open.is_empty() {
            actions.push(Action::Cancel { key: key.clone() });
        }
        for (member, _) in &group.open {
            if !members.contains(&(member.placement, member.attempt)) {
                actions.push(Action::Join {
                    key: key.clone(),
                    member: member.clone(),
                });
            }
        }
        return;
    }
    let Some(held) = situation.held else {
        return;
    };
    if situation.removing.contains(key) {
        return;
    }
    match held.0.get(key) {
        Some(size_bytes) => {
            let brought = situation.brought.contains(&key.repository, &key.digest);
            let unready: Vec<Member> = group
                .open
                .iter()
                .filter(|(_, state)| *state != PlacementState::Ready)
                .map(|(member, _)| member.clone())
                .collect();
            if !brought {
                actions.extend(unready.into_iter().map(|member| Action::Ready {
                    member,
                    size_bytes: *size_bytes,
                }));
            } else if unready.iter().any(|member| !rests(member, situation)) {
                // It may have been cut off between pull and tag, so pulling is left to end it.
                actions.push(Action::Pull {
                    key: key.clone(),
                    members: unready,
                    held: true,
                });
            }
        }
        None if group
            .open
            .iter()
            .any(|(member, _)| !rests(member, situation)) =>
        {
            actions.push(Action::Pull {
                key: key.clone(),
                members: group
                    .open
                    .iter()
                    .map(|(member, _)| member.clone())
                    .collect(),
                held: false,
            });
        }
        None => {}
    }
}

fn plan_absent(
    key: &ImageKey,
    group: &Group,
    situation: &Situation<'_>,
    actions: &mut Vec<Action>,
) {
    // What is being taken away is looked at again when that ended.
    if group.absent.is_empty() || situation.removing.contains(key) {
        return;
    }
    let brought = situation.brought.contains(&key.repository, &key.digest);
    let pulling = situation.pulling.contains_key(key);
    let gone = |member: &Member, kept| Action::Gone {
        placement: member.placement,
        attempt: member.attempt,
        kept,
    };
    if !group.present.is_empty() {
        // A pull under way tags for those that are left, so there is no tag to drop.
        let has_tag = |member: &&Member| {
            let shared = group
                .present
                .iter()
                .any(|other| other.image.tagged() == member.image.tagged());
            brought && !pulling && !shared
        };
        let (tagged, bare): (Vec<&Member>, Vec<&Member>) = group.absent.iter().partition(has_tag);
        actions.extend(bare.into_iter().map(|member| gone(member, Some(WANTED))));
        // One at a time, because each changes what the engine holds.
        let next = tagged.into_iter().find(|member| !rests(member, situation));
        if let (Some(member), Some(_)) = (next, situation.held) {
            actions.push(Action::Untag {
                key: key.clone(),
                member: member.clone(),
            });
        }
        return;
    }
    let (Some(held), false) = (situation.held, pulling) else {
        return;
    };
    if !brought {
        let kept = held.0.contains_key(key).then_some(WAS_HERE);
        actions.extend(group.absent.iter().map(|member| gone(member, kept)));
    } else if group.absent.iter().any(|member| !rests(member, situation)) {
        actions.push(Action::Remove {
            key: key.clone(),
            members: group.absent.clone(),
        });
    }
}

fn rests(member: &Member, situation: &Situation<'_>) -> bool {
    situation.resting.contains(&member.placement)
}
