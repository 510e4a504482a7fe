//! Who the container runs as, and what holds it.

use model::json::Value;

use crate::setting::Setting;
use crate::shape::{each, name, write_text};
use crate::yaml::Yaml;

/// A name or a number.
pub(crate) fn user(setting: &mut Setting<'_>, value: &Value) {
    if let Some(user) = name(setting, value).filter(|user| !user.is_empty()) {
        write_text(setting, user);
    }
}

/// Options such as `seccomp=unconfined`. A profile itself goes to the engine only from a file of the caller.
pub(crate) fn security_options(setting: &mut Setting<'_>, value: &Value) {
    each(setting, value, |setting, item| {
        let Some(option) = setting.text(item) else {
            return;
        };
        let profile = option
            .strip_prefix("seccomp=")
            .or(option.strip_prefix("seccomp:"));
        if profile.is_some_and(|profile| !matches!(profile, "unconfined" | "builtin")) {
            return setting.neither(
                "docker reads a seccomp profile from a file of its own host, which is not here",
            );
        }
        setting.flag(option.clone());
        setting.item(Yaml::Text(option));
    });
}
