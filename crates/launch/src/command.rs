//! Entrypoint and command: texts that are taken apart into words, or words.

use model::json::Value;

use crate::setting::Setting;
use crate::shape;
use crate::shell;
use crate::yaml::Yaml;

/// The words behind the image.
pub(crate) fn command(setting: &mut Setting<'_>, value: &Value) {
    let Some(words) = words(setting, value).filter(|words| !words.is_empty()) else {
        return;
    };
    setting.words(&words, |sheet| &mut sheet.command);
    setting.entry(Yaml::texts(words));
}

/// The program that is started, and words before the command.
pub(crate) fn entrypoint(setting: &mut Setting<'_>, value: &Value) {
    let Some(words) = words(setting, value) else {
        return;
    };
    match words.first() {
        None => setting.not_docker(
            "docker run cannot take away an entrypoint and keep the command of the image",
        ),
        Some(first) if first.is_empty() => {
            setting.not_docker("docker run takes an empty first word for no entrypoint");
        }
        Some(_) => setting.words(&words, |sheet| &mut sheet.entrypoint),
    }
    setting.entry(Yaml::texts(words));
}

fn words(setting: &mut Setting<'_>, value: &Value) -> Option<Vec<String>> {
    if value.as_string().is_none() {
        let mut words = Vec::new();
        for (index, item) in setting.array(value)?.iter().enumerate() {
            words.push(shape::name(&mut setting.inner(&index.to_string()), item)?);
        }
        return Some(words);
    }
    let text = setting.text(value)?;
    match shell::split(&text) {
        Ok(words) => Some(words),
        Err(reason) => {
            setting.neither(format!("it cannot be taken apart into words: {reason}"));
            None
        }
    }
}
