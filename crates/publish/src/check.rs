use std::io;

use diagnostics::Diagnostic;
use model::definition::Definition;

use crate::discover::discover;
use crate::icons::publish_logo;
use crate::listed::Listed;
use crate::registry::{Taker, read_workspaces};
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
    let places = discover(tree, &mut report)?.places;
    if let Some(config) = config {
        publish_logo(tree, config, &mut output, &mut report)?;
    }
    let counts = read_workspaces(
        tree,
        places,
        config,
        None,
        &mut output,
        &mut report,
        &mut Nowhere,
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

impl Taker for Nowhere {
    fn take(
        &mut self,
        _listed: &mut Listed,
        _definition: Option<&Definition>,
        _icon: Option<&str>,
        _output: &mut Output<'_>,
    ) -> Result<bool, BuildError> {
        Ok(true)
    }
}
