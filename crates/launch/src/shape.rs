//! Values of the kinds that many properties share.

use model::json::{Kind, Value};

use crate::setting::Setting;
use crate::yaml::Yaml;

/// A text; an empty one asks for nothing.
pub(crate) fn text(setting: &mut Setting<'_>, value: &Value) {
    if let Some(text) = setting.text(value) {
        write_text(setting, text);
    }
}

pub(crate) fn write_text(setting: &mut Setting<'_>, text: String) {
    setting.flag(text.clone());
    setting.entry(Yaml::Text(text));
}

/// An array of texts.
pub(crate) fn texts(setting: &mut Setting<'_>, value: &Value) {
    each(setting, value, |setting, item| {
        if let Some(text) = setting.text(item) {
            setting.both(text);
        }
    });
}

/// An array of texts, or a single one, which the engine takes for it.
pub(crate) fn texts_or_one(setting: &mut Setting<'_>, value: &Value) {
    match setting_text(value) {
        Some(text) => setting.both(text),
        None => texts(setting, value),
    }
}

/// An array of texts and numbers.
pub(crate) fn names(setting: &mut Setting<'_>, value: &Value) {
    each(setting, value, |setting, item| {
        if let Some(name) = name(setting, item) {
            setting.both(name);
        }
    });
}

/// A text or a whole number, as text.
pub(crate) fn name(setting: &mut Setting<'_>, value: &Value) -> Option<String> {
    if value.as_number().is_some() {
        return setting.integer(value).map(|number| number.to_string());
    }
    setting.text(value)
}

/// A truth value.
pub(crate) fn bool(setting: &mut Setting<'_>, value: &Value) {
    let Some(is_set) = value.as_bool() else {
        return setting.unexpected("a truth value", value);
    };
    setting.switch(is_set);
    setting.entry(Yaml::bool(is_set));
}

/// A whole number.
pub(crate) fn integer(setting: &mut Setting<'_>, value: &Value) {
    if let Some(number) = setting.integer(value) {
        write_number(setting, number);
    }
}

/// A number of bytes, or a text such as `512m`.
pub(crate) fn bytes(setting: &mut Setting<'_>, value: &Value) {
    if let Some(bytes) = read_bytes(setting, value) {
        write_number(setting, bytes);
    }
}

fn write_number(setting: &mut Setting<'_>, number: i64) {
    setting.flag(number.to_string());
    setting.entry(Yaml::number(number));
}

pub(crate) fn read_bytes(setting: &mut Setting<'_>, value: &Value) -> Option<i64> {
    let Kind::String(text) = &value.kind else {
        return setting.integer(value);
    };
    let bytes = text.as_str().and_then(parse_bytes);
    if bytes.is_none() {
        setting.neither("expected a number of bytes, such as 512m or 2g");
    }
    bytes
}

/// Calls back for each item of an array.
pub(crate) fn each(
    setting: &mut Setting<'_>,
    value: &Value,
    call: impl Fn(&mut Setting<'_>, &Value),
) {
    for (index, item) in setting.array(value).unwrap_or_default().iter().enumerate() {
        call(&mut setting.inner(&index.to_string()), item);
    }
}

/// A member of an object by the name that Python has for it or the engine.
pub(crate) fn either<'v>(value: &'v Value, python: &str, engine: &str) -> Option<&'v Value> {
    let member = value.get(python).or_else(|| value.get(engine))?;
    (!member.is_null()).then_some(member)
}

/// What Python makes of a value as text; none for arrays, objects and numbers that it prints in ways of its own.
pub(crate) fn python_text(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::String(text) => text.as_str().map(str::to_owned),
        Kind::Bool(true) => Some("True".to_owned()),
        Kind::Bool(false) => Some("False".to_owned()),
        Kind::Number(number) => {
            let written = number.as_written();
            if written
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-')
            {
                return Some(if written == "-0" {
                    "0".to_owned()
                } else {
                    written.to_owned()
                });
            }
            let float = number.as_f64();
            // Rust and Python print the same digits; outside of these bounds they write powers of ten unlike.
            (float == 0.0 || (1e-4..1e16).contains(&float.abs())).then(|| format!("{float:?}"))
        }
        Kind::Null | Kind::Array(_) | Kind::Object(_) => None,
    }
}

fn setting_text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// Reads sizes as docker-py does: with a unit of one letter, times 1024 each, and an optional `b` behind it.
fn parse_bytes(text: &str) -> Option<i64> {
    let lower = text.to_ascii_lowercase();
    let without_b = lower
        .strip_suffix('b')
        .filter(|rest| rest.ends_with(|sign: char| sign.is_ascii_alphabetic()));
    let text = without_b.unwrap_or(&lower);
    let (digits, power) = match text.char_indices().last()? {
        (_, '0'..='9') => (text, 0),
        (place, 'b') => (&text[..place], 0),
        (place, 'k') => (&text[..place], 1),
        (place, 'm') => (&text[..place], 2),
        (place, 'g') => (&text[..place], 3),
        (place, 't') => (&text[..place], 4),
        _ => return None,
    };
    let is_number = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    let number: f64 = digits.parse().ok().filter(|_| is_number)?;
    let bytes = number * 1024_f64.powi(power);
    (bytes.abs() < 9e18).then_some(bytes as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_docker_py_reads_them() {
        for (text, expected) in [
            ("512m", Some(536_870_912)),
            ("512MB", Some(536_870_912)),
            ("1.5g", Some(1_610_612_736)),
            ("2t", Some(2_199_023_255_552)),
            ("100", Some(100)),
            ("100b", Some(100)),
            ("10kb", Some(10_240)),
            ("-1", Some(-1)),
            ("", None),
            ("b", None),
            ("m", None),
            ("1e3", None),
            ("12 m", None),
            ("five", None),
            ("é", None),
            ("99999999t", None),
        ] {
            assert_eq!(parse_bytes(text), expected, "{text}");
        }
    }

    #[test]
    fn values_become_text_as_in_python() {
        use model::json::{Limits, parse};
        for (json, expected) in [
            ("\"a\"", Some("a")),
            ("true", Some("True")),
            ("7", Some("7")),
            ("-0", Some("0")),
            (
                "123456789012345678901234567890",
                Some("123456789012345678901234567890"),
            ),
            ("0.50", Some("0.5")),
            ("2.0", Some("2.0")),
            ("1e3", Some("1000.0")),
            ("1e30", None),
            ("0.00001", None),
            ("null", None),
            ("[]", None),
        ] {
            let value = parse(json.as_bytes(), &Limits::default()).value.unwrap();
            assert_eq!(python_text(&value).as_deref(), expected, "{json}");
        }
    }
}
