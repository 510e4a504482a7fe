//! Processors, limits of processes, and what happens at the end.

use model::json::Value;

use crate::setting::Setting;
use crate::shape::{each, either};
use crate::yaml::Yaml;

/// A thousand-millionth of a processor each.
pub(crate) fn nano_cpus(setting: &mut Setting<'_>, value: &Value) {
    const ONE: i64 = 1_000_000_000;
    let Some(nano_cpus) = setting.integer(value) else {
        return;
    };
    if nano_cpus < 0 {
        return setting.neither("expected a number of processors");
    }
    let fraction = format!("{:09}", nano_cpus % ONE);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let cpus = format!("{}{point}{fraction}", nano_cpus / ONE);
    setting.flag(cpus.clone());
    setting.entry(Yaml::Plain(cpus));
}

/// An array of `{name, soft, hard}`.
pub(crate) fn ulimits(setting: &mut Setting<'_>, value: &Value) {
    each(setting, value, |setting, item| {
        let Some(name) = either(item, "name", "Name") else {
            return setting.neither("expected an object with name, soft and hard");
        };
        let Some(name) = setting.text(name) else {
            return;
        };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return setting.neither("there is no limit of this name");
        }
        // What is missing is 0 to the engine.
        let mut limit = |python, engine| match either(item, python, engine) {
            Some(value) => setting.inner(python).integer(value),
            None => Some(0),
        };
        let (Some(soft), Some(hard)) = (limit("soft", "Soft"), limit("hard", "Hard")) else {
            return;
        };
        setting.flag(format!("{name}={soft}:{hard}"));
        let limits = Yaml::map([("soft", Yaml::number(soft)), ("hard", Yaml::number(hard))]);
        setting.entry_at(&format!("ulimits.{name}"), limits);
    });
}

/// `{Name, MaximumRetryCount}`.
pub(crate) fn restart_policy(setting: &mut Setting<'_>, value: &Value) {
    let name = either(value, "Name", "name").map(|name| setting.text(name));
    let Some(name) = name else {
        return setting.neither("expected an object with Name");
    };
    let Some(name) = name.filter(|name| !name.is_empty()) else {
        return;
    };
    if !matches!(
        name.as_str(),
        "no" | "always" | "unless-stopped" | "on-failure"
    ) {
        return setting.neither("the engine knows no, always, unless-stopped and on-failure");
    }
    let count = either(value, "MaximumRetryCount", "maximumRetryCount");
    let count = match count {
        Some(count) => match setting.integer(count) {
            Some(count) => count,
            None => return,
        },
        None => 0,
    };
    let policy = if count == 0 {
        name
    } else {
        format!("{name}:{count}")
    };
    setting.flag(policy.clone());
    setting.entry(Yaml::Text(policy));
}
