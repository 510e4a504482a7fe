//! Whether the container is well.

use model::json::Value;

use crate::setting::Setting;
use crate::shape::either;
use crate::yaml::Yaml;

const KEYS: [(&str, &str); 5] = [
    ("test", "Test"),
    ("interval", "Interval"),
    ("timeout", "Timeout"),
    ("retries", "Retries"),
    ("start_period", "StartPeriod"),
];

/// An object; times are nanoseconds.
pub(crate) fn healthcheck(setting: &mut Setting<'_>, value: &Value) {
    let Some(members) = setting.object(value) else {
        return;
    };
    for (key, _) in members {
        if !KEYS
            .iter()
            .any(|(python, engine)| key == *python || key == *engine)
        {
            setting
                .inner(&key)
                .neither("a health check has no such property");
        }
    }
    if let Some(test) = either(value, "test", "Test") {
        let is_disabled = self::test(&mut setting.inner("test"), test);
        if is_disabled != Some(false) {
            return;
        }
    }
    for (python, engine, flag) in [
        ("interval", "Interval", "--health-interval"),
        ("timeout", "Timeout", "--health-timeout"),
        ("start_period", "StartPeriod", "--health-start-period"),
    ] {
        if let Some(value) = either(value, python, engine) {
            let mut setting = setting.inner(python);
            if let Some(nanoseconds) = setting.integer(value).filter(|time| *time != 0) {
                let duration = duration(nanoseconds);
                setting.flag_named(flag, duration.clone());
                setting.entry_at(&format!("healthcheck.{python}"), Yaml::Text(duration));
            }
        }
    }
    if let Some(value) = either(value, "retries", "Retries") {
        let mut setting = setting.inner("retries");
        if let Some(retries) = setting.integer(value).filter(|retries| *retries != 0) {
            setting.flag_named("--health-retries", retries.to_string());
            setting.entry_at("healthcheck.retries", Yaml::number(retries));
        }
    }
}

/// Writes what is run; says whether that is nothing, or none if it cannot be read.
fn test(setting: &mut Setting<'_>, value: &Value) -> Option<bool> {
    let words = if value.as_string().is_some() {
        vec!["CMD-SHELL".to_owned(), setting.text(value)?]
    } else {
        let mut words = Vec::new();
        for (index, item) in setting.array(value)?.iter().enumerate() {
            words.push(setting.inner(&index.to_string()).text(item)?);
        }
        words
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        // What the image says stays.
        [] => return Some(false),
        ["NONE", ..] => {
            setting.bare_flag("--no-healthcheck");
            setting.entry_at("healthcheck.disable", Yaml::bool(true));
            return Some(true);
        }
        ["CMD-SHELL", command] => setting.flag_named("--health-cmd", *command),
        ["CMD", ..] => setting.not_docker("docker run runs a health check in a shell only"),
        _ => {
            setting.neither("expected CMD, CMD-SHELL or NONE and what is run");
            return None;
        }
    }
    let words = words.into_iter().map(str::to_owned);
    setting.entry_at("healthcheck.test", Yaml::texts(words));
    Some(false)
}

/// The time in the largest unit that divides it.
fn duration(nanoseconds: i64) -> String {
    let units = [("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000)];
    let unit = units
        .into_iter()
        .find(|(_, length)| nanoseconds % length == 0);
    let (unit, length) = unit.unwrap_or(("ns", 1));
    format!("{}{unit}", nanoseconds / length)
}
