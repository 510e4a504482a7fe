//! The properties of a `workspace.json`, and those that are none.

use std::borrow::Cow;

use model::json::{self, Object};

use crate::context::Context;
use crate::nearest::nearest;

/// The properties of the format.
pub(crate) const PROPERTIES: [&str; 16] = [
    "friendly_name",
    "name",
    "description",
    "image_src",
    "architecture",
    "compatibility",
    "uncompressed_size_mb",
    "categories",
    "docker_registry",
    "run_config",
    "exec_config",
    "notes",
    "cores",
    "memory",
    "gpu_count",
    "cpu_allocation_method",
];
/// Properties beyond the format that registries carry and consumers know.
const MORE_PROPERTIES: [&str; 11] = [
    "allow_network_selection",
    "compatability",
    "enabled",
    "gpu_acceleration",
    "hidden",
    "image_type",
    "launch_config",
    "persistent_profile_path",
    "require_gpu",
    "sha",
    "volume_mappings",
];
/// The properties of an entry of `compatibility`.
pub(crate) const ENTRY_PROPERTIES: [&str; 4] =
    ["version", "image", "uncompressed_size_mb", "available_tags"];

/// A key that is no property where it stands.
pub(crate) struct Unknown<'a> {
    pub(crate) key: Cow<'a, str>,
    pub(crate) place: json::Span,
    /// The property that was meant, if that is clear and the object lacks it.
    pub(crate) meant: Option<&'static str>,
    /// Whether it stands in an entry of `compatibility`.
    pub(crate) in_entry: bool,
}

/// All keys of a workspace that are no properties.
pub(crate) fn unknown<'a>(workspace: &'a Context<'_>) -> impl Iterator<Item = Unknown<'a>> {
    let entries = workspace
        .compatibility()
        .iter()
        .filter_map(|entry| entry.as_object())
        .flat_map(|entry| unknown_in(entry, &ENTRY_PROPERTIES, &[], true));
    unknown_in(workspace.object, &PROPERTIES, &MORE_PROPERTIES, false).chain(entries)
}

fn unknown_in<'a>(
    object: &'a Object,
    known: &'static [&'static str],
    more: &'static [&'static str],
    in_entry: bool,
) -> impl Iterator<Item = Unknown<'a>> {
    object.members().iter().filter_map(move |member| {
        let key = member.key.to_string_lossy();
        if known.contains(&&*key) || more.contains(&&*key) {
            return None;
        }
        let candidates = known.iter().chain(more).copied();
        Some(Unknown {
            meant: nearest(&key, candidates).filter(|meant| object.get(meant).is_none()),
            place: member.key_span,
            key,
            in_entry,
        })
    })
}
