use std::collections::VecDeque;
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use publish::Fingerprint;

/// How many bytes and files wait to be written while the next ones are made; a larger file waits alone.
const MOST_BYTES: usize = 8 * 1024 * 1024;
const MOST_FILES: usize = 256;
/// Whoever writes takes so many files at once: to wake somebody for each would cost as much as writing it.
const BATCH: usize = 8;

/// A file to write.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) path: String,
    pub(super) made_from: Option<Fingerprint>,
    pub(super) bytes: Vec<u8>,
}

/// Which file could not be written, and why.
pub(super) type Failure = (String, io::Error);

/// The files that wait to be written.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// There is something to take, or nothing will follow.
    ready: Condvar,
    /// There is room again, or everything was done.
    room: Condvar,
}

#[derive(Debug, Default)]
struct State {
    jobs: VecDeque<Job>,
    bytes: usize,
    /// Files that were taken and are not done.
    taken: usize,
    /// Somebody waits for the end of what is there, so that even a few are worth taking.
    is_hurried: bool,
    is_closed: bool,
    has_failed: bool,
    failure: Option<Failure>,
}

impl Queue {
    /// Adds a file at the end, once there is room; fails if an earlier one could not be written.
    pub(super) fn put(&self, job: Job) -> io::Result<()> {
        let mut state = self.state();
        if state.is_full() {
            // Not until half of it is done: otherwise each file would wake its maker.
            while !state.has_failed && !state.is_half_empty() {
                state = wait(&self.room, state);
            }
        }
        if state.has_failed {
            return Err(failed_before());
        }
        state.bytes += job.bytes.len();
        state.jobs.push_back(job);
        let is_worth_it = state.jobs.len() >= BATCH || state.is_full();
        drop(state);
        if is_worth_it {
            self.ready.notify_one();
        }
        Ok(())
    }

    /// Waits until everything that was added is done; fails if something could not be written.
    pub(super) fn settle(&self) -> io::Result<()> {
        let mut state = self.state();
        state.is_hurried = true;
        self.ready.notify_all();
        while !state.has_failed && (state.taken > 0 || !state.jobs.is_empty()) {
            state = wait(&self.room, state);
        }
        state.is_hurried = false;
        if state.has_failed {
            Err(failed_before())
        } else {
            Ok(())
        }
    }

    /// Says that nothing will follow.
    pub(super) fn close(&self) {
        self.state().is_closed = true;
        self.ready.notify_all();
    }

    /// Takes the next files, after `done` that were taken before; nothing once there will be none.
    pub(super) fn take(&self, done: usize) -> Option<Vec<Job>> {
        let mut state = self.state();
        state.taken -= done;
        loop {
            if state.has_failed {
                return None;
            }
            let is_worth_it = state.jobs.len() >= BATCH
                || state.is_full()
                || (state.is_hurried || state.is_closed) && !state.jobs.is_empty();
            if is_worth_it {
                break;
            }
            self.room.notify_one();
            if state.is_closed {
                return None;
            }
            state = wait(&self.ready, state);
        }
        let count = state.jobs.len().min(BATCH);
        let jobs: Vec<Job> = state.jobs.drain(..count).collect();
        state.bytes -= jobs.iter().map(|job| job.bytes.len()).sum::<usize>();
        state.taken += jobs.len();
        if state.is_half_empty() {
            self.room.notify_one();
        }
        Some(jobs)
    }

    /// Says that a file could not be written; nothing is taken any more.
    pub(super) fn fail(&self, failure: Failure) {
        let mut state = self.state();
        state.has_failed = true;
        state.failure.get_or_insert(failure);
        self.ready.notify_all();
        self.room.notify_all();
    }

    /// Which file could not be written; told once.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.state().failure.take()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that is done under the lock can panic half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_full(&self) -> bool {
        self.bytes >= MOST_BYTES || self.jobs.len() >= MOST_FILES
    }

    fn is_half_empty(&self) -> bool {
        self.bytes <= MOST_BYTES / 2 && self.jobs.len() <= MOST_FILES / 2
    }
}

fn wait<'s>(on: &Condvar, state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
    on.wait(state).unwrap_or_else(PoisonError::into_inner)
}

fn failed_before() -> io::Error {
    io::Error::other("an earlier file could not be written")
}
