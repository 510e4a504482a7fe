use api::PlacementState;

use super::{Action, Group, ImageKey, Member, Situation, rests};

/// What is to do for placements that want their image.
pub(super) fn plan_present(
    key: &ImageKey,
    group: &Group,
    situation: &Situation<'_>,
    actions: &mut Vec<Action>,
) {
    if let Some(pulling) = situation.pulling.get(key) {
        if group.open.is_empty() {
            actions.push(Action::Cancel { key: key.clone() });
        }
        for (member, _) in &group.open {
            if !pulling
                .members
                .contains(&(member.placement, member.attempt))
            {
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
