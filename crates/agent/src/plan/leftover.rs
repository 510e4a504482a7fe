use std::collections::HashMap;

use api::PlacementState;

use super::{Action, Group, ImageKey, Situation};

/// What is to do for images that we brought and that no placement names any more: another image took their place, or
/// their workspace was forgotten.
///
/// They go last, because they may share layers with what is being brought in their place.
pub(super) fn plan_leftovers(
    groups: &HashMap<ImageKey, Group>,
    situation: &Situation<'_>,
    actions: &mut Vec<Action>,
) {
    let is_bringing = situation.desired.resolving > 0
        || !situation.pulling.is_empty()
        || groups.values().any(|group| {
            group
                .open
                .iter()
                .any(|(_, state)| *state != PlacementState::Ready)
        });
    if situation.held.is_none() || is_bringing {
        return;
    }
    let mut leftovers: Vec<ImageKey> = situation
        .brought
        .iter()
        .map(|(repository, digest)| ImageKey {
            repository: repository.to_owned(),
            digest: digest.clone(),
        })
        .filter(|key| {
            !groups.contains_key(key)
                && !situation.removing.contains(key)
                && !situation.staying.contains(key)
        })
        .collect();
    leftovers.sort();
    actions.extend(leftovers.into_iter().map(|key| Action::Remove {
        key,
        members: Vec::new(),
    }));
}
