//! All that a definition asks of a container, whichever property says so.

use std::borrow::Cow;

use model::json::{Object, Value};

use crate::Workspace;
use crate::setting::{Setting, members};
use crate::sheet::Sheet;
use crate::table;
use crate::volumes;

/// Properties that describe a workspace, or choose its image, and are no part of a container.
pub const DESCRIPTIVE: [&str; 17] = [
    "friendly_name",
    "name",
    "description",
    "notes",
    "image_src",
    "categories",
    "architecture",
    "compatibility",
    "compatability",
    "uncompressed_size_mb",
    "docker_registry",
    "sha",
    "enabled",
    "hidden",
    "image_type",
    "x_res",
    "y_res",
];

/// What people fill in for each session.
const PER_SESSION: &str = "it is filled in for each session, and there is none here";

/// Gathers everything; what no form takes is noted on both.
pub(crate) fn gather(workspace: &Workspace<'_>) -> Sheet {
    let mut sheet = Sheet::new();
    if workspace.digest.is_none() && workspace.image.digest().is_none() {
        sheet.neither(
            "image",
            "its tag is not pinned to a digest yet, and may name another image later",
        );
    }
    let Some(definition) = workspace.definition.as_object() else {
        sheet.neither("definition", "it is no object");
        return sheet;
    };
    let run_config = definition
        .get("run_config")
        .filter(|value| !value.is_null());
    let start = run_config.and_then(Value::as_object);
    let is_free = |key: &str| {
        let value = start.and_then(|start| start.get(key));
        value.is_none_or(Value::is_null)
    };
    resources(&mut sheet, definition, &is_free);
    for (key, value) in members(definition) {
        let key = key.to_string_lossy();
        if is_nothing(value) || DESCRIPTIVE.contains(&&*key) {
            continue;
        }
        match &*key {
            "cores" | "cpu_allocation_method" | "memory" | "gpu_count" => {}
            "run_config" => run(&mut sheet, value),
            "exec_config" => exec(&mut sheet, value),
            "volume_mappings" => mappings(&mut sheet, value),
            "persistent_profile_path" => profile(&mut sheet, value),
            _ => sheet.neither(&shown(&key), other(&key)),
        }
    }
    sheet
}

/// Cores, memory and graphics processors, where the start options do not say otherwise.
fn resources(sheet: &mut Sheet, definition: &Object, is_free: &dyn Fn(&str) -> bool) {
    const OVERRIDDEN: &str = "run_config says otherwise, and comes first";
    let asked = |key: &str| definition.get(key).filter(|value| !is_nothing(value));
    let give = |sheet: &mut Sheet, property: &str, key: &str, value: Value| {
        if is_free(key) {
            convert(sheet, key, property.to_owned(), &value);
        } else {
            sheet.neither(property, OVERRIDDEN);
        }
    };
    if let Some(value) = asked("cores") {
        let method = asked("cpu_allocation_method")
            .and_then(Value::as_str)
            .unwrap_or("Inherit");
        match (value.as_number().map(model::json::Number::as_f64), method) {
            (Some(cores), _) if !(cores > 0.0 && cores <= 1e5) => {
                sheet.neither("cores", "expected a number of processors");
            }
            (None, _) => sheet.neither(
                "cores",
                format!("expected a number, found {}", value.kind_in_words()),
            ),
            (Some(cores), "Quotas") => {
                give(
                    sheet,
                    "cores",
                    "nano_cpus",
                    Value::integer((cores * 1e9).round() as i64),
                );
            }
            (Some(cores), "Shares" | "Inherit") => {
                give(
                    sheet,
                    "cores",
                    "cpu_shares",
                    Value::integer(((cores * 1024.0).round() as i64).max(2)),
                );
                if method == "Inherit" {
                    sheet.neither("cpu_allocation_method", "Inherit follows a setting of the consumer, which is Shares unless changed; Shares are written");
                }
            }
            (Some(_), _) => sheet.neither(
                "cpu_allocation_method",
                "expected Inherit, Quotas or Shares; the cores are not written",
            ),
        }
    }
    if let Some(value) = asked("memory") {
        match value.as_number().map(model::json::Number::as_f64) {
            Some(megabytes) if megabytes > 0.0 && megabytes <= 1e8 => {
                give(
                    sheet,
                    "memory",
                    "mem_limit",
                    Value::integer((megabytes * 1e6).round() as i64),
                );
            }
            Some(0.0) => {}
            _ => sheet.neither("memory", "expected a number of megabytes"),
        }
    }
    if let Some(value) = asked("gpu_count") {
        match value.as_number().and_then(model::json::Number::as_i64) {
            Some(0) => {}
            Some(count) if (1..=1000).contains(&count) => {
                let capabilities = Value::array([Value::array([Value::string("gpu")])]);
                let request = Value::object([
                    ("count", Value::integer(count)),
                    ("capabilities", capabilities),
                ]);
                give(
                    sheet,
                    "gpu_count",
                    "device_requests",
                    Value::array([request]),
                );
                if is_free("runtime") {
                    convert(
                        sheet,
                        "runtime",
                        "gpu_count".to_owned(),
                        &Value::string("nvidia"),
                    );
                }
            }
            _ => sheet.neither("gpu_count", "expected a number of graphics processors"),
        }
    }
}

fn run(sheet: &mut Sheet, value: &Value) {
    let Some(object) = value.as_object() else {
        sheet.neither(
            "run_config",
            format!("expected an object, found {}", value.kind_in_words()),
        );
        return;
    };
    let has_network = object
        .get("network")
        .is_some_and(|network| !is_nothing(network));
    for (key, value) in members(object) {
        let key = key.to_string_lossy();
        let property = format!("run_config.{}", shown(&key));
        if key == "network_mode" && has_network && !is_nothing(value) {
            sheet.neither(&property, "network and network_mode exclude each other");
        } else {
            convert(sheet, &key, property, value);
        }
    }
}

/// Turns one key of `run_config` into both forms.
fn convert(sheet: &mut Sheet, key: &str, property: String, value: &Value) {
    // An empty entrypoint takes away that of the image.
    if value.is_null() || (is_nothing(value) && key != "entrypoint") {
        return;
    }
    let Some(row) = table::find(key) else {
        let reason = match key {
            "image" => "the image stands elsewhere, and cannot be given twice",
            _ => "containers have no such setting, and sessions of this workspace would not start",
        };
        return sheet.neither(&property, reason);
    };
    if let table::To::Not(reason) = row.docker {
        sheet.not_docker(&property, reason);
    }
    if let table::To::Not(reason) = row.compose {
        sheet.not_compose(&property, reason);
    }
    (row.read)(&mut Setting::new(sheet, row, property), value);
}

fn exec(sheet: &mut Sheet, value: &Value) {
    let Some(object) = value.as_object() else {
        sheet.neither(
            "exec_config",
            format!("expected an object, found {}", value.kind_in_words()),
        );
        return;
    };
    for (key, _) in members(object).filter(|(_, value)| !is_nothing(value)) {
        let key = key.to_string_lossy();
        let reason = match &*key {
            "first_launch" => {
                "it is run in the container once after the first start; starting a container has no such step"
            }
            "go" => "it is run in a container that runs already",
            "assign" => "it is run when a session is given to a person",
            "environment" => "it is the environment of the commands beside it",
            _ => "no consumer knows a command of this name",
        };
        sheet.neither(&format!("exec_config.{}", shown(&key)), reason);
    }
}

/// `{host: {bind, mode, uid, gid, required, timeout, skip_check}}`.
fn mappings(sheet: &mut Sheet, value: &Value) {
    let Some(object) = value.as_object() else {
        sheet.neither(
            "volume_mappings",
            format!("expected an object, found {}", value.kind_in_words()),
        );
        return;
    };
    for (host, value) in members(object) {
        let host = host.to_string_lossy();
        let property = format!("volume_mappings.{}", shown(&host));
        if host.contains('{') {
            sheet.neither(&property, PER_SESSION);
            continue;
        }
        let Some(mapping) = value.as_object() else {
            sheet.neither(
                &property,
                format!("expected an object, found {}", value.kind_in_words()),
            );
            continue;
        };
        mount(sheet, &property, &host, mapping);
        for (key, _) in members(mapping).filter(|(_, value)| !value.is_null()) {
            let key = key.to_string_lossy();
            let reason = match &*key {
                "bind" | "mode" => continue,
                "uid" | "gid" => {
                    "the owner of a folder is set before containers start; nothing of a container sets it"
                }
                "required" | "timeout" | "skip_check" => {
                    "it tells the consumer what to check before a container starts"
                }
                _ => "a mapping has no such property",
            };
            sheet.neither(&format!("{property}.{}", shown(&key)), reason);
        }
    }
}

fn mount(sheet: &mut Sheet, property: &str, host: &str, mapping: &Object) {
    let Some(row) = table::find("volumes") else {
        return;
    };
    let mut setting = Setting::new(sheet, row, property.to_owned());
    let Some(bind) = mapping.get("bind").filter(|bind| !bind.is_null()) else {
        return setting.neither("expected an object with bind and mode");
    };
    let mode = mapping.get("mode").filter(|mode| !mode.is_null());
    let (Some(bind), Some(mode)) = (
        setting.text(bind),
        mode.map_or(Some("rw".to_owned()), |mode| setting.text(mode)),
    ) else {
        return;
    };
    if bind.contains('{') {
        return setting.neither(PER_SESSION);
    }
    volumes::bind(&mut setting, host, &bind, &mode);
}

/// Where consumers keep the home folder.
fn profile(sheet: &mut Sheet, value: &Value) {
    const PROPERTY: &str = "persistent_profile_path";
    const HOME: &str = "/home/kasm-user";
    let Some(row) = table::find("volumes") else {
        return;
    };
    let mut setting = Setting::new(sheet, row, PROPERTY.to_owned());
    let Some(path) = setting.text(value) else {
        return;
    };
    if path.contains('{') {
        setting.neither(PER_SESSION);
    } else if path.contains("://") {
        setting.neither("the consumer's own loader inside the image brings profiles from there");
    } else {
        volumes::bind(&mut setting, &path, HOME, "rw");
    }
}

/// Why a property of the definition itself is not expressed.
fn other(key: &str) -> &'static str {
    match key {
        "require_gpu" | "gpu_graphics_acceleration" | "gpu_video_encoding" => {
            "it chooses the host; containers get graphics processors by gpu_count"
        }
        "launch_config" | "session_time_limit" | "enforce_workspace_persistence" | "link_url" => {
            "it is about sessions of a consumer"
        }
        "allow_network_selection"
        | "restrict_to_network"
        | "restrict_network_names"
        | "override_egress_gateways" => "it says which networks people may choose from",
        "filter_policy_id" | "filter_policy_inherit" | "filter_policy_force_disabled" => {
            "it names a policy of a consumer"
        }
        key if key.starts_with("restrict_to_") || key.ends_with("_id") => {
            "it names something that only a consumer knows"
        }
        _ => "it is not known what it asks of a container",
    }
}

fn shown(key: &str) -> Cow<'_, str> {
    const LONGEST: usize = 80;
    match key.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &key[..end])),
        None => Cow::Borrowed(key),
    }
}

pub(crate) fn is_nothing(value: &Value) -> bool {
    value.is_null()
        || value.as_object().is_some_and(Object::is_empty)
        || value.as_array().is_some_and(<[Value]>::is_empty)
        || value
            .as_string()
            .is_some_and(model::json::JsString::is_empty)
}
