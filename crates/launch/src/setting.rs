use model::json::{JsString, Kind, Object, Value};

use crate::sheet::Sheet;
use crate::shell;
use crate::table::{Row, To};
use crate::yaml::Yaml;

/// One property on its way into both forms.
pub(crate) struct Setting<'s> {
    sheet: &'s mut Sheet,
    row: &'static Row,
    /// Its path, for remarks.
    property: String,
}

/// How much of a stranger's key is shown in remarks.
const LONGEST_NAME: usize = 80;

/// No engine and no file takes it.
const NUL: &str = "it holds U+0000, which no container can be given";

impl<'s> Setting<'s> {
    pub(crate) const fn new(sheet: &'s mut Sheet, row: &'static Row, property: String) -> Self {
        Self {
            sheet,
            row,
            property,
        }
    }

    /// A property of this one.
    pub(crate) fn inner(&mut self, name: &str) -> Setting<'_> {
        let shown: String = name.chars().take(LONGEST_NAME).collect();
        let property = format!("{}.{shown}", self.property);
        Setting::new(self.sheet, self.row, property)
    }

    /// Writes the row's flag.
    pub(crate) fn flag(&mut self, value: impl Into<String>) {
        if let To::As(flag) = self.row.docker {
            self.flag_named(flag, value);
        }
    }

    /// Writes another flag than the row's.
    pub(crate) fn flag_named(&mut self, flag: &'static str, value: impl Into<String>) {
        let value = value.into();
        if let Some(reason) = obstacle(&value) {
            return self.not_docker(reason);
        }
        self.sheet.flags.push(vec![flag.to_owned(), value]);
    }

    /// Writes the row's flag, which takes no value of its own.
    pub(crate) fn switch(&mut self, is_set: bool) {
        if let To::As(flag) = self.row.docker {
            let off = if is_set { "" } else { "=false" };
            self.sheet.flags.push(vec![format!("{flag}{off}")]);
        }
    }

    /// Gives the row's key of the service this value.
    pub(crate) fn entry(&mut self, value: Yaml) {
        if let To::As(path) = self.row.compose {
            self.entry_at(path, value);
        }
    }

    /// Gives another key of the service this value.
    pub(crate) fn entry_at(&mut self, path: &str, value: Yaml) {
        if has_nul(&value) {
            return self.not_compose(NUL);
        }
        self.sheet.service.set(path, value);
    }

    /// Adds to the list of the row's key.
    pub(crate) fn item(&mut self, value: Yaml) {
        if has_nul(&value) {
            return self.not_compose(NUL);
        }
        if let To::As(path) = self.row.compose {
            self.sheet.service.push(path, value);
        }
    }

    /// Writes one text into both forms, as one of several.
    pub(crate) fn both(&mut self, text: impl Into<String>) {
        let text = text.into();
        self.flag(text.clone());
        self.item(Yaml::Text(text));
    }

    /// Writes a flag that takes no value.
    pub(crate) fn bare_flag(&mut self, flag: &str) {
        self.sheet.flags.push(vec![flag.to_owned()]);
    }

    /// Gives words to the line, all or none.
    pub(crate) fn words(&mut self, words: &[String], choose: fn(&mut Sheet) -> &mut Vec<String>) {
        let obstacle = words.iter().find_map(|word| obstacle(word));
        match obstacle {
            Some(reason) => self.not_docker(reason),
            None => *choose(self.sheet) = words.to_vec(),
        }
    }

    /// Names a volume of the file.
    pub(crate) fn volume(&mut self, name: &str) {
        let whole = Yaml::map([("name", Yaml::text(name))]);
        self.sheet.volumes.set_key(name, whole);
    }

    /// Names a network that is there already.
    pub(crate) fn network(&mut self, name: &str) {
        let whole = Yaml::map([("name", Yaml::text(name)), ("external", Yaml::bool(true))]);
        self.sheet.networks.set_key(name, whole);
    }

    pub(crate) fn not_docker(&mut self, reason: impl Into<String>) {
        if matches!(self.row.docker, To::As(_)) {
            self.sheet.not_docker(&self.property, reason);
        }
    }

    pub(crate) fn not_compose(&mut self, reason: impl Into<String>) {
        if matches!(self.row.compose, To::As(_)) {
            self.sheet.not_compose(&self.property, reason);
        }
    }

    pub(crate) fn neither(&mut self, reason: impl Into<String>) {
        let reason = reason.into();
        self.not_docker(reason.clone());
        self.not_compose(reason);
    }

    /// Says that a value has another kind than its property.
    pub(crate) fn unexpected(&mut self, expected: &str, value: &Value) {
        self.neither(format!(
            "expected {expected}, found {}",
            value.kind_in_words()
        ));
    }

    /// The text of a string.
    pub(crate) fn text(&mut self, value: &Value) -> Option<String> {
        let Kind::String(text) = &value.kind else {
            self.unexpected("a string", value);
            return None;
        };
        self.js_text(text)
    }

    /// The text of a string of JavaScript.
    pub(crate) fn js_text(&mut self, text: &JsString) -> Option<String> {
        let read = text.as_str().map(str::to_owned);
        if read.is_none() {
            self.neither("it is not Unicode text");
        }
        read
    }

    /// The number, where it is whole.
    pub(crate) fn integer(&mut self, value: &Value) -> Option<i64> {
        let Some(number) = value.as_number() else {
            self.unexpected("a whole number", value);
            return None;
        };
        let integer = number.as_i64();
        if integer.is_none() {
            self.neither("expected a whole number");
        }
        integer
    }

    /// The items of an array.
    pub(crate) fn array<'v>(&mut self, value: &'v Value) -> Option<&'v [Value]> {
        let items = value.as_array();
        if items.is_none() {
            self.unexpected("an array", value);
        }
        items
    }

    /// The members of an object, each key once with its last value.
    pub(crate) fn object<'v>(&mut self, value: &'v Value) -> Option<Vec<(String, &'v Value)>> {
        let Some(object) = value.as_object() else {
            self.unexpected("an object", value);
            return None;
        };
        let mut known = Vec::new();
        for (key, value) in members(object) {
            if let Some(key) = self.inner(&key.to_string_lossy()).js_text(key) {
                known.push((key, value));
            }
        }
        Some(known)
    }
}

/// Why a text cannot stand in the line.
fn obstacle(text: &str) -> Option<&'static str> {
    if text.contains('\0') {
        return Some(NUL);
    }
    shell::obstacle(text)
}

/// The members of an object, each key at its first place with its last value.
pub(crate) fn members(object: &Object) -> impl Iterator<Item = (&JsString, &Value)> {
    let mut seen = std::collections::HashSet::new();
    let once = object
        .members()
        .iter()
        .filter(move |member| seen.insert(member.key.as_bytes().to_vec()));
    let mut last = std::collections::HashMap::new();
    for member in object.members() {
        last.insert(member.key.as_bytes(), &member.value);
    }
    once.map(move |member| {
        let value = last.get(member.key.as_bytes()).copied();
        (&member.key, value.unwrap_or(&member.value))
    })
}

fn has_nul(value: &Yaml) -> bool {
    match value {
        Yaml::Text(text) | Yaml::Plain(text) => text.contains('\0'),
        Yaml::List(items) => items.iter().any(has_nul),
        Yaml::Map(members) => members
            .iter()
            .any(|(key, value)| key.contains('\0') || has_nul(value)),
    }
}
