use api::FieldError;
use model::ImageReference;
use model::json::{self, Limits, Value};

use super::difference::difference;
use super::{EditForm, image};

/// The longest text a field may have.
const TEXT_LIMIT: usize = 10_000;

/// Collects the patch and what is wrong with the fields.
#[derive(Debug, Default)]
pub(super) struct Changes {
    members: Vec<(&'static str, Value)>,
    errors: Vec<FieldError>,
}

impl Changes {
    pub(super) fn finish(self) -> Result<Option<Value>, Vec<FieldError>> {
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        Ok((!self.members.is_empty()).then(|| Value::object(self.members)))
    }

    pub(super) fn name(&mut self, key: &'static str, typed: &str, published: &Value) {
        if typed.trim().is_empty() {
            self.refuse(key, "missing", "A workspace needs a name.", None);
        } else {
            self.text(key, typed.trim(), published);
        }
    }

    pub(super) fn text(&mut self, key: &'static str, typed: &str, published: &Value) {
        // Browsers send line breaks as CR LF.
        let typed = typed.replace("\r\n", "\n");
        let before = published
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default();
        if typed.len() > TEXT_LIMIT {
            self.refuse(key, "too-long", "This text is too long.", None);
        } else if typed.trim() != before.replace("\r\n", "\n").trim() {
            self.members.push((key, Value::string(typed)));
        }
    }

    pub(super) fn image(&mut self, form: &EditForm, published: &Value, version: Option<&str>) {
        let typed = form.image.trim();
        let is_as_written = image::written(published, version) == Some(typed)
            && !image::has_channels(published, version);
        if is_as_written || (!typed.is_empty() && typed == form.image_published) {
            return;
        }
        match ImageReference::parse(typed) {
            Ok(_) => self
                .members
                .extend(image::replaced(published, version, typed)),
            Err(error) => self.refuse("image", "image-reference", &error.to_string(), None),
        }
    }

    pub(super) fn cores(&mut self, typed: &str, published: &Value) {
        let number = typed.trim().parse::<f64>().ok();
        let is_good = number.is_some_and(|cores| cores.is_finite() && cores > 0.0);
        let hint = "Write a number such as 2 or 0.5.";
        self.number("cores", typed, published, is_good, hint, || {
            Value::float(number.unwrap_or_default())
        });
    }

    pub(super) fn memory(&mut self, typed: &str, published: &Value) {
        let number = typed.trim().parse::<u64>().ok();
        let is_good = number.is_some_and(|memory| memory > 0);
        let hint = "Write whole megabytes such as 4096.";
        self.number("memory", typed, published, is_good, hint, || {
            Value::number(number.unwrap_or_default())
        });
    }

    fn number(
        &mut self,
        key: &'static str,
        typed: &str,
        published: &Value,
        is_good: bool,
        hint: &str,
        value: impl FnOnce() -> Value,
    ) {
        let before = published.get(key);
        if typed.trim().is_empty() {
            if before.is_some_and(|before| !before.is_null()) {
                self.members.push((key, Value::null()));
            }
        } else if !is_good {
            self.refuse(key, "number", "This number cannot be used.", Some(hint));
        } else {
            let value = value();
            let is_same = before.and_then(as_number) == as_number(&value);
            if !is_same {
                self.members.push((key, value));
            }
        }
    }

    pub(super) fn object(&mut self, key: &'static str, typed: &str, published: &Value) {
        let before = published.get(key);
        if typed.trim().is_empty() {
            if before.is_some_and(|before| !before.is_null()) {
                self.members.push((key, Value::null()));
            }
            return;
        }
        let parsed = json::parse(typed.as_bytes(), &Limits::default());
        for error in &parsed.errors {
            let (line, column) = json::line_column(typed.as_bytes(), error.span.start);
            let detail = format!("Line {line}, column {column}: {}.", error.message);
            self.refuse(key, "json", &detail, Some(error.hint));
        }
        for key_span in &parsed.duplicate_keys {
            let (line, column) = json::line_column(typed.as_bytes(), key_span.start);
            let detail = format!("Line {line}, column {column}: this property is there already.");
            self.refuse(key, "json-duplicate", &detail, Some("Keep one of them."));
        }
        let Some(value) = parsed.value.filter(|_| parsed.duplicate_keys.is_empty()) else {
            return;
        };
        if value.as_object().is_none() {
            let detail = format!("Line 1, column 1: this is {}.", value.kind_in_words());
            let hint = "Write an object: properties between { and }.";
            self.refuse(key, "json-object", &detail, Some(hint));
            return;
        }
        match difference(before, &value) {
            Ok(Some(change)) => self.members.push((key, change)),
            Ok(None) => {}
            Err(null) => {
                let detail = format!("The property \"{}\" cannot be null.", null.key);
                let hint = "Leave the property out, or give it a value.";
                self.refuse(key, "null-member", &detail, Some(hint));
            }
        }
    }

    fn refuse(&mut self, key: &str, code: &str, detail: &str, hint: Option<&str>) {
        self.errors.push(FieldError {
            pointer: format!("/{key}"),
            code: code.to_owned(),
            detail: detail.to_owned(),
            hint: hint.map(str::to_owned),
        });
    }
}

/// A number, also where a registry wrote it as text.
fn as_number(value: &Value) -> Option<f64> {
    match &value.kind {
        json::Kind::Number(number) => Some(number.as_f64()),
        json::Kind::String(text) => text.as_str()?.trim().parse().ok(),
        _ => None,
    }
}
