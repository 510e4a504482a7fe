use std::borrow::Cow;

use diagnostics::Diagnostic;
use model::SchemaForm;
use model::definition::Definition;
use model::folder_hash::Node;
use model::json::{self, Limits, Value};

use crate::context::{Context, Text};
use crate::discover::{Place, WORKSPACE_FILE};
use crate::hash::{Known, folder_hash};
use crate::icon::{Icon, IconFile};
use crate::listed::{Listed, ListedIcon};
use crate::path::{join, name_of};
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
    pub(crate) listed: Listed,
    /// What a consumer reads from its entry in the list.
    pub(crate) definition: Definition,
    /// The content of its icon.
    pub(crate) icon: Vec<u8>,
}

/// Reads and checks one workspace; if it cannot be published, says why and gives nothing.
pub(crate) fn read_workspace(
    tree: &dyn SourceTree,
    place: &Place,
    config: Option<&Config>,
    report: &mut Report,
) -> Option<Workspace> {
    let file = join(&place.folder, WORKSPACE_FILE);
    if place.folder.is_empty() {
        report.add(workspace_without_folder::found());
        return None;
    }
    report.begin();
    let workspace = match read(tree, place, &file, config, report) {
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
    place: &Place,
    file: &str,
    config: Option<&Config>,
    report: &mut Report,
) -> Result<Option<Workspace>, Box<Diagnostic>> {
    let folder = place.folder.as_str();
    let entries = match &place.entries {
        Some(entries) => Cow::Borrowed(entries.as_slice()),
        None => Cow::Owned(sorted_entries(tree, folder)?),
    };
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
    let (sha, icon_content) = sha?;
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
    let (icon, bytes) = match icon {
        Icon::Read(IconFile { path, bytes, .. }) => {
            let content = icon_content.unwrap_or_else(|| Node::file(name_of(&path), &bytes).hash());
            let icon = ListedIcon {
                path,
                content,
                place: icon_place,
            };
            (Some(icon), bytes)
        }
        _ => (None, Vec::new()),
    };
    Ok(Some(Workspace {
        listed: Listed {
            folder: folder.to_owned(),
            listing,
            versions,
            channels,
            summary,
            icon,
            card: None,
        },
        definition,
        icon: bytes,
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

/// Versions and channels as they are written, each as JSON: what a consumer makes of them is its own affair.
fn read_compatibility(value: &Value) -> (Vec<String>, Vec<String>) {
    let text = |value: &Value| String::from_utf8_lossy(&json::stringify(value)).into_owned();
    let mut versions = Vec::new();
    let mut channels = Vec::new();
    let entries = value
        .get("compatibility")
        .or_else(|| value.get("compatability"))
        .and_then(Value::as_array)
        .unwrap_or_default();
    for entry in entries {
        if entry.as_object().is_none() {
            versions.push(text(entry));
        } else {
            versions.extend(entry.get("version").map(text));
            let tags = entry.get("available_tags").and_then(Value::as_array);
            channels.extend(tags.unwrap_or_default().iter().map(text));
        }
    }
    (versions, channels)
}
