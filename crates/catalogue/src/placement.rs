//! How the state of one workspace on one agent moves.

/// State of one workspace on one agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlacementState {
    /// For its agent, or for the image to be resolved.
    Waiting,
    /// Layers arrive.
    Pulling,
    /// On the host, verified.
    Ready,
    /// It did not work.
    Failed,
    /// Being taken away.
    Removing,
}

impl PlacementState {
    /// Every state, for tables.
    pub const ALL: [Self; 5] = [
        Self::Waiting,
        Self::Pulling,
        Self::Ready,
        Self::Failed,
        Self::Removing,
    ];

    /// Whether it moves on by itself towards ready.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Waiting | Self::Pulling)
    }
}

/// What may happen to a placement.
///
/// Reports are those of the placement's current attempt: older ones are dropped before they
/// come here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlacementEvent {
    /// The agent has not begun, or begins again after it was restarted.
    ReportedWaiting,
    /// The agent receives layers.
    ReportedPulling,
    /// The agent holds the verified image.
    ReportedReady,
    /// The agent gave up.
    ReportedFailed,
    /// The agent has taken it away.
    ReportedGone,
    /// The agent looked, and its engine no longer holds the image.
    ImageVanished,
    /// A person asked to try again.
    Retry,
    /// A person asked to take it away.
    Uninstall,
}

impl PlacementEvent {
    /// Every event, for tables.
    pub const ALL: [Self; 8] = [
        Self::ReportedWaiting,
        Self::ReportedPulling,
        Self::ReportedReady,
        Self::ReportedFailed,
        Self::ReportedGone,
        Self::ImageVanished,
        Self::Retry,
        Self::Uninstall,
    ];
}

/// What an event does to a placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transition {
    /// Nothing changes; what the report carries (bytes, cause) may still be news.
    Stay,
    /// It goes on in this state.
    Become(PlacementState),
    /// It goes on in this state as a new attempt, so that reports of the old one are ignored.
    Restart(PlacementState),
    /// Its record ends.
    End,
}

/// What `event` does to a placement in `state`.
///
/// A failed placement is left alone by its agent until its attempt changes, so a `waiting` or
/// `pulling` that comes after the failure was overtaken on its way and must not start a
/// progress bar that never ends. `ready` is taken from every state that wants the image: it is
/// only said of verified bytes.
pub const fn transition(state: PlacementState, event: PlacementEvent) -> Transition {
    use PlacementEvent as Event;
    use PlacementState::{Failed, Pulling, Ready, Removing, Waiting};
    use Transition::{Become, End, Restart, Stay};
    match (state, event) {
        (Removing, Event::ReportedGone) => End,
        (Waiting | Pulling | Ready | Failed, Event::Uninstall) => Restart(Removing),
        (Failed, Event::Retry) => Restart(Waiting),
        (Waiting | Ready, Event::ReportedPulling) => Become(Pulling),
        (Waiting | Pulling | Failed, Event::ReportedReady) => Become(Ready),
        (Waiting | Pulling | Ready, Event::ReportedFailed) => Become(Failed),
        (Pulling, Event::ReportedWaiting) | (Ready, Event::ImageVanished) => Become(Waiting),
        _ => Stay,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use PlacementEvent::*;
    use PlacementState::*;
    use Transition::{Become, End, Restart, Stay};

    /// One row a state, one column an event, in the order of [`PlacementEvent::ALL`].
    #[rustfmt::skip]
    const TABLE: [(PlacementState, [Transition; 8]); 5] = [
        //           waiting          pulling          ready          failed          gone  vanished         retry             uninstall
        (Waiting,  [Stay,            Become(Pulling), Become(Ready), Become(Failed), Stay, Stay,            Stay,             Restart(Removing)]),
        (Pulling,  [Become(Waiting), Stay,            Become(Ready), Become(Failed), Stay, Stay,            Stay,             Restart(Removing)]),
        (Ready,    [Stay,            Become(Pulling), Stay,          Become(Failed), Stay, Become(Waiting), Stay,             Restart(Removing)]),
        (Failed,   [Stay,            Stay,            Become(Ready), Stay,           Stay, Stay,            Restart(Waiting), Restart(Removing)]),
        (Removing, [Stay,            Stay,            Stay,          Stay,           End,  Stay,            Stay,             Stay]),
    ];

    #[test]
    fn every_pair_is_in_the_table() {
        assert_eq!(TABLE.map(|(state, _)| state), PlacementState::ALL);
        for (state, row) in TABLE {
            for (event, expected) in PlacementEvent::ALL.into_iter().zip(row) {
                assert_eq!(transition(state, event), expected, "{state:?} on {event:?}");
            }
        }
    }

    #[test]
    fn only_a_confirmed_removal_ends_a_record() {
        for state in PlacementState::ALL {
            for event in PlacementEvent::ALL {
                let ends = transition(state, event) == End;
                assert_eq!(ends, state == Removing && event == ReportedGone);
            }
        }
    }

    #[test]
    fn a_removal_is_never_turned_back() {
        for event in PlacementEvent::ALL {
            assert!(
                matches!(transition(Removing, event), Stay | End),
                "{event:?}"
            );
        }
    }

    #[test]
    fn events_may_come_twice() {
        for state in PlacementState::ALL {
            for event in PlacementEvent::ALL {
                let (Become(next) | Restart(next)) = transition(state, event) else {
                    continue;
                };
                assert_eq!(
                    transition(next, event),
                    Stay,
                    "{state:?} on {event:?} twice"
                );
            }
        }
    }

    #[test]
    fn everything_can_be_taken_away() {
        for state in PlacementState::ALL {
            let next = match transition(state, Uninstall) {
                Restart(next) => next,
                _ => state,
            };
            assert_eq!(transition(next, ReportedGone), End);
        }
    }
}
