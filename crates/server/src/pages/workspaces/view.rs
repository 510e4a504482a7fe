use api::{AgentContact, KeptImage, Workspace};
use askama::Template;

use super::list::List;
pub(crate) use super::list::WorkspacesQuery;
use super::rows::Rows;
use crate::pages::context::{Frame, PageContext, Place, Theme};

/// Agents named in full before they are counted.
const NAMED: usize = 3;

/// What is installed.
#[derive(Template)]
#[template(path = "workspaces.html")]
pub(crate) struct WorkspacesPage<'a> {
    frame: Frame<'a>,
    list: List<'a>,
    /// Images that stayed when their workspaces went, the latest first.
    kept: &'a [KeptImage],
}

impl<'a> WorkspacesPage<'a> {
    /// Those of `workspaces`, which are all, that fit `query`.
    pub(crate) fn new(
        page: &'a PageContext<'a>,
        workspaces: &'a [Workspace],
        kept: &'a [KeptImage],
        query: &'a WorkspacesQuery,
    ) -> Self {
        Self {
            frame: Frame::new(page, Place::Workspaces),
            list: List::new(workspaces, query, page.now),
            kept,
        }
    }

    /// Without script the page asks again by itself while something is under way.
    fn is_busy(&self) -> bool {
        self.list.rows.iter().any(Rows::is_busy)
    }
}

/// One workspace's rows.
#[derive(Template)]
#[template(path = "workspace-fragment.html")]
pub(crate) struct WorkspaceFragment<'a> {
    row: Rows<'a>,
}

impl<'a> WorkspaceFragment<'a> {
    pub(crate) fn new(page: &'a PageContext<'a>, workspace: &'a Workspace) -> Self {
        Self {
            row: Rows {
                workspace,
                now: page.now,
            },
        }
    }
}

/// Asks once before a workspace goes.
#[derive(Template)]
#[template(path = "uninstall.html")]
pub(crate) struct Uninstall<'a> {
    frame: Frame<'a>,
    workspace: &'a Workspace,
}

impl<'a> Uninstall<'a> {
    pub(crate) const fn new(page: &'a PageContext<'a>, workspace: &'a Workspace) -> Self {
        Self {
            frame: Frame::new(page, Place::Workspaces),
            workspace,
        }
    }

    /// The agents it is on, in words.
    fn agents(&self) -> String {
        let placements = &self.workspace.placements;
        if placements.len() > NAMED {
            return ui::plural(placements.len() as u64, "agent");
        }
        let names: Vec<&str> = placements
            .iter()
            .map(|placement| placement.agent_name.as_str())
            .collect();
        names.join(", ")
    }
}

/// Asks once before a workspace is forgotten while its agents still hold it.
#[derive(Template)]
#[template(path = "forget.html")]
pub(crate) struct Forget<'a> {
    frame: Frame<'a>,
    workspace: &'a Workspace,
}

impl<'a> Forget<'a> {
    pub(crate) const fn new(page: &'a PageContext<'a>, workspace: &'a Workspace) -> Self {
        Self {
            frame: Frame::new(page, Place::Workspaces),
            workspace,
        }
    }

    /// The agents that have not confirmed, and whether they are heard of.
    fn agents(&self) -> Vec<(&'a str, &'static str)> {
        let placements = self.workspace.placements.iter();
        placements
            .map(|placement| {
                let word = match placement.contact {
                    AgentContact::Online => "at work on it",
                    AgentContact::Late => "late",
                    AgentContact::Offline => "offline",
                };
                (placement.agent_name.as_str(), word)
            })
            .collect()
    }
}
