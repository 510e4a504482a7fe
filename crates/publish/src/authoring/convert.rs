use std::collections::BTreeSet;

use model::SchemaForm;
use model::definition::CompatibilityEntry;
use model::json::{Object, Value};
use model::version;

use super::changes::{Document, Outcome};
use super::{Changes, schema_line};
use crate::edit::{Editor, json_string};
use crate::{BuildError, CONFIG_FILE, SourceTree};

/// The longest `registry.toml` that is read.
const LONGEST_CONFIG: u64 = 256 * 1024;
/// What an entry of the form 1.1 has that finds a place in the form 1.0.
const KNOWN: [&str; 4] = ["version", "image", "uncompressed_size_mb", "available_tags"];

/// Writes every `workspace.json` of a registry, and the schema in its `registry.toml`, in another form of the format.
///
/// Order, unknown keys and blanks stay as they are. The notes of each change say what the other form cannot hold.
pub fn convert(tree: &dyn SourceTree, to: SchemaForm) -> Result<Changes, BuildError> {
    let mut changes = Changes::of(tree, |document| {
        if document.definition.form == to {
            return Outcome::Unchanged;
        }
        match to {
            SchemaForm::V1_1 => to_1_1(document),
            SchemaForm::V1_0 => to_1_0(document),
        }
    })?;
    if let Ok(text) = tree.read(CONFIG_FILE, LONGEST_CONFIG) {
        schema_line::set(&text, to, &mut changes);
    }
    Ok(changes)
}

/// One image for all versions becomes an entry for each.
fn to_1_1(document: &Document) -> Outcome {
    let definition = &document.definition;
    let Some(image) = definition.image.as_deref() else {
        return Outcome::Untouched(
            "it has no `name`, the image that its versions would get".to_owned(),
        );
    };
    let Some(compatibility) = document.compatibility() else {
        return Outcome::Untouched(
            "it has no `compatibility`: in the form 1.1 its image would have no place".to_owned(),
        );
    };
    let mut notes = Vec::new();
    let size = definition.uncompressed_size_mb.unwrap_or_else(|| {
        notes.push("it has no size: `quayside publish sizes` measures it".to_owned());
        0
    });
    let mut editor = Editor::new(&document.text, &document.value);
    let layout = Lines::of(&editor);
    let entries = definition.compatibility.iter().map(|entry| {
        layout.object(&[
            ("version", json_string(&entry.version)),
            ("image", json_string(image)),
            ("uncompressed_size_mb", size.to_string()),
        ])
    });
    let entries = layout.array(&entries.collect::<Vec<_>>());
    editor.replace(compatibility.value.span, entries);
    editor.replace(compatibility.key_span, "\"compatibility\"");
    editor.remove(&document.value, &["name", "uncompressed_size_mb"]);
    if definition.compatibility.is_empty() {
        notes.push(format!(
            "its image `{image}` is lost: `compatibility` names no version"
        ));
    }
    Outcome::Changed {
        text: editor.finish(),
        notes,
    }
}

/// The newest entry's image and size become those of all versions.
fn to_1_0(document: &Document) -> Outcome {
    let entries = &document.definition.compatibility;
    let Some(newest) = newest(entries) else {
        return Outcome::Untouched(
            "its `compatibility` has no entry to take the image from".to_owned(),
        );
    };
    let (Some(image), Some(compatibility)) = (newest.image.as_deref(), document.compatibility())
    else {
        return Outcome::Untouched(format!("its entry for `{}` has no image", newest.version));
    };
    let mut editor = Editor::new(&document.text, &document.value);
    let separator = if Lines::of(&editor).is_open() {
        ", "
    } else {
        ","
    };
    let versions: Vec<String> = entries
        .iter()
        .map(|entry| json_string(&entry.version))
        .collect();
    editor.replace(
        compatibility.value.span,
        format!("[{}]", versions.join(separator)),
    );
    editor.replace(compatibility.key_span, "\"compatibility\"");
    let object = &document.value;
    let size = newest.uncompressed_size_mb.unwrap_or_default().to_string();
    for (key, after, value) in [
        ("name", "friendly_name", json_string(image)),
        ("uncompressed_size_mb", document_key(document), size),
    ] {
        match object.as_object().and_then(|object| object.member(key)) {
            Some(member) => editor.replace(member.value.span, value),
            None => editor.insert_after(object, after, key, &value),
        }
    }
    Outcome::Changed {
        text: editor.finish(),
        notes: losses(entries, newest, &compatibility.value),
    }
}

fn document_key(document: &Document) -> &'static str {
    let is_right = document.value.get("compatibility").is_some();
    if is_right {
        "compatibility"
    } else {
        "compatability"
    }
}

/// The newest entry; of equals the first.
pub(super) fn newest(entries: &[CompatibilityEntry]) -> Option<&CompatibilityEntry> {
    entries
        .iter()
        .rev()
        .max_by(|left, right| version::compare(&left.version, &right.version))
}

/// What the form 1.0 has no place for.
fn losses(
    entries: &[CompatibilityEntry],
    kept: &CompatibilityEntry,
    written: &Value,
) -> Vec<String> {
    let mut notes = Vec::new();
    let shown = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    for entry in entries {
        if entry.image != kept.image {
            notes.push(format!(
                "version {} gets the image of {}: `{}` instead of `{}`",
                entry.version,
                kept.version,
                shown(&kept.image),
                shown(&entry.image)
            ));
        } else if entry.uncompressed_size_mb != kept.uncompressed_size_mb {
            notes.push(format!(
                "version {} gets the size of {}",
                entry.version, kept.version
            ));
        }
    }
    let tags: BTreeSet<&str> = entries
        .iter()
        .flat_map(|entry| entry.available_tags.iter().map(String::as_str))
        .collect();
    if !tags.is_empty() {
        let tags: Vec<&str> = tags.into_iter().collect();
        notes.push(format!("its channels are lost: `{}`", tags.join("`, `")));
    }
    let unknown: BTreeSet<String> = written
        .as_array()
        .unwrap_or_default()
        .iter()
        .flat_map(|entry| entry.as_object().map(Object::members).unwrap_or_default())
        .map(|member| member.key.to_string_lossy().into_owned())
        .filter(|key| !KNOWN.contains(&key.as_str()))
        .collect();
    if !unknown.is_empty() {
        let unknown: Vec<String> = unknown.into_iter().collect();
        notes.push(format!(
            "what its entries say besides is lost: `{}`",
            unknown.join("`, `")
        ));
    }
    notes
}

/// How new parts of a file are laid out: on lines of their own where the file has lines, else all in one.
struct Lines {
    outer: Option<String>,
    entry: Option<String>,
    member: Option<String>,
}

impl Lines {
    fn of(editor: &Editor<'_>) -> Self {
        Self {
            outer: editor.line(1),
            entry: editor.line(2),
            member: editor.line(3),
        }
    }

    const fn is_open(&self) -> bool {
        self.outer.is_some()
    }

    fn object(&self, members: &[(&str, String)]) -> String {
        let colon = if self.is_open() { ": " } else { ":" };
        let members: Vec<String> = members
            .iter()
            .map(|(key, value)| format!("\"{key}\"{colon}{value}"))
            .collect();
        enclosed(
            '{',
            &members,
            '}',
            self.member.as_deref(),
            self.entry.as_deref(),
        )
    }

    fn array(&self, items: &[String]) -> String {
        enclosed(
            '[',
            items,
            ']',
            self.entry.as_deref(),
            self.outer.as_deref(),
        )
    }
}

fn enclosed(
    open: char,
    items: &[String],
    close: char,
    inner: Option<&str>,
    outer: Option<&str>,
) -> String {
    let (inner, outer) = (inner.unwrap_or_default(), outer.unwrap_or_default());
    if items.is_empty() {
        return format!("{open}{close}");
    }
    format!(
        "{open}{inner}{}{outer}{close}",
        items.join(&format!(",{inner}"))
    )
}
