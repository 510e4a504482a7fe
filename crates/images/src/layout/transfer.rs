use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use model::Digest;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle};

use super::Inner;
use super::flights::{Flight, Turn};
use super::pull::PullClaim;
use super::writer::BlobWriter;
use crate::document::Descriptor;
use crate::registry::{Repository, too_long};
use crate::{ImageError, LayoutError};

/// Pieces between the network and the disk; one is 400 kB at most.
const PIECES: usize = 8;
/// Progress is told after so many bytes, or after so long.
const STEP_BYTES: u64 = 512 * 1024;
const STEP_TIME: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// One layer on its way from an image registry to the disk.
pub(super) struct Transfer<'a, 'b> {
    pub(super) inner: &'a Arc<Inner>,
    pub(super) claim: &'a Arc<PullClaim>,
    pub(super) repository: &'a Repository<'b>,
    pub(super) layer: &'a Descriptor,
    pub(super) attempts: u32,
    pub(super) pause: Duration,
}

/// Tells how far a layer has come, to those who watch it and to the pull's own observer, but not too often.
struct Reporter<'a, R> {
    flight: &'a Flight,
    report: &'a mut R,
    told: u64,
    at: Instant,
}

impl Transfer<'_, '_> {
    /// Brings the layer to the disk, and tells how many bytes were fetched for it.
    ///
    /// What is there already is not fetched again, be it the whole layer, the beginning that an earlier
    /// attempt left, or what another pull is fetching right now.
    pub(super) async fn run(&self, mut report: impl FnMut(u64) + Send) -> Result<u64, ImageError> {
        let flight = self.inner.flights.join(&self.layer.digest);
        let turn = flight.turn(&mut report).await;
        if self
            .inner
            .folder
            .has_blob(&self.layer.digest, self.layer.size)
        {
            report(self.layer.size);
            return Ok(0);
        }
        let mut reporter = Reporter {
            flight: &flight,
            report: &mut report,
            told: 0,
            at: Instant::now(),
        };
        let mut writer = self.open(turn).await?;
        let mut fetched = 0;
        loop {
            reporter.tell(writer.length());
            writer = self.fill(writer, &mut reporter, &mut fetched).await?;
            reporter.tell(writer.length());
            let was_resumed = writer.is_resumed();
            let (finished, back) = blocking(move || {
                let finished = writer.finish();
                (finished, writer)
            })
            .await?;
            writer = back;
            match finished? {
                Ok(()) => return Ok(fetched),
                // What an earlier process left may be what is damaged: the disk could have lost power.
                Err(_) if was_resumed => writer = restart(writer).await?,
                Err(found) => {
                    blocking(move || writer.discard()).await??;
                    return Err(ImageError::DigestMismatch {
                        what: "layer",
                        digest: self.layer.digest.clone(),
                        detail: format!("its digest is `{found}`"),
                    });
                }
            }
        }
    }

    async fn open(&self, turn: Turn) -> Result<BlobWriter, ImageError> {
        let folder = self.inner.folder.clone();
        let Descriptor { digest, size, .. } = self.layer.clone();
        let claim = Arc::clone(self.claim);
        Ok(blocking(move || BlobWriter::open(&folder, &digest, size, turn, claim)).await??)
    }

    /// Fetches until the layer is as long as it should be, continuing where a transfer broke.
    async fn fill<R: FnMut(u64) + Send>(
        &self,
        mut writer: BlobWriter,
        reporter: &mut Reporter<'_, R>,
        fetched: &mut u64,
    ) -> Result<BlobWriter, ImageError> {
        let mut fruitless = 0;
        let mut pause = self.pause;
        while writer.length() < self.layer.size {
            let before = *fetched;
            let failure;
            (writer, failure) = self.stream(writer, reporter, fetched).await?;
            let Some(error) = failure else { continue };
            let range_refused = matches!(error, ImageError::Status { status: 416, .. });
            if range_refused && writer.length() > 0 {
                writer = restart(writer).await?;
                continue;
            }
            if matches!(error, ImageError::DigestMismatch { .. }) {
                blocking(move || writer.discard()).await??;
                return Err(error);
            }
            if !error.is_passing() {
                return Err(error);
            }
            if *fetched > before {
                fruitless = 0;
                pause = self.pause;
                continue;
            }
            fruitless += 1;
            if fruitless >= self.attempts {
                return Err(ImageError::Broken {
                    digest: self.layer.digest.clone(),
                    attempts: fruitless,
                    source: Box::new(error),
                });
            }
            tracing::debug!(layer.digest = %self.layer.digest, "transfer broke off: {error}");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ok(writer)
    }

    /// One request's worth of the layer. A failure of the network is a value: the writer goes on after it.
    async fn stream<R: FnMut(u64) + Send>(
        &self,
        mut writer: BlobWriter,
        reporter: &mut Reporter<'_, R>,
        fetched: &mut u64,
    ) -> Result<(BlobWriter, Option<ImageError>), ImageError> {
        let mut open = match self.repository.open_blob(self.layer, writer.length()).await {
            Ok(open) => open,
            Err(error) => return Ok((writer, Some(error))),
        };
        if open.offset < writer.length() {
            writer = restart(writer).await?;
        }
        let mut done = open.offset;
        let (sender, disk) = start_writing(writer);
        let failure = loop {
            match open.streaming.chunk().await {
                Ok(Some(chunk)) => {
                    done += chunk.len() as u64;
                    if done > self.layer.size {
                        break Some(too_long("layer", &self.layer.digest, self.layer.size));
                    }
                    *fetched += chunk.len() as u64;
                    // A closed channel means that the disk failed, which is told below.
                    if sender.send(chunk).await.is_err() {
                        break None;
                    }
                    reporter.tell_sometimes(done);
                }
                Ok(None) if done < self.layer.size => {
                    let host = self.repository.host().to_owned();
                    let reason = "it ended before the layer was whole".to_owned();
                    break Some(outbound::FetchError::BrokenTransfer { host, reason }.into());
                }
                Ok(None) => break None,
                Err(error) => break Some(error.into()),
            }
        };
        drop(sender);
        let (writer, written) = disk.await.map_err(ended)?;
        written?;
        Ok((writer, failure))
    }
}

type Writing = JoinHandle<(BlobWriter, Result<(), LayoutError>)>;

/// Hashes and writes on a thread of its own, so that the network never waits for one piece.
fn start_writing(mut writer: BlobWriter) -> (mpsc::Sender<Bytes>, Writing) {
    let (sender, mut receiver) = mpsc::channel::<Bytes>(PIECES);
    let disk = tokio::task::spawn_blocking(move || {
        while let Some(piece) = receiver.blocking_recv() {
            if let Err(error) = writer.write(&piece) {
                return (writer, Err(error));
            }
        }
        (writer, Ok(()))
    });
    (sender, disk)
}

async fn restart(mut writer: BlobWriter) -> Result<BlobWriter, ImageError> {
    let (writer, restarted) = blocking(move || {
        let restarted = writer.restart();
        (writer, restarted)
    })
    .await?;
    restarted?;
    Ok(writer)
}

/// Runs what waits for the disk where it keeps nobody else waiting.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ImageError> {
    tokio::task::spawn_blocking(work).await.map_err(ended)
}

fn ended(error: JoinError) -> ImageError {
    LayoutError::io("write to the image folder")(error.into()).into()
}

impl<R: FnMut(u64) + Send> Reporter<'_, R> {
    fn tell(&mut self, done: u64) {
        self.told = done;
        self.at = Instant::now();
        self.flight.report(done);
        (self.report)(done);
    }

    fn tell_sometimes(&mut self, done: u64) {
        if done.saturating_sub(self.told) >= STEP_BYTES || self.at.elapsed() >= STEP_TIME {
            self.tell(done);
        }
    }
}

/// One layer's state for whoever watches a pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerProgress {
    /// The layer.
    pub digest: Digest,
    /// Bytes on this host.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
}
