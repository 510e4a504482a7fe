//! Mounts as the engine describes them, and file systems in memory.

use model::json::Value;

use crate::setting::Setting;
use crate::shape::each;
use crate::volumes::is_volume_name;
use crate::yaml::Yaml;

/// An array of paths with options behind a colon, or an object of paths and options.
pub(crate) fn tmpfs(setting: &mut Setting<'_>, value: &Value) {
    if value.as_array().is_some() {
        return each(setting, value, |setting, item| {
            if let Some(text) = setting.text(item) {
                setting.both(text);
            }
        });
    }
    for (path, value) in setting.object(value).unwrap_or_default() {
        let mut setting = setting.inner(&path);
        if path.contains(':') {
            setting.neither("no form can write a path with a colon");
        } else if let Some(options) = setting.text(value) {
            let colon = if options.is_empty() { "" } else { ":" };
            setting.both(format!("{path}{colon}{options}"));
        }
    }
}

/// An array of mounts.
pub(crate) fn mounts(setting: &mut Setting<'_>, value: &Value) {
    each(setting, value, |setting, item| {
        mount(setting, item);
    });
}

/// One mount in both forms, as it grows.
struct Mount {
    fields: Vec<String>,
    entry: Yaml,
}

impl Mount {
    fn add(&mut self, field: &str, path: &str, text: &str) {
        self.fields.push(format!("{field}={text}"));
        self.entry.set(path, Yaml::text(text));
    }

    fn switch(&mut self, field: &str, path: &str) {
        self.fields.push(field.to_owned());
        self.entry.set(path, Yaml::bool(true));
    }
}

fn mount(setting: &mut Setting<'_>, item: &Value) -> Option<()> {
    setting.object(item)?;
    let mut mount = Mount {
        fields: Vec::new(),
        entry: Yaml::Map(Vec::new()),
    };
    let Some(kind) = member(item, "Type") else {
        setting.neither("expected an object with Type and Target");
        return None;
    };
    let kind = setting.text(kind)?;
    if !matches!(kind.as_str(), "bind" | "volume" | "tmpfs") {
        setting.neither("only mounts of the types bind, volume and tmpfs can be written");
        return None;
    }
    mount.add("type", "type", &kind);
    for (key, value) in setting.object(item)? {
        if value.is_null() {
            continue;
        }
        let mut setting = setting.inner(&key);
        match key.to_ascii_lowercase().as_str() {
            "type" => {}
            "source" => source(&mut setting, &mut mount, &kind, value)?,
            "target" => mount.add("target", "target", &setting.text(value)?),
            "consistency" => mount.add("consistency", "consistency", &setting.text(value)?),
            "readonly" => {
                if is_set(&mut setting, value) {
                    mount.switch("readonly", "read_only");
                }
            }
            "bindoptions" | "volumeoptions" | "tmpfsoptions" => {
                for (key, value) in setting.object(value)? {
                    option(&mut setting.inner(&key), &mut mount, &key, value);
                }
            }
            _ => setting.neither("a mount has no such property"),
        }
    }
    setting.flag(csv(&mount.fields));
    setting.item(mount.entry);
    Some(())
}

fn source(setting: &mut Setting<'_>, mount: &mut Mount, kind: &str, value: &Value) -> Option<()> {
    let source = setting.text(value)?;
    match kind {
        "volume" if source.is_empty() => {}
        "volume" if is_volume_name(&source) => {
            setting.volume(&source);
            mount.add("source", "source", &source);
        }
        "bind" if source.starts_with('/') => mount.add("source", "source", &source),
        "tmpfs" => setting.neither("a file system in memory has no source"),
        _ => {
            setting.neither("it is neither an absolute path nor the name of a volume");
            return None;
        }
    }
    Some(())
}

fn option(setting: &mut Setting<'_>, mount: &mut Mount, key: &str, value: &Value) {
    const NO_KEY: &str = "the Compose Specification has no key for it beside a mount";
    if value.is_null() {
        return;
    }
    match key.to_ascii_lowercase().as_str() {
        "propagation" => {
            if let Some(text) = setting.text(value).filter(|text| !text.is_empty()) {
                mount.add("bind-propagation", "bind.propagation", &text);
            }
        }
        "nonrecursive" => {
            if is_set(setting, value) {
                setting.not_compose(NO_KEY);
                mount.fields.push("bind-nonrecursive".to_owned());
            }
        }
        "nocopy" => {
            if is_set(setting, value) {
                mount.switch("volume-nocopy", "volume.nocopy");
            }
        }
        "labels" => {
            setting.not_compose(NO_KEY);
            pairs(setting, mount, "volume-label", value);
        }
        "driverconfig" => {
            setting.not_compose(NO_KEY);
            for (key, value) in setting.object(value).unwrap_or_default() {
                let mut setting = setting.inner(&key);
                match key.to_ascii_lowercase().as_str() {
                    "name" => {
                        let name = setting.text(value);
                        mount
                            .fields
                            .extend(name.map(|name| format!("volume-driver={name}")));
                    }
                    "options" => pairs(&mut setting, mount, "volume-opt", value),
                    _ => setting.not_docker("a driver has no such property"),
                }
            }
        }
        "sizebytes" => {
            if let Some(size) = setting.integer(value) {
                mount.fields.push(format!("tmpfs-size={size}"));
                mount.entry.set("tmpfs.size", Yaml::number(size));
            }
        }
        "mode" => {
            if let Some(mode) = setting.integer(value) {
                mount.fields.push(format!("tmpfs-mode={mode:o}"));
                mount.entry.set("tmpfs.mode", Yaml::number(mode));
            }
        }
        _ => setting.neither("a mount has no such property"),
    }
}

fn pairs(setting: &mut Setting<'_>, mount: &mut Mount, field: &str, value: &Value) {
    for (name, value) in setting.object(value).unwrap_or_default() {
        let value = setting.inner(&name).text(value);
        mount
            .fields
            .extend(value.map(|value| format!("{field}={name}={value}")));
    }
}

fn is_set(setting: &mut Setting<'_>, value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| {
        setting.unexpected("a truth value", value);
        false
    })
}

/// A member as the engine finds it, which does not care about capital letters.
fn member<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    let members = object.as_object()?.members().iter().rev();
    let mut named = members.filter(|member| {
        let key = member.key.as_str();
        key.is_some_and(|key| key.eq_ignore_ascii_case(name))
    });
    named.next().map(|member| &member.value)
}

/// Fields as docker takes them apart: one record of comma-separated values.
pub(crate) fn csv(fields: &[String]) -> String {
    let quoted = fields.iter().map(|field| {
        if field.contains(['"', ',', '\n']) || field.starts_with(' ') {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field.clone()
        }
    });
    quoted.collect::<Vec<_>>().join(",")
}
