use diagnostics::Diagnostic;
use model::SchemaForm;
use model::definition::Definition;
use model::json::{self, Limits, Value};

use crate::context::{Context, Text};
use crate::discover::WORKSPACE_FILE;
use crate::hash::{Known, folder_hash};
use crate::icon::Icon;
use crate::path::join;
use crate::report::Report;
use crate::rules::{
    self, file_too_large, not_readable, unusable_workspace, workspace_too_large,
    workspace_without_folder,
};
use crate::summary::Summary;
use crate::{Config, Entry, SourceTree};

/// The longest `workspace.json` that is read.
pub(crate) const LONGEST_FILE: u64 = 4 * 1024 * 1024;
/// The longest entry of a list that consumers accept.
pub(crate) const LONGEST_LISTING: usize = 256 * 1000;

/// A workspace that is ready to be listed.
pub(crate) struct Workspace {
    /// The folder that it lies in.
    pub(crate) folder: String,
    /// What a consumer reads from its entry in the list.
    pub(crate) definition: Definition,
    /// Its icon.
    pub(crate) icon: Icon,
    /// Where its file names the icon.
    pub(crate) icon_place: Option<json::Span>,
    /// The versions that it is made for, as its file says them.
    pub(crate) versions: Vec<Value>,
    /// The channels that it is offered in, as its file says them.
    pub(crate) channels: Vec<Value>,
    /// Its entry in the list, byte for byte.
    pub(crate) listing: Vec<u8>,
    /// What is kept of it.
    pub(crate) summary: Summary,
}

/// Reads and checks one workspace; if it cannot be published, says why and gives nothing.
pub(crate) fn read_workspace(
    tree: &dyn SourceTree,
    folder: &str,
    config: Option<&Config>,
    report: &mut Report,
) -> Option<Workspace> {
    let file = join(folder, WORKSPACE_FILE);
    if folder.is_empty() {
        report.add(workspace_without_folder::found());
        return None;
    }
    report.begin();
    let workspace = match read(tree, folder, &file, config, report) {
        Ok(workspace) => workspace,
        Err(diagnostic) => {
            report.add(*diagnostic);
            None
        }
    };
    report.end(&file);
    workspace
}

/// Goes on as far as it can: what keeps a workspace from being published need not be all that is wrong with it.
fn read(
    tree: &dyn SourceTree,
    folder: &str,
    file: &str,
    config: Option<&Config>,
    report: &mut Report,
) -> Result<Option<Workspace>, Box<Diagnostic>> {
    let entries = sorted_entries(tree, folder)?;
    let bytes = tree.read(file, LONGEST_FILE).map_err(|error| {
        Box::new(match error.kind() {
            std::io::ErrorKind::FileTooLarge => file_too_large::found(file),
            _ => not_readable::found(file, &error),
        })
    })?;
    let parsed = json::parse(&bytes, &Limits::default());
    let text = Text {
        file,
        bytes: &bytes,
        parsed: &parsed,
    };
    rules::check_text(&text, report);
    let Some(mut value) = parsed.value else {
        return Ok(None);
    };
    let read = Definition::read(&value);
    let icon = Icon::read(tree, folder, &entries, value.get("image_src"));
    if let Some(object) = value.as_object() {
        let definition = match &read {
            Ok((definition, troubles)) => Ok((definition, troubles.as_slice())),
            Err(trouble) => Err(trouble),
        };
        let of_itself = read.as_ref().ok().map(|(definition, _)| definition.form);
        let context = Context {
            file,
            folder,
            bytes: &bytes,
            object,
            place: value.span,
            form: config
                .map(|config| config.schema)
                .or(of_itself)
                .unwrap_or(SchemaForm::V1_1),
            definition,
            icon: &icon,
        };
        rules::check_workspace(&context, report);
    }
    let known = Known {
        file: (file, &bytes),
        icon: match &icon {
            Icon::Read(icon) => Some(icon),
            _ => None,
        },
    };
    let sha = folder_hash(tree, folder, &entries, &known, report);
    let (mut definition, _) =
        read.map_err(|trouble| Box::new(unusable_workspace::found(file, &trouble)))?;
    let sha = sha?;
    let (versions, channels) = read_compatibility(&value);
    let icon_place = value.get("image_src").map(|value| value.span);
    let Some(object) = value.as_object_mut() else {
        return Ok(None);
    };
    let summary = Summary::new(file, object, &definition);
    object.set("sha", Value::string(sha.as_str()));
    definition.sha = Some(sha);
    let listing = json::stringify(&value);
    if listing.len() > LONGEST_LISTING {
        report.add(workspace_too_large::found(file, listing.len()));
    }
    Ok(Some(Workspace {
        folder: folder.to_owned(),
        definition,
        icon,
        icon_place,
        versions,
        channels,
        listing,
        summary,
    }))
}

/// What lies in a folder, in the order of the names.
fn sorted_entries(tree: &dyn SourceTree, folder: &str) -> Result<Vec<Entry>, Box<Diagnostic>> {
    let mut entries = tree
        .entries(folder)
        .map_err(|error| Box::new(not_readable::found(folder, &error)))?;
    entries.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(entries)
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
