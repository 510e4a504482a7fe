//! What a workspace shows, from the states of its placements.

use crate::PlacementState;

/// One placement of a workspace, as far as its state is told from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacementView<'a> {
    /// Its state.
    pub state: PlacementState,
    /// The agent's name.
    pub agent: &'a str,
    /// Why it failed, or what it waits for, for people.
    pub reason: Option<&'a str>,
}

/// A workspace's state in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WorkspaceState {
    /// Asked to go.
    Removing,
    /// Something failed and nothing is under way.
    Failed,
    /// Some placement is being pulled.
    Pulling,
    /// Some placement waits.
    Waiting,
    /// All placements are ready.
    Ready,
    /// There is no agent that can hold it.
    NoAgentFits,
}

/// What a workspace shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkspaceSummary {
    /// In one word.
    pub state: WorkspaceState,
    /// One line for people, where the word does not say it all: `ready on 2 of 3, docker-2: …`.
    pub detail: Option<String>,
    /// Placements that are ready.
    pub ready: u32,
    /// Placements that want it; those being taken away are not counted.
    pub chosen: u32,
}

/// Tells what a workspace shows: the first that matches of removing, failed, pulling, waiting,
/// ready, no agent fits.
///
/// `unresolved` is the reason why the image could not be resolved: placements then wait for
/// something that does not come, so the workspace has failed.
pub fn workspace_state(
    removing: bool,
    placements: &[PlacementView<'_>],
    unresolved: Option<&str>,
) -> WorkspaceSummary {
    let chosen: Vec<_> = placements
        .iter()
        .filter(|one| one.state != PlacementState::Removing)
        .collect();
    let any = |state| chosen.iter().any(|one| one.state == state);
    let under_way = chosen.iter().any(|one| one.state.is_under_way());

    let state = if removing {
        WorkspaceState::Removing
    } else if unresolved.is_some() || (any(PlacementState::Failed) && !under_way) {
        WorkspaceState::Failed
    } else if any(PlacementState::Pulling) {
        WorkspaceState::Pulling
    } else if any(PlacementState::Waiting) {
        WorkspaceState::Waiting
    } else if chosen.is_empty() {
        WorkspaceState::NoAgentFits
    } else {
        WorkspaceState::Ready
    };
    let ready = chosen
        .iter()
        .filter(|one| one.state == PlacementState::Ready)
        .count();
    WorkspaceSummary {
        state,
        detail: detail(state, ready, &chosen, unresolved),
        ready: ready as u32,
        chosen: chosen.len() as u32,
    }
}

fn detail(
    state: WorkspaceState,
    ready: usize,
    chosen: &[&PlacementView<'_>],
    unresolved: Option<&str>,
) -> Option<String> {
    let progress = (0 < ready && ready < chosen.len())
        .then(|| format!("ready on {ready} of {}", chosen.len()));
    let reason = match state {
        WorkspaceState::Removing => return None,
        WorkspaceState::NoAgentFits | WorkspaceState::Ready => None,
        WorkspaceState::Failed | WorkspaceState::Pulling | WorkspaceState::Waiting => {
            unresolved.map(str::to_owned).or_else(|| reason(chosen))
        }
    };
    match (progress, reason) {
        (Some(progress), Some(reason)) => Some(format!("{progress}, {reason}")),
        (progress, reason) => progress.or(reason),
    }
}

/// The first failure's reason, else the first of one that waits; with its agent where several
/// were chosen.
fn reason(chosen: &[&PlacementView<'_>]) -> Option<String> {
    let first = |state| {
        chosen
            .iter()
            .find(|one| one.state == state && one.reason.is_some())
    };
    let one = first(PlacementState::Failed)
        .or_else(|| first(PlacementState::Waiting))
        .or_else(|| first(PlacementState::Pulling))?;
    let reason = one.reason?;
    Some(if chosen.len() > 1 {
        format!("{}: {reason}", one.agent)
    } else {
        reason.to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use PlacementState::{Failed, Pulling, Ready, Removing, Waiting};

    const AGENTS: [&str; 4] = ["docker-1", "docker-2", "docker-3", "docker-4"];

    fn check(states: &[PlacementState], expected: WorkspaceState, detail: Option<&str>) {
        let placements: Vec<_> = states
            .iter()
            .zip(AGENTS)
            .map(|(state, agent)| PlacementView {
                state: *state,
                agent,
                reason: (*state == Failed).then_some("disk full"),
            })
            .collect();
        let summary = workspace_state(false, &placements, None);
        assert_eq!(
            (summary.state, summary.detail.as_deref()),
            (expected, detail),
            "{states:?}"
        );
    }

    #[test]
    fn the_first_match_is_shown() {
        check(&[], WorkspaceState::NoAgentFits, None);
        check(&[Removing], WorkspaceState::NoAgentFits, None);
        check(&[Waiting], WorkspaceState::Waiting, None);
        check(&[Pulling], WorkspaceState::Pulling, None);
        check(&[Ready], WorkspaceState::Ready, None);
        check(&[Failed], WorkspaceState::Failed, Some("disk full"));
        check(&[Waiting, Pulling], WorkspaceState::Pulling, None);
        check(&[Ready, Ready, Ready], WorkspaceState::Ready, None);
        check(&[Ready, Removing], WorkspaceState::Ready, None);
        check(
            &[Ready, Waiting],
            WorkspaceState::Waiting,
            Some("ready on 1 of 2"),
        );
        check(
            &[Ready, Pulling, Ready],
            WorkspaceState::Pulling,
            Some("ready on 2 of 3"),
        );
    }

    #[test]
    fn a_failure_waits_for_what_is_under_way() {
        check(
            &[Failed, Waiting],
            WorkspaceState::Waiting,
            Some("docker-1: disk full"),
        );
        check(
            &[Ready, Failed, Pulling],
            WorkspaceState::Pulling,
            Some("ready on 1 of 3, docker-2: disk full"),
        );
        check(
            &[Ready, Failed, Ready],
            WorkspaceState::Failed,
            Some("ready on 2 of 3, docker-2: disk full"),
        );
    }

    #[test]
    fn removing_is_shown_before_all_else() {
        for state in PlacementState::ALL {
            let placement = PlacementView {
                state,
                agent: "docker-1",
                reason: Some("disk full"),
            };
            let summary = workspace_state(true, &[placement], Some("not found"));
            assert_eq!(summary.state, WorkspaceState::Removing);
        }
    }

    #[test]
    fn an_image_that_does_not_resolve_never_leaves_a_wait_without_an_end() {
        let placement = PlacementView {
            state: Waiting,
            agent: "docker-1",
            reason: None,
        };
        let summary = workspace_state(false, &[placement], Some("no such image"));
        assert_eq!(summary.state, WorkspaceState::Failed);
        assert_eq!(summary.detail.as_deref(), Some("no such image"));
    }

    #[test]
    fn every_combination_of_three_is_told_by_the_order() {
        for a in PlacementState::ALL {
            for b in PlacementState::ALL {
                for c in PlacementState::ALL {
                    let placements = [a, b, c].map(|state| PlacementView {
                        state,
                        agent: "docker-1",
                        reason: None,
                    });
                    let summary = workspace_state(false, &placements, None);
                    let has = |state| [a, b, c].contains(&state);
                    let expected = match () {
                        () if has(Failed) && !has(Pulling) && !has(Waiting) => {
                            WorkspaceState::Failed
                        }
                        () if has(Pulling) => WorkspaceState::Pulling,
                        () if has(Waiting) => WorkspaceState::Waiting,
                        () if has(Ready) => WorkspaceState::Ready,
                        () => WorkspaceState::NoAgentFits,
                    };
                    assert_eq!(summary.state, expected, "{a:?} {b:?} {c:?}");
                    assert!(summary.ready <= summary.chosen);
                    assert!(
                        summary.state != WorkspaceState::Ready || summary.ready == summary.chosen
                    );
                }
            }
        }
    }
}
