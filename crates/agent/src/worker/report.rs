use api::agent::{Desired, Kept, Progress};
use api::{Cause, LayerProgress, PlacementState};
use engine::EngineError;
use model::PlacementId;

use super::Worker;
use crate::convert;
use crate::outbox::Ticket;
use crate::plan::Member;

impl Worker {
    pub(super) fn report_ready(&mut self, member: &Member, size_bytes: u64) {
        self.troubles.remove(&member.placement);
        tracing::info!(
            placement.id = %member.placement,
            image.reference = %member.image,
            "Image {} is here.",
            member.image
        );
        self.report_once(Progress {
            size_bytes: Some(size_bytes),
            ..progress(member.placement, member.attempt, PlacementState::Ready)
        });
    }

    pub(super) fn report_unreadable(&mut self, placement: PlacementId, attempt: u32, text: String) {
        self.report_once(Progress {
            cause: Some(Cause::Other),
            detail: Some(text),
            ..progress(placement, attempt, PlacementState::Failed)
        });
    }

    pub(super) fn report_gone(&mut self, placement: PlacementId, attempt: u32, kept: Option<Kept>) {
        self.troubles.remove(&placement);
        self.report_once(Progress {
            gone: true,
            kept,
            ..progress(placement, attempt, PlacementState::Removing)
        });
    }

    /// A state that something went wrong in.
    pub(super) fn report_trouble(
        &mut self,
        placement: PlacementId,
        attempt: u32,
        state: PlacementState,
        error: &EngineError,
    ) {
        self.report_once(Progress {
            cause: Some(convert::cause(error.cause)),
            detail: Some(error.text.clone()),
            ..progress(placement, attempt, state)
        });
    }

    pub(super) fn report_waiting(&mut self, placement: PlacementId, attempt: u32) {
        self.report_once(progress(placement, attempt, PlacementState::Waiting));
    }

    /// Says that the image is being brought, even if that was said before: work waits for the answer.
    pub(super) fn report_pulling(&mut self, member: &Member, layers: Vec<LayerProgress>) -> Ticket {
        let report = Progress {
            bringing: true,
            ..progress(member.placement, member.attempt, PlacementState::Pulling)
        };
        self.reported.insert(member.placement, report.clone());
        self.outbox.report(Progress { layers, ..report })
    }

    pub(super) fn tell_layers(&mut self, member: &Member, layers: Vec<LayerProgress>) {
        self.outbox.tell(Progress {
            layers,
            ..progress(member.placement, member.attempt, PlacementState::Pulling)
        });
    }

    fn report_once(&mut self, report: Progress) {
        if self.reported.get(&report.placement) != Some(&report) {
            self.reported.insert(report.placement, report.clone());
            // Sent again until it is acknowledged; nothing waits for that.
            drop(self.outbox.report(report));
        }
    }

    /// Reports again what the server does not know although it acknowledged it.
    pub(super) fn repeat_what_the_server_missed(&self, desired: &Desired) {
        for placement in &desired.placements {
            let Some(report) = self.reported.get(&placement.placement) else {
                continue;
            };
            let is_known = report.state == placement.state && !report.gone;
            let is_current = report.attempt == placement.attempt;
            if is_current && !is_known && !self.outbox.is_pending(placement.placement) {
                drop(self.outbox.report(report.clone()));
            }
        }
    }
}

fn progress(placement: PlacementId, attempt: u32, state: PlacementState) -> Progress {
    Progress {
        placement,
        attempt,
        state,
        layers: Vec::new(),
        cause: None,
        detail: None,
        bringing: false,
        size_bytes: None,
        gone: false,
        kept: None,
    }
}
