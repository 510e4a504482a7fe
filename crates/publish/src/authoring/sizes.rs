use model::json::{self, Kind, Limits, Object, Segment, Span, Value, locate};

use super::Untouched;
use super::changes::Document;
use crate::discover::{WORKSPACE_FILE, workspace_folders};
use crate::edit::Editor;
use crate::path::join;
use crate::report::Report;
use crate::{BuildError, SourceTree};

const KEY: &str = "uncompressed_size_mb";

/// One image of a workspace, whose size the author states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SizeEntry {
    /// The `workspace.json`.
    pub file: String,
    /// The name to show.
    pub workspace: String,
    /// The object that image and size stand in, as a JSON pointer.
    pub pointer: String,
    /// The version that the entry is for; none where one image serves all.
    pub version: Option<String>,
    /// The image, as it is written.
    pub image: String,
    /// Where the image is written.
    pub image_span: Span,
    /// Tags that may stand in the place of the image's own, and where each is written.
    pub tags: Vec<(String, Span)>,
    /// The architectures that the workspace states.
    pub architectures: Vec<String>,
    /// The size as it is stated; none if it is missing or 0.
    pub stated_mb: Option<u64>,
    /// Where the size is written.
    pub size_span: Option<Span>,
}

/// Every image of a registry with its size, in the order of the list, and the files that cannot be read.
pub fn size_entries(tree: &dyn SourceTree) -> Result<(Vec<SizeEntry>, Vec<Untouched>), BuildError> {
    let mut entries = Vec::new();
    let mut untouched = Vec::new();
    for folder in workspace_folders(tree, &mut Report::default())? {
        match Document::read(tree, join(&folder, WORKSPACE_FILE)) {
            Ok(document) => entries.extend(of_document(&document)),
            Err(why) => untouched.push(why),
        }
    }
    Ok((entries, untouched))
}

/// The text of a `workspace.json` with another size in the object that a JSON pointer names.
///
/// Nothing if the text is no JSON any more, or has no such object: somebody changed it meanwhile.
pub fn with_size(text: &[u8], pointer: &str, image: &str, megabytes: u64) -> Option<Vec<u8>> {
    let document = json::parse(text, &Limits::default()).value?;
    let object = locate(&document, pointer)?;
    if image_of(object)?.as_str()? != image {
        return None;
    }
    let mut editor = Editor::new(text, &document);
    match object.get(KEY) {
        Some(value) => editor.replace(value.span, megabytes.to_string()),
        None => editor.insert_after(object, "image", KEY, &megabytes.to_string()),
    }
    Some(editor.finish())
}

/// Bytes as decimal megabytes, the way that sizes are stated; 0 would mean that nobody knows.
pub const fn megabytes(bytes: u64) -> u64 {
    const MEGA: u64 = 1_000_000;
    let rounded = bytes.saturating_add(MEGA / 2) / MEGA;
    if rounded == 0 { 1 } else { rounded }
}

/// The images of one workspace.
pub(crate) fn of_document(document: &Document) -> Vec<SizeEntry> {
    let of_object = |object: &Value, pointer: String| -> Option<SizeEntry> {
        let image = image_of(object)?;
        let size = object.get(KEY);
        let version = object.get("version").and_then(Value::as_str);
        let tags = object.get("available_tags").and_then(Value::as_array);
        Some(SizeEntry {
            file: document.file.clone(),
            workspace: document.definition.friendly_name.clone(),
            pointer,
            version: version.map(|version| version.trim().to_owned()),
            image: image.as_str()?.to_owned(),
            image_span: image.span,
            tags: tags
                .unwrap_or_default()
                .iter()
                .filter_map(|tag| Some((tag.as_str()?.trim().to_owned(), tag.span)))
                .collect(),
            architectures: document.definition.architectures.clone(),
            stated_mb: size.and_then(stated).filter(|size| *size > 0),
            size_span: size.map(|size| size.span),
        })
    };
    let entries = document
        .compatibility()
        .map(|member| (member, &member.value.kind));
    let mut found = Vec::new();
    if let Some((member, Kind::Array(items))) = entries {
        let key = member.key.to_string_lossy();
        for (index, item) in items.iter().enumerate() {
            let pointer = json::pointer([Segment::Key(&key), Segment::Index(index)]);
            found.extend(of_object(item, pointer));
        }
    }
    if found.is_empty() {
        found.extend(of_object(&document.value, String::new()));
    }
    found
}

/// The image of an entry, or of a workspace as a whole.
fn image_of(object: &Value) -> Option<&Value> {
    let members: &Object = object.as_object()?;
    let image = members.get("image").or_else(|| members.get("name"))?;
    image
        .as_str()
        .is_some_and(|text| !text.trim().is_empty())
        .then_some(image)
}

/// A stated size; "1240 MB" is read too.
fn stated(value: &Value) -> Option<u64> {
    match &value.kind {
        Kind::Number(number) => Some(number.as_f64().max(0.0).round() as u64),
        Kind::String(text) => {
            let text = text.to_string_lossy();
            let digits = text
                .trim()
                .trim_end_matches(|sign: char| !sign.is_ascii_digit());
            digits.parse().ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_decimal_megabytes() {
        for (bytes, expected) in [
            (0, 1),
            (499_999, 1),
            (1_500_000, 2),
            (2_460_000_000, 2460),
            (u64::MAX, 18_446_744_073_709),
        ] {
            assert_eq!(megabytes(bytes), expected, "{bytes}");
        }
    }
}
