use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use api::agent::Progress;
use model::PlacementId;
use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, sleep_until};

use crate::backoff::Backoff;
use crate::server::Server;
use crate::server_trouble::ServerTrouble;

/// Least time between two reports of one placement that tell only how far it is.
const BETWEEN_PROGRESS: Duration = Duration::from_millis(500);

/// Reports on their way to the server: the newest of each placement, until it is acknowledged.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    filled: Notify,
}

#[derive(Debug, Default)]
struct State {
    pending: HashMap<PlacementId, Entry>,
    /// Placements with a report, oldest first.
    order: VecDeque<PlacementId>,
    /// When a placement's last report was sent.
    sent: HashMap<PlacementId, Instant>,
    numbers: u64,
}

#[derive(Debug)]
struct Entry {
    number: u64,
    report: Progress,
    /// Whether it tells more than how far a pull is.
    is_news: bool,
    acknowledged: Vec<oneshot::Sender<()>>,
}

/// What to wait for to know that a report arrived; it ends with an error if the server refused it.
pub(crate) type Ticket = oneshot::Receiver<()>;

impl Outbox {
    /// Reports a state; sent at once, and again until it is acknowledged.
    pub(crate) fn report(&self, report: Progress) -> Ticket {
        let (sender, ticket) = oneshot::channel();
        self.put(report, Some(sender));
        ticket
    }

    /// Reports how far a pull is; a later one takes its place.
    pub(crate) fn tell(&self, report: Progress) {
        self.put(report, None);
    }

    /// Whether a report of that placement was not acknowledged yet.
    pub(crate) fn is_pending(&self, placement: PlacementId) -> bool {
        self.state().pending.contains_key(&placement)
    }

    /// Drops what is known of placements that are no more.
    pub(crate) fn keep(&self, is_known: impl Fn(PlacementId) -> bool) {
        self.state()
            .sent
            .retain(|placement, _| is_known(*placement));
    }

    /// Sends what is there, for ever.
    pub(crate) async fn deliver(&self, server: &Server) {
        let mut backoff = Backoff::default();
        loop {
            let (report, number) = self.next().await;
            match server.progress(&report).await {
                Ok(()) => {
                    backoff.reset();
                    self.settle(report.placement, number);
                }
                Err(error) if error.is_final() => {
                    tracing::warn!(
                        placement.id = %report.placement,
                        %error,
                        "The server refuses a report, so it is dropped."
                    );
                    self.refuse(report.placement, number);
                }
                Err(error) => {
                    let delay = ServerTrouble::of(&error).delay(&mut backoff);
                    tracing::debug!(%error, ?delay, "A report did not arrive and is sent again.");
                    server.pause(delay).await;
                }
            }
        }
    }

    fn put(&self, mut report: Progress, sender: Option<oneshot::Sender<()>>) {
        let placement = report.placement;
        let mut state = self.state();
        state.numbers += 1;
        let number = state.numbers;
        let mut is_news = sender.is_some();
        let mut acknowledged = Vec::from_iter(sender);
        if let Some(earlier) = state.pending.remove(&placement) {
            is_news |= earlier.is_news;
            acknowledged.extend(earlier.acknowledged);
            // That we bring an image must not get lost with the report that said so.
            report.bringing |= earlier.report.bringing && earlier.report.attempt == report.attempt;
        } else {
            state.order.push_back(placement);
        }
        let entry = Entry {
            number,
            report,
            is_news,
            acknowledged,
        };
        state.pending.insert(placement, entry);
        self.filled.notify_one();
    }

    /// The report that is due first.
    async fn next(&self) -> (Progress, u64) {
        loop {
            let due = self.due();
            match due {
                Due::Now(report, number) => return (*report, number),
                Due::At(time) => tokio::select! {
                    () = sleep_until(time) => {}
                    () = self.filled.notified() => {}
                },
                Due::Never => self.filled.notified().await,
            }
        }
    }

    fn due(&self) -> Due {
        let now = Instant::now();
        let mut state = self.state();
        let mut earliest: Option<Instant> = None;
        for placement in &state.order {
            let Some(entry) = state.pending.get(placement) else {
                continue;
            };
            let last = state.sent.get(placement).filter(|_| !entry.is_news);
            let time = last.map_or(now, |last| *last + BETWEEN_PROGRESS);
            if time <= now {
                let found = Due::Now(Box::new(entry.report.clone()), entry.number);
                let placement = *placement;
                state.sent.insert(placement, now);
                // To the end, so that one report that is sent again holds nobody up.
                state.order.retain(|other| *other != placement);
                state.order.push_back(placement);
                return found;
            }
            earliest = Some(earliest.map_or(time, |earliest| earliest.min(time)));
        }
        earliest.map_or(Due::Never, Due::At)
    }

    /// Takes a report out that arrived, unless a newer one took its place meanwhile.
    fn settle(&self, placement: PlacementId, number: u64) {
        if let Some(entry) = self.take(placement, number) {
            for acknowledged in entry.acknowledged {
                // Whoever asked may have been cancelled.
                let _ = acknowledged.send(());
            }
        }
    }

    fn refuse(&self, placement: PlacementId, number: u64) {
        drop(self.take(placement, number));
    }

    fn take(&self, placement: PlacementId, number: u64) -> Option<Entry> {
        let mut state = self.state();
        let is_newest = state
            .pending
            .get(&placement)
            .is_some_and(|entry| entry.number == number);
        if !is_newest {
            return None;
        }
        state.order.retain(|other| *other != placement);
        state.pending.remove(&placement)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Due {
    Now(Box<Progress>, u64),
    At(Instant),
    Never,
}
