use std::time::Duration;

use api::agent::{Goal, Kept};
use api::{Cause, KeptReason, PlacementState};
use engine::EngineError;
use model::PlacementId;
use tokio::time::Instant;

use super::Worker;
use crate::backoff::delay_after;
use crate::plan::{ImageKey, Member, pinned, state_of};

/// How often an image is tried to be pulled if what stands in the way may pass.
const PULL_TRIES: u32 = 6;

/// How often an image is tried to be taken away before it is left.
const REMOVAL_TRIES: u32 = 4;

/// How long an engine may not answer before what waits for it has failed.
const PATIENCE: Duration = Duration::from_mins(2);

/// How long a placement rests whose reports the server refuses.
const REFUSED_REST: Duration = Duration::from_mins(1);

/// What went wrong with an attempt so far.
#[derive(Debug, Clone)]
pub(super) struct Trouble {
    pub(super) attempt: u32,
    pub(super) tries: u32,
    /// It rests until then.
    pub(super) until: Option<Instant>,
    /// Whether it rests because of the engine.
    is_engine: bool,
    /// Since when it waits for an engine that does not answer.
    lost_since: Option<Instant>,
}

impl Worker {
    fn trouble(&mut self, placement: PlacementId, attempt: u32) -> &mut Trouble {
        let fresh = Trouble {
            attempt,
            tries: 0,
            until: None,
            is_engine: false,
            lost_since: None,
        };
        let trouble = self
            .troubles
            .entry(placement)
            .or_insert_with(|| fresh.clone());
        if trouble.attempt != attempt {
            *trouble = fresh;
        }
        trouble
    }

    /// Counts a failure and tells how many there were; the placement rests before the next try.
    fn count(&mut self, member: &Member, error: &EngineError) -> u32 {
        let trouble = self.trouble(member.placement, member.attempt);
        trouble.is_engine = error.cause == engine::Cause::EngineUnreachable;
        trouble.until = Some(Instant::now() + delay_after(trouble.tries));
        trouble.tries += 1;
        trouble.tries
    }

    /// A pull failed: it is tried again a few times if that may help.
    pub(super) fn pull_failed(&mut self, member: &Member, error: &EngineError) {
        let may_pass = matches!(
            error.cause,
            engine::Cause::TimedOut
                | engine::Cause::NameNotResolved
                | engine::Cause::EngineUnreachable
        );
        let tries = self.count(member, error);
        let state = if may_pass && tries < PULL_TRIES {
            PlacementState::Waiting
        } else {
            tracing::warn!(
                placement.id = %member.placement,
                image.reference = %member.image,
                %error,
                "Image {} could not be pulled.",
                member.image
            );
            PlacementState::Failed
        };
        self.report_trouble(member.placement, member.attempt, state, error);
    }

    /// A removal failed: the image is left after a few tries, but not for an engine that is down.
    pub(super) fn removal_failed(&mut self, member: &Member, error: &EngineError) {
        let tries = self.count(member, error);
        let is_down = error.cause == engine::Cause::EngineUnreachable;
        if is_down || tries < REMOVAL_TRIES {
            self.report_trouble(
                member.placement,
                member.attempt,
                PlacementState::Removing,
                error,
            );
        } else {
            let kept = Kept {
                reason: KeptReason::NotRemoved,
                detail: format!("the engine did not take it away: {error}"),
            };
            self.report_gone(member.placement, member.attempt, Some(kept));
        }
    }

    /// The server refused the report without which no pull begins.
    pub(super) fn report_refused(&mut self, member: &Member) {
        self.reported.remove(&member.placement);
        self.trouble(member.placement, member.attempt).until = Some(Instant::now() + REFUSED_REST);
    }

    /// The engine did not answer when it was looked at.
    pub(super) fn engine_is_lost(&mut self, error: EngineError) {
        if self.lost.is_none() {
            tracing::warn!(%error, "The engine is lost; it is asked again until it answers.");
        }
        let now = Instant::now();
        for (placement, attempt, goal) in self.idle() {
            let trouble = self.trouble(placement, attempt);
            let since = *trouble.lost_since.get_or_insert(now);
            let state = match goal {
                Goal::Absent => PlacementState::Removing,
                Goal::Present if now.duration_since(since) < PATIENCE => PlacementState::Waiting,
                Goal::Present => PlacementState::Failed,
            };
            self.report_trouble(placement, attempt, state, &error);
        }
        self.lost = Some(error);
    }

    /// The engine answers again: what waited for it, or failed for want of it, goes on.
    pub(super) fn engine_is_back(&mut self) {
        tracing::info!("The engine answers again.");
        for trouble in self.troubles.values_mut() {
            trouble.lost_since = None;
            if trouble.is_engine {
                trouble.until = None;
            }
        }
        let failed: Vec<_> = self
            .reported
            .values()
            .filter(|report| {
                report.state == PlacementState::Failed
                    && report.cause == Some(Cause::EngineUnreachable)
            })
            .map(|report| (report.placement, report.attempt))
            .collect();
        for (placement, attempt) in failed {
            self.report_waiting(placement, attempt);
        }
    }

    /// Placements with something left to do that no task is at.
    fn idle(&self) -> Vec<(PlacementId, u32, Goal)> {
        let Some(desired) = &self.desired else {
            return Vec::new();
        };
        let mut idle = Vec::new();
        for placement in &desired.placements {
            let Ok(image) = pinned(placement) else {
                continue;
            };
            let key = ImageKey::of(&image);
            let is_done = match placement.goal {
                Goal::Present => matches!(
                    state_of(placement, &self.reported),
                    PlacementState::Ready | PlacementState::Failed
                ),
                Goal::Absent => self
                    .reported
                    .get(&placement.placement)
                    .is_some_and(|report| report.gone),
            };
            if !is_done && !self.pulls.contains_key(&key) && !self.removals.contains_key(&key) {
                idle.push((placement.placement, placement.attempt, placement.goal));
            }
        }
        idle
    }
}
