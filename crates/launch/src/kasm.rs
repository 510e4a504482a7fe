use model::json::{Object, Value, stringify_pretty};

use crate::remark::Remarks;
use crate::setting::members;
use crate::workspace::is_nothing;
use crate::{Workspace, Written};

/// Properties that an image of Kasm Workspaces has under the same name.
const SAME: [&str; 40] = [
    "friendly_name",
    "description",
    "notes",
    "docker_registry",
    "categories",
    "cores",
    "cpu_allocation_method",
    "gpu_count",
    "require_gpu",
    "gpu_graphics_acceleration",
    "gpu_video_encoding",
    "run_config",
    "exec_config",
    "launch_config",
    "volume_mappings",
    "persistent_profile_path",
    "enforce_workspace_persistence",
    "enabled",
    "hidden",
    "image_type",
    "session_time_limit",
    "restrict_to_zone",
    "zone_id",
    "restrict_to_server",
    "server_id",
    "server_pool_id",
    "restrict_to_network",
    "restrict_network_names",
    "allow_network_selection",
    "override_egress_gateways",
    "filter_policy_id",
    "filter_policy_inherit",
    "filter_policy_force_disabled",
    "session_banner_id",
    "session_banner_force_disabled",
    "link_url",
    "x_res",
    "y_res",
    "include_labels",
    "exclude_labels",
];

/// The JSON of an image as Kasm Workspaces keeps it. `icon` is where its icon can be fetched; `size` is what the chosen image
/// takes unpacked, in decimal megabytes.
pub fn kasm_image(workspace: &Workspace<'_>, icon: Option<&str>, size: Option<u64>) -> Written {
    let mut remarks = Remarks::default();
    let mut image = Object::default();
    let tag = workspace.image.tag_or_latest();
    let name = match workspace.image.digest() {
        Some(_) => workspace.image.as_written().to_owned(),
        None => format!("{}:{tag}", workspace.image.familiar_name()),
    };
    image.set("name", Value::string(name));
    match workspace.digest {
        Some(digest) => {
            image.set("hash", Value::string(digest.as_str()));
            remarks.add("image", "`hash` has the digest that the tag was pinned to; agents of Kasm Workspaces pull by tag and compare");
        }
        None => remarks.add(
            "image",
            "its tag is not pinned to a digest yet, and may name another image later",
        ),
    }
    image.set("image_type", Value::string("Container"));
    image.set("enabled", Value::bool(true));
    if let Some(icon) = icon {
        image.set("image_src", Value::string(icon));
    }
    if let Some(size) = size {
        image.set("uncompressed_size_mb", Value::number(size));
    }
    let definition = workspace.definition.as_object();
    for (key, value) in definition.into_iter().flat_map(members) {
        let name = key.to_string_lossy();
        match &*name {
            "name" | "compatibility" | "compatability" | "uncompressed_size_mb" => {}
            "image_src" if icon.is_some() => {}
            "memory" => memory(&mut image, &mut remarks, value),
            key if SAME.contains(&key) => image.set(key, value.clone()),
            _ if is_nothing(value) => {}
            _ => {
                let shown: String = name.chars().take(80).collect();
                remarks.add(&shown, other(&name));
            }
        }
    }
    let image = image.members().iter();
    let image = Value::object(image.map(|member| (member.key.clone(), member.value.clone())));
    let mut text = in_order(&stringify_pretty(&image));
    text.push('\n');
    Written {
        text,
        remarks: remarks.into_vec(),
    }
}

/// Writes control characters and what turns the direction of text as escapes, which mean the same: both stand in strings only.
fn in_order(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for sign in json.chars() {
        if crate::shell::turns(sign) || (sign.is_control() && sign != '\n') {
            text.extend(format!("\\u{:04x}", u32::from(sign)).chars());
        } else {
            text.push(sign);
        }
    }
    text
}

/// Registries count decimal megabytes, images of Kasm Workspaces bytes.
fn memory(image: &mut Object, remarks: &mut Remarks, value: &Value) {
    match value.as_number().map(model::json::Number::as_f64) {
        Some(megabytes) if (0.0..=1e8).contains(&megabytes) => {
            image.set("memory", Value::integer((megabytes * 1e6).round() as i64));
        }
        None if value.is_null() => {}
        _ => remarks.add("memory", "expected a number of megabytes"),
    }
}

fn other(key: &str) -> &'static str {
    match key {
        "architecture" => {
            "images of Kasm Workspaces do not say it; agents take what the image offers"
        }
        "image_src" => "the icon is a file of the registry, which is not at hand",
        "sha" => "it identifies the listing in its registry",
        _ => "images of Kasm Workspaces have no such property",
    }
}
