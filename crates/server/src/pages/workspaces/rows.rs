use api::{AgentContact, LayerProgress, Placement, PlacementState, Workspace, WorkspaceState};
use time::OffsetDateTime;

/// An installed workspace and its placements, as rows of the table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) now: OffsetDateTime,
}

impl Rows<'_> {
    /// Whether the placements are worth seeing at once.
    pub(crate) fn opens(&self) -> bool {
        matches!(
            self.workspace.state,
            WorkspaceState::Failed | WorkspaceState::Pulling | WorkspaceState::NoAgentFits
        ) || self.can_be_forgotten()
    }

    pub(crate) fn digest(&self) -> Option<String> {
        let digest = self.workspace.digest.as_ref()?;
        Some(ui::short_digest(&digest.to_string()))
    }

    pub(crate) fn is_failed(&self) -> bool {
        self.workspace.state == WorkspaceState::Failed
    }

    pub(crate) fn is_removing(&self) -> bool {
        self.workspace.state == WorkspaceState::Removing
    }

    /// Whether it waits for agents that may never come back.
    pub(crate) fn can_be_forgotten(&self) -> bool {
        let is_offline = |placement: &Placement| placement.contact == AgentContact::Offline;
        self.is_removing() && self.workspace.placements.iter().any(is_offline)
    }

    /// Whether nothing happens at a placement before somebody deals with what failed.
    fn is_held_up(&self, placement: &Placement) -> bool {
        self.is_failed()
            && self.workspace.digest.is_none()
            && placement.state == PlacementState::Waiting
    }

    /// The state of a placement.
    pub(crate) fn mark(&self, placement: &Placement) -> ui::Mark {
        if self.is_held_up(placement) {
            ui::NOT_STARTED
        } else {
            ui::placement_mark(placement.state)
        }
    }

    /// What a placement that stands still waits for.
    pub(crate) fn waits_for(&self, placement: &Placement) -> Option<&'static str> {
        if self.is_held_up(placement) {
            return Some("Its image could not be found: see above.");
        }
        let is_still = matches!(
            placement.state,
            PlacementState::Waiting | PlacementState::Removing | PlacementState::Pulling
        );
        if is_still && placement.contact == AgentContact::Offline {
            return Some("Its agent is offline; this goes on when it is heard of again.");
        }
        (placement.state == PlacementState::Waiting && self.workspace.digest.is_none())
            .then_some("Its image has to be found first.")
    }

    /// Whether something happens that the page should ask about again.
    pub(crate) fn is_busy(&self) -> bool {
        use WorkspaceState::{Pulling, Removing, Waiting};
        matches!(self.workspace.state, Pulling | Removing | Waiting) && !self.can_be_forgotten()
    }

    pub(crate) fn can_retry(&self) -> bool {
        let has_failed = |placement: &Placement| placement.state == PlacementState::Failed;
        !self.is_removing()
            && (self.is_failed() || self.workspace.placements.iter().any(has_failed))
    }

    /// One line on the state.
    pub(crate) fn line(&self) -> Option<&str> {
        let cause = self.workspace.cause.map(api::Cause::sentence);
        self.workspace.detail.as_deref().or(cause)
    }

    /// What to do about a failure that no placement tells.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        let is_told = |placement: &Placement| placement.cause.is_some();
        let told = self.workspace.placements.iter().any(is_told);
        let cause = self.workspace.cause.filter(|_| self.is_failed() && !told)?;
        Some(cause.hint())
    }

    pub(crate) fn percent(placement: &Placement) -> Option<u8> {
        (placement.state == PlacementState::Pulling && placement.bytes_total > 0)
            .then(|| ui::percent(placement.bytes_done, placement.bytes_total))
    }

    /// The first digits of a layer's digest.
    pub(crate) fn layer_name(layer: &LayerProgress) -> &str {
        let name = layer.id.rsplit(':').next().unwrap_or_default();
        name.get(..8).unwrap_or(name)
    }

    pub(crate) fn layer_bytes(layer: &LayerProgress) -> String {
        match (layer.done, layer.total) {
            (0, 0) => "waiting".to_owned(),
            (done, 0) => ui::bytes(done),
            (done, total) if done >= total => ui::bytes(total),
            (done, total) => format!("{} of {}", ui::bytes(done), ui::bytes(total)),
        }
    }
}
