use super::{Action, Group, ImageKey, Member, Situation, not_ours, rests, wanted};

/// What is to do for placements that shall go.
pub(super) fn plan_absent(
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
    let pulling = situation.pulling.get(key);
    let gone = |member: &Member, kept| Action::Gone {
        placement: member.placement,
        attempt: member.attempt,
        kept,
    };
    if !group.present.is_empty() {
        if pulling.is_some_and(|pulling| pulling.is_tagging) {
            return;
        }
        // Tags come last: while an image is on its way there is none to drop.
        let has_tag = |member: &&Member| {
            let shared = group
                .present
                .iter()
                .any(|other| other.image.tagged() == member.image.tagged());
            brought && pulling.is_none() && !shared
        };
        let (tagged, bare): (Vec<&Member>, Vec<&Member>) = group.absent.iter().partition(has_tag);
        actions.extend(bare.into_iter().map(|member| gone(member, Some(wanted()))));
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
    let (Some(held), None) = (situation.held, pulling) else {
        return;
    };
    if !brought {
        let kept = held.0.contains_key(key).then(not_ours);
        let all = group.absent.iter();
        actions.extend(all.map(|member| gone(member, kept.clone())));
    } else if group.absent.iter().any(|member| !rests(member, situation)) {
        actions.push(Action::Remove {
            key: key.clone(),
            members: group.absent.clone(),
        });
    }
}
