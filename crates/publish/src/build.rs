use std::collections::BTreeSet;
use std::io;

use diagnostics::Diagnostic;
use model::SchemaForm;

use crate::discover::workspace_folders;
use crate::icons::publish_logo;
use crate::list::List;
use crate::registry::read_workspaces;
use crate::report::Report;
use crate::storefront::Storefront;
use crate::{Change, Config, Sink, SourceTree};

/// What a build did.
#[derive(Debug)]
pub struct Built {
    /// How many workspaces the list has.
    pub workspaces: usize,
    /// How many were left out; the diagnostics say why.
    pub left_out: usize,
    /// The files of the site that belong to this build, relative to the site's root.
    pub files: BTreeSet<String>,
    /// What there is to say, in the order of the files.
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
/// Flow: the registry's picture, the icons and pages of listings as they are met, the rest of the storefront, then
/// `list.json`, then, for the form 1.1, `versions.json`. All lie in the folder named after the form.
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
    history: &[Change],
    sink: &mut dyn Sink,
) -> Result<Built, BuildError> {
    let mut report = Report::new(config.severities.clone());
    let mut output = Output::new(config.schema.to_string(), sink);
    let mut list = List::default();
    let folders = workspace_folders(tree, &mut report)?;
    let logo = publish_logo(tree, config, &mut output, &mut report)?;
    let mut storefront = Storefront::new(config, logo, history);
    let counts = read_workspaces(
        tree,
        &folders,
        Some(config),
        &mut output,
        &mut report,
        |workspace, icon, output| {
            list.push(workspace);
            storefront.listing(workspace, icon, output)
        },
    )?;
    storefront.finish(modified_ms, &mut output)?;
    output.write("list.json", &list.list_json(config, modified_ms))?;
    if config.schema == SchemaForm::V1_1 {
        output.write("versions.json", &list.versions_json())?;
    }
    Ok(Built {
        workspaces: counts.workspaces,
        left_out: counts.left_out,
        files: output.files,
        diagnostics: report.finish(),
    })
}

/// The sink, with the folder of the form in front of every path.
pub(crate) struct Output<'a> {
    folder: String,
    sink: &'a mut dyn Sink,
    files: BTreeSet<String>,
}

impl<'a> Output<'a> {
    pub(crate) fn new(folder: String, sink: &'a mut dyn Sink) -> Self {
        Self {
            folder,
            sink,
            files: BTreeSet::new(),
        }
    }

    pub(crate) fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), BuildError> {
        let path = format!("{}/{path}", self.folder);
        if let Err(source) = self.sink.write(&path, bytes) {
            return Err(BuildError::Write { path, source });
        }
        self.files.insert(path);
        Ok(())
    }

    /// Whether a file of this build was written already.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.files.contains(&format!("{}/{path}", self.folder))
    }
}
