use std::collections::BTreeSet;

use api::{Workspace, WorkspaceState};
use serde::Deserialize;
use time::OffsetDateTime;

use super::rows::Rows;

/// Query string of the page of installed workspaces.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct WorkspacesQuery {
    /// Words to look for.
    pub(crate) search: String,
    /// Category, as published or edited.
    pub(crate) category: String,
    /// `ready`, `busy` or `failed`.
    pub(crate) state: String,
}

/// The installed workspaces that fit a query.
#[derive(Debug)]
pub(crate) struct List<'a> {
    pub(crate) rows: Vec<Rows<'a>>,
    pub(crate) categories: Vec<&'a str>,
    pub(crate) total: usize,
    pub(crate) query: &'a WorkspacesQuery,
}

impl<'a> List<'a> {
    pub(crate) fn new(
        workspaces: &'a [Workspace],
        query: &'a WorkspacesQuery,
        now: OffsetDateTime,
    ) -> Self {
        let categories: BTreeSet<&str> = workspaces
            .iter()
            .flat_map(|workspace| workspace.categories.iter().map(String::as_str))
            .collect();
        Self {
            rows: workspaces
                .iter()
                .filter(|workspace| query.takes(workspace))
                .map(|workspace| Rows { workspace, now })
                .collect(),
            categories: categories.into_iter().collect(),
            total: workspaces.len(),
            query,
        }
    }

    pub(crate) fn is_filtered(&self) -> bool {
        *self.query != WorkspacesQuery::default()
    }

    pub(crate) fn count(&self) -> String {
        if self.is_filtered() {
            format!("{} of {}", self.rows.len(), self.total)
        } else {
            self.total.to_string()
        }
    }

    pub(crate) fn has_category(&self, category: &str) -> bool {
        self.query.category == category
    }

    pub(crate) fn has_state(&self, state: &str) -> bool {
        self.query.state == state
    }

    pub(crate) fn states() -> [(&'static str, &'static str); 4] {
        [
            ("", "All"),
            ("ready", "Ready"),
            ("busy", "Under way"),
            ("failed", "Failed"),
        ]
    }
}

impl WorkspacesQuery {
    fn takes(&self, workspace: &Workspace) -> bool {
        let state = match workspace.state {
            WorkspaceState::Ready => "ready",
            WorkspaceState::Failed | WorkspaceState::NoAgentFits => "failed",
            WorkspaceState::Removing | WorkspaceState::Pulling | WorkspaceState::Waiting => "busy",
        };
        (self.state.is_empty() || self.state == state)
            && (self.category.is_empty() || workspace.categories.contains(&self.category))
            && self.has_words(workspace)
    }

    fn has_words(&self, workspace: &Workspace) -> bool {
        let text = format!(
            "{} {} {} {}",
            workspace.friendly_name,
            workspace.registry_name,
            workspace.image,
            workspace.categories.join(" "),
        )
        .to_lowercase();
        self.search
            .to_lowercase()
            .split_whitespace()
            .all(|word| text.contains(word))
    }
}
