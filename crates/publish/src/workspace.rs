use diagnostics::Diagnostic;
use model::definition::Definition;
use model::json::{self, Limits, Parsed, Value};

use crate::discover::{WORKSPACE_FILE, not_readable};
use crate::hash::folder_hash;
use crate::path::join;
use crate::report::{Report, span};
use crate::{SourceTree, codes};

/// The longest `workspace.json` that is read.
const LONGEST_FILE: u64 = 4 * 1024 * 1024;
/// The longest entry of a list that consumers accept.
const LONGEST_LISTING: usize = 256 * 1000;

/// A workspace that is ready to be listed.
pub(crate) struct Workspace {
    /// Its folder.
    pub(crate) folder: String,
    /// The name to show.
    pub(crate) name: String,
    /// The name of its icon, as its file says it.
    pub(crate) image_src: Option<Value>,
    /// The versions that it is made for, as its file says them.
    pub(crate) versions: Vec<Value>,
    /// The channels that it is offered in, as its file says them.
    pub(crate) channels: Vec<Value>,
    /// Its entry in the list, byte for byte.
    pub(crate) listing: Vec<u8>,
}

impl Workspace {
    /// The file that describes it.
    pub(crate) fn file(&self) -> String {
        join(&self.folder, WORKSPACE_FILE)
    }
}

/// Reads one workspace; if it cannot be published, says why and gives nothing.
pub(crate) fn read_workspace(
    tree: &dyn SourceTree,
    folder: &str,
    report: &mut Report,
) -> Option<Workspace> {
    let file = join(folder, WORKSPACE_FILE);
    if folder.is_empty() {
        report.add(without_folder());
        return None;
    }
    let bytes = match tree.read(&file, LONGEST_FILE) {
        Ok(bytes) => bytes,
        Err(error) => {
            report.add(not_readable(&file, &error));
            return None;
        }
    };
    let parsed = json::parse(&bytes, &Limits::default());
    report_oddities(&parsed, &file, report);
    let mut value = parsed.value?;
    let name = read_definition(&value, &file, report)?.friendly_name;
    let (versions, channels) = read_compatibility(&value);
    let image_src = value.get("image_src").cloned();
    let sha = match folder_hash(tree, folder, report) {
        Ok(sha) => sha,
        Err(diagnostic) => {
            report.add(*diagnostic);
            return None;
        }
    };
    value.as_object_mut()?.set("sha", Value::string(sha));
    let listing = json::stringify(&value);
    if listing.len() > LONGEST_LISTING {
        report.add(too_large(&file, listing.len()));
    }
    Some(Workspace {
        folder: folder.to_owned(),
        name,
        image_src,
        versions,
        channels,
        listing,
    })
}

fn read_definition(value: &Value, file: &str, report: &mut Report) -> Option<Definition> {
    match Definition::read(value) {
        Ok((definition, troubles)) => {
            for trouble in troubles {
                report.add(
                    Diagnostic::warning(
                        codes::UNEXPECTED_VALUE,
                        format!("`{}` in `{file}`: {}", trouble.pointer, trouble.message),
                    )
                    .in_file(file)
                    .at(span(trouble.span)),
                );
            }
            Some(definition)
        }
        Err(trouble) => {
            report.add(
                Diagnostic::error(
                    codes::UNUSABLE_WORKSPACE,
                    format!("`{file}` is left out: {}", trouble.message),
                )
                .in_file(file)
                .at(span(trouble.span)),
            );
            None
        }
    }
}

/// Versions and channels as they are written: what a consumer makes of them is its own affair.
fn read_compatibility(value: &Value) -> (Vec<Value>, Vec<Value>) {
    let mut versions = Vec::new();
    let mut channels = Vec::new();
    let entries = value
        .get("compatibility")
        .or_else(|| value.get("compatability"))
        .and_then(Value::as_array)
        .unwrap_or_default();
    for entry in entries {
        if entry.as_object().is_none() {
            versions.push(entry.clone());
        } else {
            versions.extend(entry.get("version").cloned());
            let tags = entry.get("available_tags").and_then(Value::as_array);
            channels.extend_from_slice(tags.unwrap_or_default());
        }
    }
    (versions, channels)
}

fn report_oddities(parsed: &Parsed, file: &str, report: &mut Report) {
    for error in &parsed.errors {
        let diagnostic = Diagnostic::error(
            codes::INVALID_JSON,
            format!("`{file}` is not JSON and is left out: {}", error.message),
        )
        .in_file(file)
        .at(span(error.span));
        report.add(match error.hint {
            Some(hint) => diagnostic.with_hint(hint),
            None => diagnostic,
        });
    }
    if parsed.byte_order_mark {
        report.add(
            Diagnostic::warning(
                codes::BYTE_ORDER_MARK,
                format!("`{file}` begins with a byte-order mark"),
            )
            .with_hint("save it as UTF-8 without one: other builds stop here")
            .in_file(file),
        );
    }
    if parsed.invalid_utf8 {
        report.add(
            Diagnostic::warning(
                codes::NOT_UTF8,
                format!("`{file}` is not UTF-8; what cannot be read is shown as \u{fffd}"),
            )
            .with_hint("save it as UTF-8")
            .in_file(file),
        );
    }
    for key in &parsed.duplicate_keys {
        report.add(
            Diagnostic::warning(
                codes::DUPLICATE_KEY,
                format!("`{file}` has a key twice in one object"),
            )
            .with_label("stands here again; this value counts")
            .in_file(file)
            .at(span(*key)),
        );
    }
}

fn too_large(file: &str, length: usize) -> Diagnostic {
    Diagnostic::warning(
        codes::WORKSPACE_TOO_LARGE,
        format!(
            "`{file}` is {} kB long; consumers set aside what is over {} kB",
            length.div_ceil(1000),
            LONGEST_LISTING / 1000
        ),
    )
    .in_file(file)
}

fn without_folder() -> Diagnostic {
    Diagnostic::error(
        codes::WORKSPACE_WITHOUT_FOLDER,
        format!("`{WORKSPACE_FILE}` lies beside `registry.toml` and is left out"),
    )
    .with_hint("move it with its icon to a folder of its own: `workspaces/NAME/`")
    .in_file(WORKSPACE_FILE)
}
