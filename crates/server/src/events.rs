//! Numbered events for browsers: the last 1,000 are kept, who falls behind is told to read anew.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use api::{Event, EventData};
use model::SessionId;
use tokio::sync::broadcast;

/// How many events a late subscriber can catch up on.
const KEPT: usize = 1_000;

/// How far a subscriber may fall behind before it is told to read anew.
const BACKLOG: usize = 256;

/// What reaches a subscriber.
#[derive(Debug, Clone)]
pub(crate) enum Signal {
    /// Something happened.
    Event(Event),
    /// This person signed out: their streams end.
    SignedOut(SessionId),
}

/// Where events are published and subscribed to.
#[derive(Debug)]
pub(crate) struct EventHub {
    state: Mutex<State>,
    sender: broadcast::Sender<Signal>,
}

#[derive(Debug)]
struct State {
    next: u64,
    kept: VecDeque<Event>,
}

/// A stream of events, with those to be sent first.
#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) missed: Vec<Event>,
    pub(crate) receiver: broadcast::Receiver<Signal>,
}

impl EventHub {
    /// `first` must be above every number that an earlier process gave out; the time in milliseconds is.
    pub(crate) fn new(first: u64) -> Self {
        let (sender, _) = broadcast::channel(BACKLOG);
        Self {
            state: Mutex::new(State {
                next: first,
                kept: VecDeque::with_capacity(64),
            }),
            sender,
        }
    }

    /// Tells everybody.
    pub(crate) fn publish(&self, data: EventData) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let event = Event {
            id: state.next,
            data,
        };
        state.next += 1;
        if state.kept.len() == KEPT {
            state.kept.pop_front();
        }
        state.kept.push_back(event.clone());
        // Sent under the lock, so that numbers rise for every subscriber. Nobody listening is fine.
        drop(self.sender.send(Signal::Event(event)));
    }

    /// Ends the streams of one browser session.
    pub(crate) fn sign_out(&self, session: SessionId) {
        drop(self.sender.send(Signal::SignedOut(session)));
    }

    /// Listens, after `last` where that is still known; else `resync` comes first.
    pub(crate) fn subscribe(&self, last: Option<u64>) -> Subscription {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.sender.subscribe();
        let missed = match last {
            None => Vec::new(),
            Some(last) => {
                let oldest = state.kept.front().map_or(state.next, |event| event.id);
                if last + 1 < oldest || last >= state.next {
                    vec![Event {
                        id: state.next - 1,
                        data: EventData::Resync,
                    }]
                } else {
                    state
                        .kept
                        .iter()
                        .filter(|event| event.id > last)
                        .cloned()
                        .collect()
                }
            }
        };
        Subscription { missed, receiver }
    }

    /// The number to resume after once everything was read anew.
    pub(crate) fn newest(&self) -> u64 {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next
            - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(subscription: &Subscription) -> Vec<u64> {
        subscription.missed.iter().map(|event| event.id).collect()
    }

    #[test]
    fn a_subscriber_catches_up_on_what_it_missed() {
        let hub = EventHub::new(100);
        for _ in 0..5 {
            hub.publish(EventData::Space);
        }
        assert_eq!(numbers(&hub.subscribe(Some(102))), [103, 104]);
        assert!(hub.subscribe(Some(104)).missed.is_empty());
        assert!(hub.subscribe(None).missed.is_empty());
    }

    #[test]
    fn a_subscriber_that_missed_too_much_is_told_to_read_anew() {
        let hub = EventHub::new(1);
        for _ in 0..KEPT + 10 {
            hub.publish(EventData::Space);
        }
        assert_eq!(hub.subscribe(Some(3)).missed[0].data, EventData::Resync);
        assert_eq!(hub.subscribe(Some(10)).missed.len(), KEPT);
        assert_eq!(
            hub.subscribe(Some(9_999_999)).missed[0].data,
            EventData::Resync,
            "a number of another process"
        );
    }
}
