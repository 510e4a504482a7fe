use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use model::Digest;
use tokio::sync::{OwnedMutexGuard, watch};

/// Layers on their way, so that pulls at the same time fetch each only once.
#[derive(Default)]
pub(crate) struct Flights(Mutex<HashMap<Digest, Weak<Flight>>>);

/// One layer on its way: whoever holds the turn fetches, the others watch.
pub(crate) struct Flight {
    turn: Arc<tokio::sync::Mutex<()>>,
    done: watch::Sender<u64>,
}

/// The right to write a layer's partial file.
pub(crate) type Turn = OwnedMutexGuard<()>;

impl Flights {
    pub(crate) fn join(&self, digest: &Digest) -> Arc<Flight> {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(digest).and_then(Weak::upgrade) {
            return flight;
        }
        flights.retain(|_, flight| flight.strong_count() > 0);
        let flight = Arc::new(Flight {
            turn: Arc::default(),
            done: watch::Sender::new(0),
        });
        flights.insert(digest.clone(), Arc::downgrade(&flight));
        flight
    }
}

impl Flight {
    /// Waits for the turn, passing on how far the one before has come.
    pub(crate) async fn turn(&self, report: &mut (impl FnMut(u64) + Send)) -> Turn {
        let mut done = self.done.subscribe();
        let so_far = *done.borrow_and_update();
        if so_far > 0 {
            report(so_far);
        }
        let turn = Arc::clone(&self.turn).lock_owned();
        tokio::pin!(turn);
        loop {
            tokio::select! {
                biased;
                turn = &mut turn => return turn,
                // The sender lives as long as this flight, so that the channel never closes.
                Ok(()) = done.changed() => report(*done.borrow_and_update()),
            }
        }
    }

    pub(crate) fn report(&self, done: u64) {
        self.done.send_replace(done);
    }
}
