use model::json::{Kind, Value};

/// A `null` in an object cannot be told by a merge patch: there it means "take away".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NullMember {
    /// The key that has it.
    pub(super) key: String,
}

/// The merge patch that makes `new` of `old`; nothing if they are alike.
pub(super) fn difference(old: Option<&Value>, new: &Value) -> Result<Option<Value>, NullMember> {
    let Kind::Object(new_members) = &new.kind else {
        return Ok((old != Some(new)).then(|| new.clone()));
    };
    let old_members = old.and_then(Value::as_object);
    let mut patch = Vec::new();
    for member in new_members.members() {
        let key = member.key.to_string_lossy();
        // Of several members of one key the last counts; the others are passed over.
        if new_members
            .member(&key)
            .is_some_and(|last| last.key_span != member.key_span)
        {
            continue;
        }
        let before = old_members.and_then(|members| members.get(&key));
        if member.value.is_null() {
            if before.is_some_and(Value::is_null) {
                continue;
            }
            return Err(NullMember {
                key: key.into_owned(),
            });
        }
        if let Some(change) = difference(before, &member.value)? {
            patch.push((member.key.clone(), change));
        }
    }
    for member in old_members.map_or(&[][..], |members| members.members()) {
        if new_members.get(&member.key.to_string_lossy()).is_none() {
            patch.push((member.key.clone(), Value::null()));
        }
    }
    // An object that was none before must be told even when it is empty.
    let is_change = !patch.is_empty() || old_members.is_none();
    Ok(is_change.then(|| Value::object(patch)))
}
