//! Weights and rates of block devices.

use model::json::Value;

use crate::setting::Setting;
use crate::shape::{each, either};
use crate::yaml::Yaml;

/// An array of `{Path, Weight}`.
pub(crate) fn weights(setting: &mut Setting<'_>, value: &Value) {
    pairs(setting, value, "Weight", "weight");
}

/// An array of `{Path, Rate}`.
pub(crate) fn rates(setting: &mut Setting<'_>, value: &Value) {
    pairs(setting, value, "Rate", "rate");
}

fn pairs(setting: &mut Setting<'_>, value: &Value, engine: &'static str, compose: &'static str) {
    each(setting, value, |setting, item| {
        let (path, number) = (either(item, "path", "Path"), either(item, compose, engine));
        let (Some(path), Some(number)) = (path, number) else {
            return setting.neither(format!("expected an object with Path and {engine}"));
        };
        let (Some(path), Some(number)) = (setting.text(path), setting.integer(number)) else {
            return;
        };
        if path.contains(':') {
            return setting.neither("no form can write a path with a colon");
        }
        setting.flag(format!("{path}:{number}"));
        setting.item(Yaml::map([
            ("path", Yaml::Text(path)),
            (compose, Yaml::number(number)),
        ]));
    });
}
