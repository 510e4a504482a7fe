use std::collections::BTreeSet;
use std::io;
use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use super::hand::{Done, Hand, Place};
use super::marker::Marker;
use super::queue::{Failure, Job, Queue};

/// More threads than this only wait for the disk.
const MOST_THREADS: usize = 4;

/// Writes files beside whoever makes them, several at once.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Arc<Queue>,
    threads: Vec<JoinHandle<Done>>,
}

impl Writer {
    /// Starts writing to a folder that is locked and marked; `listed` is what stands in the marker.
    pub(super) fn start(
        root: &Path,
        marker: &Marker,
        listed: Arc<BTreeSet<String>>,
    ) -> io::Result<Self> {
        let place = Arc::new(Place::new(root, listed, marker.journal()?));
        for number in 0..MOST_THREADS {
            place.sweep(number)?;
        }
        let queue = Arc::new(Queue::default());
        let count = std::thread::available_parallelism().map_or(1, NonZero::get);
        let threads = (0..count.min(MOST_THREADS))
            .map(|number| {
                let mut hand = Hand::new(place.clone(), number);
                let queue = queue.clone();
                std::thread::Builder::new()
                    .name("site".to_owned())
                    .spawn(move || {
                        work(&queue, &mut hand);
                        hand.done
                    })
            })
            .collect::<io::Result<_>>()?;
        Ok(Self { queue, threads })
    }

    /// Hands over a file; fails if an earlier one could not be written.
    pub(super) fn send(&self, job: Job) -> io::Result<()> {
        self.queue.put(job)
    }

    /// Waits until all that was handed over is in place.
    pub(super) fn settle(&self) -> io::Result<()> {
        self.queue.settle()
    }

    /// Which file could not be written, and why.
    pub(super) fn failure(&self) -> Option<Failure> {
        self.queue.failure()
    }

    /// Waits until everything is written.
    pub(super) fn finish(mut self) -> Result<Done, Failure> {
        self.queue.close();
        let mut whole = Done::default();
        for thread in self.threads.drain(..) {
            // Whoever panicked told the queue.
            if let Ok(done) = thread.join() {
                whole.add(done);
            }
        }
        self.queue.failure().map_or(Ok(whole), Err)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            // Nobody is left to be told.
            drop(thread.join());
        }
    }
}

fn work(queue: &Queue, hand: &mut Hand) {
    let _told = ToldOfPanic(queue);
    let mut done = 0;
    while let Some(jobs) = queue.take(done) {
        done = jobs.len();
        if let Err(failure) = hand.put(jobs) {
            return queue.fail(failure);
        }
    }
}

/// Whoever waits for a thread that panicked must not wait for ever.
struct ToldOfPanic<'q>(&'q Queue);

impl Drop for ToldOfPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let why = io::Error::other("the writer gave up");
            self.0.fail((String::new(), why));
        }
    }
}
