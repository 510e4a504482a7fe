//! Devices of the host.

use model::json::Value;

use crate::setting::Setting;
use crate::shape::{each, either};

/// An array of `host`, `host:container` and `host:container:rwm`, or of objects as the engine has them.
pub(crate) fn devices(setting: &mut Setting<'_>, value: &Value) {
    each(setting, value, |setting, item| {
        let Some([host, inside, permissions]) = device(setting, item) else {
            return;
        };
        if [&host, &inside, &permissions]
            .iter()
            .any(|part| part.is_empty() || part.contains(':'))
        {
            return setting.neither("expected host:container:rwm");
        }
        setting.both(format!("{host}:{inside}:{permissions}"));
    });
}

fn device(setting: &mut Setting<'_>, item: &Value) -> Option<[String; 3]> {
    const ALL: &str = "rwm";
    if item.as_object().is_some() {
        let host = setting.text(either(item, "PathOnHost", "PathOnHost").unwrap_or(item))?;
        let mut part = |key: &str, default: &str| match either(item, key, key) {
            Some(value) => setting.text(value),
            None => Some(default.to_owned()),
        };
        return Some([
            host.clone(),
            part("PathInContainer", &host)?,
            part("CgroupPermissions", ALL)?,
        ]);
    }
    let text = setting.text(item)?;
    let mut parts = text.splitn(3, ':');
    let host = parts.next()?;
    let inside = parts.next().unwrap_or(host);
    let permissions = parts.next().unwrap_or(ALL);
    Some([host, inside, permissions].map(str::to_owned))
}
