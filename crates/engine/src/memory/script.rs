use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::EngineError;

/// One method of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Call {
    /// `info`.
    Info,
    /// `images`.
    Images,
    /// `holds`.
    Holds,
    /// `pull`.
    Pull,
    /// `untag`.
    Untag,
    /// `remove`.
    Remove,
}

/// Holds calls back until it is opened or dropped.
#[derive(Debug)]
pub struct Gate {
    waiting: watch::Receiver<usize>,
    open: watch::Sender<bool>,
}

impl Gate {
    /// Waits until that many calls have stood before the gate.
    pub async fn reached(&mut self, calls: usize) {
        // The sender lives in the engine; if that is gone nobody will come any more.
        let _ = self.waiting.wait_for(|waiting| *waiting >= calls).await;
    }

    /// Lets everybody through, now and later.
    pub fn open(&self) {
        self.open.send_replace(true);
    }
}

/// What shall go wrong, and what was called.
#[derive(Debug, Default)]
pub(super) struct Script(Mutex<Lines>);

#[derive(Debug, Default)]
struct Lines {
    calls: Vec<Call>,
    next: HashMap<Call, Vec<EngineError>>,
    nth: HashMap<usize, (bool, EngineError)>,
    down: Option<EngineError>,
    gates: HashMap<Call, (watch::Sender<usize>, watch::Receiver<bool>)>,
}

/// Whether the answer of a call arrives.
#[derive(Debug)]
pub(super) struct Verdict(Option<EngineError>);

impl Verdict {
    pub(super) fn give<T>(self, answer: T) -> Result<T, EngineError> {
        self.0.map_or(Ok(answer), Err)
    }
}

impl Script {
    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn fail_next(&self, call: Call, error: EngineError) {
        self.lines().next.entry(call).or_default().push(error);
    }

    pub(super) fn fail_all(&self, error: Option<EngineError>) {
        self.lines().down = error;
    }

    pub(super) fn fail_nth(&self, number: usize, done: bool, error: EngineError) {
        self.lines().nth.insert(number, (done, error));
    }

    pub(super) fn gate(&self, call: Call) -> Gate {
        let (waiting_sender, waiting) = watch::channel(0);
        let (open, open_receiver) = watch::channel(false);
        self.lines()
            .gates
            .insert(call, (waiting_sender, open_receiver));
        Gate { waiting, open }
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.lines().calls.clone()
    }

    /// Counts a call and says whether it fails at once or at its end.
    pub(super) fn start(&self, call: Call) -> Result<Verdict, EngineError> {
        let mut lines = self.lines();
        let number = lines.calls.len();
        lines.calls.push(call);
        if let Some(error) = &lines.down {
            return Err(error.clone());
        }
        if let Some(error) = lines.next.get_mut(&call).and_then(Vec::pop) {
            return Err(error);
        }
        match lines.nth.remove(&number) {
            Some((true, error)) => Ok(Verdict(Some(error))),
            Some((false, error)) => Err(error),
            None => Ok(Verdict(None)),
        }
    }

    /// Waits at the gate of that call, where there is one.
    pub(super) async fn pass(&self, call: Call) {
        let open = self.lines().gates.get(&call).map(|(waiting, open)| {
            waiting.send_modify(|waiting| *waiting += 1);
            open.clone()
        });
        if let Some(mut open) = open {
            // A gate that was dropped holds nobody back.
            let _ = open.wait_for(|open| *open).await;
        }
    }

    pub(super) async fn enter(&self, call: Call) -> Result<Verdict, EngineError> {
        let verdict = self.start(call)?;
        self.pass(call).await;
        Ok(verdict)
    }
}
