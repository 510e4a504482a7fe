//! Devices that a driver gives, such as graphics processors.

use model::json::Value;

use crate::mounts::csv;
use crate::setting::Setting;
use crate::shape::{each, either};
use crate::yaml::Yaml;

/// An array of requests, their names as in Python or as in the engine.
pub(crate) fn requests(setting: &mut Setting<'_>, value: &Value) {
    each(setting, value, |setting, item| {
        if let Some(request) = read(setting, item) {
            write(setting, &request);
        }
    });
}

struct Request {
    driver: String,
    count: Option<i64>,
    ids: Vec<String>,
    capabilities: Vec<String>,
    options: Vec<(String, String)>,
}

fn read(setting: &mut Setting<'_>, item: &Value) -> Option<Request> {
    setting.object(item)?;
    let driver = either(item, "driver", "Driver").map(|value| setting.inner("driver").text(value));
    let count = either(item, "count", "Count").map(|value| setting.inner("count").integer(value));
    let ids = either(item, "device_ids", "DeviceIDs")
        .map(|value| texts(&mut setting.inner("device_ids"), value));
    let sets = either(item, "capabilities", "Capabilities");
    let mut sets = match sets {
        Some(value) => setting.inner("capabilities").array(value)?.iter().collect(),
        None => Vec::new(),
    };
    let capabilities = match (sets.pop(), sets.is_empty()) {
        (None, _) => Vec::new(),
        (Some(only), true) => texts(&mut setting.inner("capabilities"), only)?,
        (Some(_), false) => {
            setting.neither("only one set of capabilities can be written");
            return None;
        }
    };
    let mut options = Vec::new();
    if let Some(value) = either(item, "options", "Options") {
        let mut setting = setting.inner("options");
        for (name, value) in setting.object(value)? {
            let value = setting.inner(&name).text(value)?;
            options.push((name, value));
        }
    }
    Some(Request {
        driver: driver.unwrap_or(Some(String::new()))?,
        count: count.map_or(Some(None), |count| count.map(Some))?,
        ids: ids.unwrap_or(Some(Vec::new()))?,
        capabilities,
        options,
    })
}

fn texts(setting: &mut Setting<'_>, value: &Value) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    for (index, item) in setting.array(value)?.iter().enumerate() {
        texts.push(setting.inner(&index.to_string()).text(item)?);
    }
    Some(texts)
}

fn write(setting: &mut Setting<'_>, request: &Request) {
    let count = request.count.filter(|count| *count != 0);
    write_flag(setting, request, count);
    let mut device = Yaml::Map(Vec::new());
    if !request.driver.is_empty() {
        device.set("driver", Yaml::text(&request.driver));
    }
    match count {
        Some(-1) => device.set("count", Yaml::text("all")),
        Some(count) => device.set("count", Yaml::number(count)),
        None => {}
    }
    if !request.ids.is_empty() {
        device.set("device_ids", Yaml::texts(request.ids.clone()));
    }
    device.set("capabilities", Yaml::texts(request.capabilities.clone()));
    if !request.options.is_empty() {
        if request.options.iter().any(|(name, _)| !is_word(name)) {
            return setting.not_compose("a name among its options is no word");
        }
        for (name, value) in &request.options {
            device.set(&format!("options.{name}"), Yaml::text(value));
        }
    }
    setting.item(device);
}

fn write_flag(setting: &mut Setting<'_>, request: &Request, count: Option<i64>) {
    const GPU: &str = "gpu";
    if !request
        .capabilities
        .iter()
        .any(|capability| capability == GPU)
    {
        return setting.not_docker("docker run asks for devices with the capability gpu only");
    }
    let others: Vec<&str> = request
        .capabilities
        .iter()
        .map(String::as_str)
        .filter(|capability| *capability != GPU)
        .collect();
    let is_list_item = |text: &str| !text.is_empty() && !text.contains([',', '"', '=', '\n', '\r']);
    let items = request
        .ids
        .iter()
        .map(String::as_str)
        .chain(others.iter().copied());
    let options = request
        .options
        .iter()
        .flat_map(|(name, value)| [name.as_str(), value.as_str()]);
    if !items.chain(options).all(is_list_item) {
        return setting
            .not_docker("a text in it has a sign that the list of docker run has no place for");
    }
    let mut fields = Vec::new();
    match count {
        Some(-1) => fields.push("count=all".to_owned()),
        Some(count) => fields.push(format!("count={count}")),
        None if request.ids.is_empty() => fields.push("count=0".to_owned()),
        None => {}
    }
    if !request.driver.is_empty() {
        fields.push(format!("driver={}", request.driver));
    }
    if !request.ids.is_empty() {
        fields.push(format!("device={}", request.ids.join(",")));
    }
    if !others.is_empty() {
        fields.push(format!("capabilities={}", others.join(",")));
    }
    if !request.options.is_empty() {
        let options: Vec<String> = request
            .options
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        fields.push(format!("options={}", options.join(",")));
    }
    setting.flag(csv(&fields));
}

fn is_word(name: &str) -> bool {
    !name.is_empty()
        && name.len() < 200
        && name
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-'))
}
