//! Folders and volumes that are mounted.

use model::json::Value;

use crate::setting::Setting;
use crate::shape::{each, either};
use crate::yaml::Yaml;

/// An object of folders or volumes with `{bind, mode}`, or an array of `host:container:mode`.
pub(crate) fn volumes(setting: &mut Setting<'_>, value: &Value) {
    if value.as_array().is_some() {
        return each(setting, value, |setting, item| {
            let Some(text) = setting.text(item) else {
                return;
            };
            let parts: Vec<&str> = text.split(':').collect();
            match parts.as_slice() {
                [inside] => anonymous(setting, inside),
                [host, inside] => bind(setting, host, inside, ""),
                [host, inside, mode] => bind(setting, host, inside, mode),
                _ => setting.neither("expected host:container:mode"),
            }
        });
    }
    for (host, value) in setting.object(value).unwrap_or_default() {
        let mut setting = setting.inner(&host);
        let Some(inside) = either(value, "bind", "bind") else {
            setting.neither("expected an object with bind and mode");
            continue;
        };
        let (Some(inside), Some(mode)) = (setting.text(inside), mode(&mut setting, value)) else {
            continue;
        };
        for (key, _) in setting.object(value).unwrap_or_default() {
            if !matches!(key.as_str(), "bind" | "mode" | "ro" | "propagation") {
                setting.inner(&key).neither("a volume has no such property");
            }
        }
        bind(&mut setting, &host, &inside, &mode);
    }
}

/// An array of names of containers, or names parted by commas.
pub(crate) fn volumes_from(setting: &mut Setting<'_>, value: &Value) {
    if value.as_string().is_some() {
        let text = setting.text(value).unwrap_or_default();
        text.split(',')
            .for_each(|container| volumes_of(setting, container));
        return;
    }
    each(setting, value, |setting, item| {
        if let Some(container) = setting.text(item) {
            volumes_of(setting, &container);
        }
    });
}

fn volumes_of(setting: &mut Setting<'_>, container: &str) {
    setting.flag(container);
    setting.item(Yaml::Text(format!("container:{container}")));
}

/// Mounts a folder of the host, or a volume.
pub(crate) fn bind(setting: &mut Setting<'_>, host: &str, inside: &str, mode: &str) {
    if host.contains(':') || inside.contains(':') || mode.contains(':') {
        return setting.neither("no form can write a path with a colon");
    }
    if !inside.starts_with('/') {
        return setting.neither("a path inside the container begins with a slash");
    }
    if !host.starts_with('/') {
        if !is_volume_name(host) {
            return setting.neither("it is neither an absolute path nor the name of a volume");
        }
        setting.volume(host);
    }
    let mode = if mode.is_empty() {
        String::new()
    } else {
        format!(":{mode}")
    };
    setting.both(format!("{host}:{inside}{mode}"));
}

fn anonymous(setting: &mut Setting<'_>, inside: &str) {
    if !inside.starts_with('/') {
        return setting.neither("a path inside the container begins with a slash");
    }
    setting.both(inside);
}

/// What the engine takes for the name of a volume.
pub(crate) fn is_volume_name(name: &str) -> bool {
    name.len() > 1
        && name.starts_with(|sign: char| sign.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '.' | '-'))
}

fn mode(setting: &mut Setting<'_>, value: &Value) -> Option<String> {
    let mode = match (either(value, "mode", "mode"), either(value, "ro", "ro")) {
        (Some(mode), None) => setting.text(mode)?,
        (None, Some(is_read_only)) => match is_read_only.as_bool() {
            Some(true) => "ro".to_owned(),
            Some(false) => "rw".to_owned(),
            None => {
                setting.unexpected("a truth value", is_read_only);
                return None;
            }
        },
        (None, None) => "rw".to_owned(),
        (Some(_), Some(_)) => {
            setting.neither("mode and ro exclude each other");
            return None;
        }
    };
    match either(value, "propagation", "propagation") {
        Some(propagation) => {
            let comma = if mode.is_empty() { "" } else { "," };
            Some(format!("{mode}{comma}{}", setting.text(propagation)?))
        }
        None => Some(mode),
    }
}
