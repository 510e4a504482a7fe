//! Variables.

use model::json::Value;

use crate::setting::Setting;
use crate::shape::{each, python_text};

/// An object, or an array of `NAME=value`.
pub(crate) fn environment(setting: &mut Setting<'_>, value: &Value) {
    if value.as_array().is_some() {
        return each(setting, value, |setting, item| {
            if let Some(text) = setting.text(item) {
                match text.split_once('=') {
                    Some((name, value)) => variable(setting, name, value),
                    None => without_value(setting),
                }
            }
        });
    }
    for (name, value) in setting.object(value).unwrap_or_default() {
        let mut setting = setting.inner(&name);
        if value.is_null() {
            without_value(&mut setting);
        } else if let Some(text) = python_text(value) {
            variable(&mut setting, &name, &text);
        } else {
            setting.unexpected("a text", value);
        }
    }
}

fn variable(setting: &mut Setting<'_>, name: &str, value: &str) {
    if name.is_empty() {
        return setting.neither("a variable needs a name");
    }
    setting.both(format!("{name}={value}"));
}

fn without_value(setting: &mut Setting<'_>) {
    setting.neither(
        "a variable without a value would be taken from the shell that starts the container",
    );
}
