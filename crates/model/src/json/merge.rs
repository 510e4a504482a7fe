use std::collections::{HashMap, HashSet};

use super::{JsString, Kind, Member, Object, Value};

/// Applies a JSON merge patch (RFC 7396): members of the patch replace those of the base, `null` takes them away.
///
/// Members keep their place, new ones come last. Of duplicate keys the last one counts, as everywhere.
pub fn merge_patch(base: &Value, patch: &Value) -> Value {
    let Kind::Object(patch) = &patch.kind else {
        return patch.clone();
    };
    let members = match &base.kind {
        Kind::Object(object) => without_duplicates(object.clone()),
        _ => Vec::new(),
    };
    let places: HashMap<JsString, usize> = members
        .iter()
        .enumerate()
        .map(|(place, member)| (member.key.clone(), place))
        .collect();
    let mut merged: Vec<Option<Member>> = members.into_iter().map(Some).collect();
    for change in without_duplicates(patch.clone()) {
        match places.get(&change.key) {
            Some(&place) if change.value.is_null() => merged[place] = None,
            Some(&place) => {
                if let Some(member) = &mut merged[place] {
                    member.value = merge_patch(&member.value, &change.value);
                }
            }
            None if change.value.is_null() => {}
            None => {
                // A patch of nothing: takes away what is `null` inside the new member.
                let value = merge_patch(&Value::null(), &change.value);
                merged.push(Some(Member { value, ..change }));
            }
        }
    }
    Value {
        span: base.span,
        kind: Kind::Object(Object::from_members(merged.into_iter().flatten().collect())),
    }
}

/// Keeps the first place and the last value of each key.
fn without_duplicates(object: Object) -> Vec<Member> {
    let mut members = object.into_members();
    if !has_duplicates(&members) {
        return members;
    }
    let mut last_values: HashMap<JsString, Value> = members
        .iter()
        .map(|member| (member.key.clone(), member.value.clone()))
        .collect();
    members.retain_mut(|member| match last_values.remove(&member.key) {
        Some(value) => {
            member.value = value;
            true
        }
        None => false,
    });
    members
}

/// Whether two members have the same key.
pub(crate) fn has_duplicates(members: &[Member]) -> bool {
    // Nearly all objects are small: comparing pairs is faster there than hashing.
    if members.len() <= 16 {
        return members
            .iter()
            .enumerate()
            .any(|(index, member)| members[..index].iter().any(|other| other.key == member.key));
    }
    let mut seen = HashSet::with_capacity(members.len());
    !members.iter().all(|member| seen.insert(&member.key))
}
