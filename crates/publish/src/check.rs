use std::io;

use diagnostics::Diagnostic;

use crate::discover::workspace_folders;
use crate::icons::publish_logo;
use crate::registry::read_workspaces;
use crate::report::{self, Report};
use crate::{BuildError, Config, Output, Sink, SourceTree};

/// What checking a source tree gave.
#[derive(Debug)]
pub struct Checked {
    /// How many workspaces can be published.
    pub workspaces: usize,
    /// How many cannot; the diagnostics say why.
    pub left_out: usize,
    /// Everything that there is to say, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a source tree whose configuration was read already; `found` is what there was to say about that.
///
/// Reports everything that a build reports, and writes nothing. Without a configuration, which only errors in it are
/// a reason for, the workspaces are checked all the same.
pub fn check(
    tree: &dyn SourceTree,
    config: Option<&Config>,
    found: Vec<Diagnostic>,
) -> Result<Checked, BuildError> {
    let severities = config.map(|config| config.severities.clone());
    let mut report = Report::new(severities.unwrap_or_default());
    let mut nowhere = Nowhere;
    let mut output = Output::new(String::new(), &mut nowhere);
    let folders = workspace_folders(tree, &mut report)?;
    if let Some(config) = config {
        publish_logo(tree, config, &mut output, &mut report)?;
    }
    let counts = read_workspaces(
        tree,
        &folders,
        config,
        &mut output,
        &mut report,
        |_, _, _| Ok(()),
    )?;
    let mut diagnostics = found;
    diagnostics.append(&mut report.finish());
    report::sort(&mut diagnostics);
    Ok(Checked {
        workspaces: counts.workspaces,
        left_out: counts.left_out,
        diagnostics,
    })
}

/// A site that nothing is kept of.
struct Nowhere;

impl Sink for Nowhere {
    fn write(&mut self, _path: &str, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }
}
