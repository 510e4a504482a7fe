use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use api::LayerProgress;
use model::PlacementId;

/// Progress of pulls. Only in memory: it changes twice a second and is worth nothing after a restart, when the agent
/// tells it anew.
#[derive(Debug, Default)]
pub(crate) struct ProgressBoard(Mutex<HashMap<PlacementId, PullProgress>>);

/// How far one placement is.
#[derive(Debug, Clone, Default)]
pub(crate) struct PullProgress {
    pub(crate) attempt: i32,
    pub(crate) layers: Vec<LayerProgress>,
}

impl PullProgress {
    /// Bytes received.
    pub(crate) fn done(&self) -> u64 {
        sum(self.layers.iter().map(|layer| layer.done))
    }

    /// Bytes to receive: what the image's manifest says, or what the engine tells where it tells more.
    pub(crate) fn total(&self, manifest: u64) -> u64 {
        sum(self.layers.iter().map(|layer| layer.total)).max(manifest)
    }
}

/// An agent may say anything.
fn sum(bytes: impl Iterator<Item = u64>) -> u64 {
    bytes.fold(0, u64::saturating_add)
}

impl ProgressBoard {
    /// Takes a report.
    pub(crate) fn set(&self, placement: PlacementId, progress: PullProgress) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(placement, progress);
    }

    /// The pull ended, one way or the other.
    pub(crate) fn clear(&self, placement: PlacementId) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&placement);
    }

    /// What is known of an attempt.
    pub(crate) fn get(&self, placement: PlacementId, attempt: i32) -> PullProgress {
        let board = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        board
            .get(&placement)
            .filter(|progress| progress.attempt == attempt)
            .cloned()
            .unwrap_or_default()
    }
}
