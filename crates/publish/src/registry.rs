use crate::context::All;
use crate::icons::Icons;
use crate::report::Report;
use crate::workspace::{Workspace, read_workspace};
use crate::{BuildError, Config, Output, SourceTree, rules};

/// How many workspaces there are.
pub(crate) struct Counts {
    pub(crate) workspaces: usize,
    pub(crate) left_out: usize,
}

/// Reads and checks the workspaces of `folders`, one after the other: icons go to the output, workspaces that can be
/// published to `take`, with the paths of their icons, and what there is to say to the report.
pub(crate) fn read_workspaces(
    tree: &dyn SourceTree,
    folders: &[String],
    config: Option<&Config>,
    output: &mut Output<'_>,
    report: &mut Report,
    mut take: impl FnMut(&Workspace, Option<&str>, &mut Output<'_>) -> Result<(), BuildError>,
) -> Result<Counts, BuildError> {
    let mut icons = Icons::default();
    let mut summaries = Vec::new();
    for folder in folders {
        if let Some(workspace) = read_workspace(tree, folder, config, report) {
            let icon = icons.publish(&workspace, output, report)?;
            take(&workspace, icon.as_deref(), output)?;
            summaries.push(workspace.summary);
        }
    }
    let all = All {
        tree,
        config,
        workspaces: &summaries,
        left_out: folders.len() - summaries.len(),
    };
    rules::check_all(&all, report);
    Ok(Counts {
        workspaces: summaries.len(),
        left_out: all.left_out,
    })
}
