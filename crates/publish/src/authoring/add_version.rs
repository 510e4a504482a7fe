use model::json::{Kind, Value};
use model::version::CompatibilityVersion;
use model::{ImageReference, SchemaForm};

use super::Changes;
use super::changes::{Document, Outcome};
use super::convert::newest;
use crate::edit::{Editor, json_string};
use crate::{BuildError, SourceTree};

/// A version that every workspace of a registry shall be offered for.
#[derive(Debug, Clone)]
pub struct NewVersion {
    /// The version.
    pub version: CompatibilityVersion,
    /// The tag of the images; without one that of the newest entry stays.
    pub tag: Option<String>,
    /// The size of the images; without one that of the newest entry stays.
    pub size_mb: Option<u64>,
}

/// Adds an entry for a version to every workspace that has none for it.
///
/// In the form 1.1 it is the newest entry once more, with another version; in the form 1.0 the version alone.
pub fn add_version(tree: &dyn SourceTree, new: &NewVersion) -> Result<Changes, BuildError> {
    Changes::of(tree, |document| add(document, new))
}

fn add(document: &Document, new: &NewVersion) -> Outcome {
    let definition = &document.definition;
    let is_there = |written: &str| written.parse() == Ok(new.version);
    if definition
        .compatibility
        .iter()
        .any(|entry| is_there(&entry.version))
    {
        return Outcome::Unchanged;
    }
    let Some(array) = document.compatibility().map(|member| &member.value) else {
        return Outcome::Untouched("it has no `compatibility` to add to".to_owned());
    };
    let Kind::Array(items) = &array.kind else {
        return Outcome::Untouched("its `compatibility` is no array".to_owned());
    };
    let mut editor = Editor::new(&document.text, &document.value);
    let mut notes = Vec::new();
    if definition.form == SchemaForm::V1_0 {
        editor.append(array, json_string(&new.version.to_string()).as_bytes());
        if new.tag.is_some() || new.size_mb.is_some() {
            notes.push(
                "in the form 1.0 image and size are the same for all versions and stay as they are"
                    .to_owned(),
            );
        }
    } else {
        let newest = newest(&definition.compatibility).map(|entry| entry.version.as_str());
        let source = items.iter().find(|item| {
            let version = item.get("version").and_then(Value::as_string);
            version.is_some_and(|version| Some(version.to_string_lossy().trim()) == newest)
        });
        let Some(source) = source else {
            return Outcome::Untouched("its `compatibility` has no entry to copy".to_owned());
        };
        match copy(document, source, new) {
            Ok(entry) => editor.append(array, &entry),
            Err(reason) => return Outcome::Untouched(reason),
        }
    }
    Outcome::Changed {
        text: editor.finish(),
        notes,
    }
}

/// The text of an entry with another version, and the image's tag and size as asked for.
fn copy(document: &Document, source: &Value, new: &NewVersion) -> Result<Vec<u8>, String> {
    let mut editor = Editor::new(&document.text, &document.value);
    let version = source
        .get("version")
        .ok_or("its newest entry has no version")?;
    editor.replace(version.span, json_string(&new.version.to_string()));
    if let Some(tag) = &new.tag {
        let image = source
            .get("image")
            .ok_or("its newest entry has no image to give a tag")?;
        let written = image.as_str().unwrap_or_default();
        let tagged = ImageReference::parse(written.trim())
            .and_then(|image| image.with_tag(tag))
            .map_err(|error| format!("its image `{written}` can get no tag: {error}"))?;
        editor.replace(image.span, json_string(tagged.as_written()));
    }
    if let Some(size) = new.size_mb {
        match source.get("uncompressed_size_mb") {
            Some(value) => editor.replace(value.span, size.to_string()),
            None => editor.insert_after(source, "image", "uncompressed_size_mb", &size.to_string()),
        }
    }
    Ok(editor.finish_part(source.span))
}
