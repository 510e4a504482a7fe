use std::collections::BTreeSet;
use std::io;

use diagnostics::Diagnostic;
use model::SchemaForm;
use model::json::{self, Value};

use crate::discover::workspace_folders;
use crate::icons::{Icons, publish_registry_icon};
use crate::list::{List, default_channel};
use crate::report::Report;
use crate::workspace::read_workspace;
use crate::{CONFIG_FILE, Config, Sink, SourceTree, codes};

/// How many listings consumers read from one list.
const MOST_WORKSPACES: usize = 20_000;

/// What a build did.
#[derive(Debug)]
pub struct Built {
    /// How many workspaces the list has.
    pub workspaces: usize,
    /// How many were left out; the diagnostics say why.
    pub left_out: usize,
    /// The files of the site that belong to this build, relative to the site's root.
    pub files: BTreeSet<String>,
    /// What there is to say, in the order of the list.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why a build ended early; what is wrong with a single workspace never ends it.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The source tree cannot be read at all.
    #[error("the registry's folder cannot be read")]
    Read {
        /// What the file system said.
        #[source]
        source: io::Error,
    },
    /// The source tree holds far more than a registry; mostly the wrong folder was named.
    #[error("the registry's folder holds more than {most} files")]
    TooManyFiles {
        /// The limit.
        most: usize,
    },
    /// A file of the site cannot be written: no space, no permission.
    #[error("`{path}` cannot be written")]
    Write {
        /// The file, relative to the site's root.
        path: String,
        /// What the file system said.
        #[source]
        source: io::Error,
    },
}

/// Publishes a source tree: reads one workspace after the other and hands the files of the site to the sink.
///
/// Flow: the registry's picture and the icons as they are met, then `list.json`, then, for the form 1.1,
/// `versions.json`. All lie in the folder named after the form.
///
/// Guarantees: no list names an icon that was not handed over before it, if the icon exists. The same input gives the
/// same bytes, but for `modified_ms`. A workspace that cannot be published is left out and reported.
///
/// Left to the caller: `versions.txt` (see [`merge_versions`](crate::merge_versions)) after the build, and after that
/// removing what lies in the form's folder and is not among [`Built::files`].
pub fn build(
    tree: &dyn SourceTree,
    config: &Config,
    modified_ms: i64,
    sink: &mut dyn Sink,
) -> Result<Built, BuildError> {
    let mut report = Report::default();
    let mut output = Output {
        folder: config.schema.to_string(),
        sink,
        files: BTreeSet::new(),
    };
    let folders = workspace_folders(tree, &mut report)?;
    publish_registry_icon(tree, config, &mut output, &mut report)?;
    let mut icons = Icons::default();
    let mut list = List::default();
    for folder in &folders {
        if let Some(workspace) = read_workspace(tree, folder, &mut report) {
            icons.publish(tree, &workspace, &mut output, &mut report)?;
            list.push(&workspace);
        }
    }
    output.write("list.json", &list.list_json(config, modified_ms))?;
    if config.schema == SchemaForm::V1_1 {
        output.write("versions.json", &list.versions_json())?;
    }
    report_whole(&list, config, &mut report);
    Ok(Built {
        workspaces: list.count(),
        left_out: folders.len() - list.count(),
        files: output.files,
        diagnostics: report.diagnostics,
    })
}

/// The sink, with the folder of the form in front of every path.
pub(crate) struct Output<'a> {
    folder: String,
    sink: &'a mut dyn Sink,
    files: BTreeSet<String>,
}

impl Output<'_> {
    pub(crate) fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), BuildError> {
        let path = format!("{}/{path}", self.folder);
        if let Err(source) = self.sink.write(&path, bytes) {
            return Err(BuildError::Write { path, source });
        }
        self.files.insert(path);
        Ok(())
    }
}

/// What can only be said about all workspaces together.
fn report_whole(list: &List, config: &Config, report: &mut Report) {
    if list.count() == 0 {
        report.add(
            Diagnostic::warning(codes::NO_WORKSPACES, "the registry has no workspaces").with_hint(
                "put each workspace into a folder of its own: `workspaces/NAME/workspace.json`",
            ),
        );
    }
    if list.count() > MOST_WORKSPACES {
        report.add(Diagnostic::warning(
            codes::TOO_MANY_WORKSPACES,
            format!(
                "the registry has {} workspaces; consumers read {MOST_WORKSPACES}",
                list.count()
            ),
        ));
    }
    let channels = list.channels();
    let default = default_channel(config);
    if config.schema == SchemaForm::V1_1
        && !channels.is_empty()
        && !channels.contains(&json::stringify(&Value::string(default)))
    {
        report.add(
            Diagnostic::warning(
                codes::DEFAULT_CHANNEL_UNKNOWN,
                format!("no workspace has the default channel `{default}`"),
            )
            .with_hint(format!(
                "set `default_channel` to one of: {}",
                some_of(channels)
            ))
            .in_file(CONFIG_FILE),
        );
    }
}

fn some_of(channels: &BTreeSet<Vec<u8>>) -> String {
    const MOST: usize = 5;
    let some: Vec<_> = channels
        .iter()
        .take(MOST)
        .map(|channel| String::from_utf8_lossy(channel))
        .collect();
    some.join(", ")
}
