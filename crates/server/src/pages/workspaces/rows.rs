use api::{LayerProgress, Placement, PlacementState, Workspace, WorkspaceState};
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
        )
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
