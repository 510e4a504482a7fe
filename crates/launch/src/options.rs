//! Names with values.

use model::json::Value;

use crate::setting::Setting;
use crate::shape::{each, either, python_text};
use crate::yaml::Yaml;

/// An object of texts, or an array of names.
pub(crate) fn labels(setting: &mut Setting<'_>, value: &Value) {
    if value.as_array().is_some() {
        return each(setting, value, |setting, item| {
            if let Some(name) = setting.text(item) {
                pair(setting, &name, "");
            }
        });
    }
    for (name, value) in setting.object(value).unwrap_or_default() {
        let mut setting = setting.inner(&name);
        if let Some(value) = setting.text(value) {
            pair(&mut setting, &name, &value);
        }
    }
}

/// An object; values become text as Python has it.
pub(crate) fn sysctls(setting: &mut Setting<'_>, value: &Value) {
    for (name, value) in setting.object(value).unwrap_or_default() {
        let mut setting = setting.inner(&name);
        match python_text(value) {
            Some(value) => pair(&mut setting, &name, &value),
            None => setting.unexpected("a text", value),
        }
    }
}

/// An object of texts.
pub(crate) fn storage(setting: &mut Setting<'_>, value: &Value) {
    for (name, value) in setting.object(value).unwrap_or_default() {
        let mut setting = setting.inner(&name);
        if let Some(value) = setting.text(value).filter(|_| word(&mut setting, &name)) {
            setting.flag(format!("{name}={value}"));
            setting.entry_at(&format!("storage_opt.{name}"), Yaml::Text(value));
        }
    }
}

/// `{type, config}`, in small or capital letters.
pub(crate) fn log_config(setting: &mut Setting<'_>, value: &Value) {
    let Some(members) = setting.object(value) else {
        return;
    };
    for (key, _) in members {
        if !matches!(key.as_str(), "type" | "Type" | "config" | "Config") {
            setting.inner(&key).neither("logging has no such property");
        }
    }
    if let Some(driver) = either(value, "type", "Type") {
        let mut setting = setting.inner("type");
        if let Some(driver) = setting.text(driver).filter(|driver| !driver.is_empty()) {
            setting.flag(driver.clone());
            setting.entry_at("logging.driver", Yaml::Text(driver));
        }
    }
    if let Some(config) = either(value, "config", "Config") {
        let mut setting = setting.inner("config");
        for (name, value) in setting.object(config).unwrap_or_default() {
            let mut setting = setting.inner(&name);
            if let Some(value) = setting.text(value).filter(|_| word(&mut setting, &name)) {
                setting.flag_named("--log-opt", format!("{name}={value}"));
                setting.entry_at(&format!("logging.options.{name}"), Yaml::Text(value));
            }
        }
    }
}

fn pair(setting: &mut Setting<'_>, name: &str, value: &str) {
    if name.is_empty() || name.contains('=') {
        return setting.neither("a name is expected here, without an equals sign");
    }
    setting.both(format!("{name}={value}"));
}

/// Whether a name can be a key of any file.
fn word(setting: &mut Setting<'_>, name: &str) -> bool {
    let is_word = !name.is_empty()
        && name.len() < 200
        && name
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-'));
    if !is_word {
        setting.neither("no option has such a name");
    }
    is_word
}
