use crate::context::All;
use crate::discover::workspace_folders;
use crate::icons::{Icons, publish_registry_icon};
use crate::report::Report;
use crate::workspace::{Workspace, read_workspace};
use crate::{BuildError, Config, Output, SourceTree, rules};

/// How many workspaces there are.
pub(crate) struct Counts {
    pub(crate) workspaces: usize,
    pub(crate) left_out: usize,
}

/// Reads and checks a registry, one workspace after the other: icons go to the output, workspaces that can be published
/// to `take`, and what there is to say to the report.
pub(crate) fn read_registry(
    tree: &dyn SourceTree,
    config: Option<&Config>,
    output: &mut Output<'_>,
    report: &mut Report,
    mut take: impl FnMut(&Workspace),
) -> Result<Counts, BuildError> {
    let folders = workspace_folders(tree, report)?;
    if let Some(config) = config {
        publish_registry_icon(tree, config, output, report)?;
    }
    let mut icons = Icons::default();
    let mut summaries = Vec::new();
    for folder in &folders {
        if let Some(workspace) = read_workspace(tree, folder, config, report) {
            icons.publish(&workspace, output, report)?;
            take(&workspace);
            summaries.push(workspace.summary);
        }
    }
    let all = All {
        tree,
        config,
        workspaces: &summaries,
    };
    rules::check_all(&all, report);
    Ok(Counts {
        workspaces: summaries.len(),
        left_out: folders.len() - summaries.len(),
    })
}
