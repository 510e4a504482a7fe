use std::time::Duration;

use api::KeptReason;
use api::agent::{Goal, Kept};
use engine::{EngineError, Holder, Removal};
use tokio::task::Id;
use tokio::time::Instant;

use super::{Subject, TaskEnd, Worker, broke_off};
use crate::plan::{ImageKey, Member, wanted};
use crate::pull::PullEnd;

/// How long an image is left alone that could not be taken away.
const STAYS: Duration = Duration::from_mins(10);

impl Worker {
    /// A task has ended, by itself or by a defect.
    pub(super) fn take_end(&mut self, id: Id, end: Result<TaskEnd, String>) {
        let Some((key, subject)) = self.subjects.remove(&id) else {
            return;
        };
        let end = end.unwrap_or_else(|reason| {
            let error = broke_off(&reason);
            tracing::error!(%error, "A defect in the agent or the engine.");
            match subject {
                Subject::Pull => TaskEnd::Pull(PullEnd::Failed(error)),
                Subject::Untag => TaskEnd::Untag(Err(error)),
                Subject::Remove => TaskEnd::Remove(Err(error)),
            }
        });
        self.engine_changed();
        match end {
            TaskEnd::Pull(end) => self.pull_ended(&key, &end),
            TaskEnd::Untag(Ok(())) => {
                for member in self.removed_members(&key) {
                    self.report_gone(member.placement, member.attempt, Some(wanted()));
                }
            }
            TaskEnd::Remove(Ok(removal)) => self.removed(&key, removal),
            TaskEnd::Untag(Err(error)) | TaskEnd::Remove(Err(error)) => {
                self.not_removed(&key, &error);
            }
        }
    }

    fn pull_ended(&mut self, key: &ImageKey, end: &PullEnd) {
        self.prune();
        let Some(pull) = self.pulls.remove(key) else {
            return;
        };
        for member in &pull.members {
            match end {
                // Whoever joined after that with another tag is planned for again, to get it.
                PullEnd::Here(pulled) if pull.tagged.contains(&member.image) => {
                    self.report_ready(member, pulled.size_bytes);
                }
                PullEnd::Failed(error) => self.pull_failed(member, error),
                PullEnd::Unacknowledged => self.report_refused(member),
                PullEnd::Here(_) | PullEnd::Cancelled => {}
            }
        }
    }

    fn removed(&mut self, key: &ImageKey, removal: Removal) {
        let kept = match removal {
            Removal::Kept { by, reason } => Some(Kept {
                reason: match by {
                    Holder::Container => KeptReason::Container,
                    Holder::Image => KeptReason::OtherImage,
                },
                detail: reason,
            }),
            Removal::Removed { .. } | Removal::NotThere => {
                self.forget_brought(key);
                None
            }
        };
        if let Some(kept) = &kept {
            tracing::info!(
                image.repository = key.repository,
                image.digest = %key.digest,
                "Image {}@{} stays: {}.",
                key.repository,
                key.digest,
                kept.detail
            );
            self.staying.insert(key.clone(), Instant::now() + STAYS);
        }
        for member in self.removed_members(key) {
            self.report_gone(member.placement, member.attempt, kept.clone());
        }
    }

    fn not_removed(&mut self, key: &ImageKey, error: &EngineError) {
        if self.removals.get(key).is_some_and(Vec::is_empty) {
            tracing::warn!(
                image.repository = key.repository,
                image.digest = %key.digest,
                %error,
                "Image {}@{}, which nobody wants any more, could not be taken away.",
                key.repository,
                key.digest,
            );
            self.staying.insert(key.clone(), Instant::now() + STAYS);
        }
        for member in self.removed_members(key) {
            self.removal_failed(&member, error);
        }
    }

    /// Whom a removal was for, as far as they still shall go.
    fn removed_members(&mut self, key: &ImageKey) -> Vec<Member> {
        let mut members = self.removals.remove(key).unwrap_or_default();
        let placements = self
            .desired
            .as_ref()
            .map(|desired| desired.placements.as_slice())
            .unwrap_or_default();
        members.retain(|member| {
            placements.iter().any(|placement| {
                placement.placement == member.placement
                    && placement.attempt == member.attempt
                    && placement.goal == Goal::Absent
            })
        });
        members
    }
}
