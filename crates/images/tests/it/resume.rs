use std::fs;
use std::path::Path;

use images::{ImageCause, ImageError, LayerProgress, Layout, Options};
use tokio_util::sync::CancellationToken;

use crate::fake_registry::{FakeRegistry, Fault, Image, client, client_with, noise};
use crate::http_server::{Gate, Reply};

const SIZE: usize = 6_000_000;

struct Case {
    fake: FakeRegistry,
    image: Image,
    folder: tempfile::TempDir,
}

impl Case {
    async fn new() -> Self {
        let fake = FakeRegistry::start().await;
        let image = fake.image("x/y", Some("1"), "linux/amd64", &[noise(1, SIZE)]);
        Self {
            fake,
            image,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn layer(&self) -> &str {
        self.image.layers[0].as_str()
    }

    async fn pull(
        &self,
        layout: &Layout,
        cancel: &CancellationToken,
        on: &(dyn Fn(LayerProgress) + Send + Sync),
    ) -> Result<u64, ImageError> {
        let reference = self.fake.reference("x/y:1");
        let pulled = layout
            .pull(
                &client(),
                &reference,
                &self.image.manifest,
                "amd64",
                on,
                cancel,
            )
            .await?;
        Ok(pulled.fetched_bytes)
    }

    /// A pull in a fresh process.
    async fn pull_anew(&self) -> Result<u64, ImageError> {
        let layout = Layout::open(self.folder.path()).unwrap();
        let fetched = self
            .pull(&layout, &CancellationToken::new(), &|_| {})
            .await?;
        self.assert_whole();
        Ok(fetched)
    }

    /// A pull that breaks off for good after so many bytes, and leaves what it has.
    async fn pull_in_part(&self, after: usize) {
        self.fake.fault(self.layer(), Fault::Cut(after));
        for _ in 0..2 {
            self.fake.fault(
                self.layer(),
                Fault::Instead(Box::new(|| Reply::new(500, ""))),
            );
        }
        let layout = Layout::open(self.folder.path()).unwrap();
        let error = self
            .pull(&layout, &CancellationToken::new(), &|_| {})
            .await
            .unwrap_err();
        assert!(
            matches!(error, ImageError::Broken { attempts: 2, .. }),
            "{error}"
        );
        assert!(layout.images().is_empty());
    }

    fn partial(&self) -> std::path::PathBuf {
        self.folder
            .path()
            .join(".ingest/partial")
            .join(self.image.layers[0].hex())
    }

    fn assert_whole(&self) {
        let blob = self
            .folder
            .path()
            .join("blobs/sha256")
            .join(self.image.layers[0].hex());
        assert!(fs::read(blob).unwrap() == noise(1, SIZE));
        assert_eq!(files(&self.folder.path().join(".ingest")), 0);
    }
}

fn files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            if entry.path().is_dir() {
                files(&entry.path())
            } else {
                1
            }
        })
        .sum()
}

#[tokio::test]
async fn a_cut_transfer_continues_where_it_broke() {
    let case = Case::new().await;
    case.fake.fault(case.layer(), Fault::Cut(2_500_001));
    case.fake.fault(case.layer(), Fault::Cut(1_000_000));
    assert_eq!(case.pull_anew().await.unwrap(), SIZE as u64);
    let ranges: Vec<_> = case
        .fake
        .requests(case.layer())
        .into_iter()
        .map(|seen| seen.range)
        .collect();
    let range = |from: u64| Some(format!("bytes={from}-"));
    assert_eq!(ranges, [None, range(2_500_001), range(3_500_001)]);
}

#[tokio::test]
async fn the_next_process_continues_what_one_left() {
    let case = Case::new().await;
    case.pull_in_part(2_500_001).await;
    let left = fs::metadata(case.partial()).unwrap().len();
    assert!(left > 2_490_000, "{left}");
    case.fake.forget_requests();
    assert_eq!(case.pull_anew().await.unwrap(), SIZE as u64 - left);
    let requests = case.fake.requests(case.layer());
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].range, Some(format!("bytes={left}-")));
    // The documents were there already.
    assert!(case.fake.requests(case.image.manifest.as_str()).is_empty());
    assert!(case.fake.requests(case.image.config.as_str()).is_empty());
}

#[tokio::test]
async fn what_a_power_cut_damaged_is_fetched_again() {
    let case = Case::new().await;
    case.pull_in_part(2_500_000).await;
    let length = fs::metadata(case.partial()).unwrap().len();
    fs::write(case.partial(), vec![0; length as usize]).unwrap();
    assert_eq!(
        case.pull_anew().await.unwrap(),
        (SIZE as u64 - length) + SIZE as u64
    );
    // One that is longer than the layer is no beginning of it.
    let other = Case::new().await;
    other.pull_in_part(100_000).await;
    fs::write(other.partial(), vec![0; SIZE + 1]).unwrap();
    assert_eq!(other.pull_anew().await.unwrap(), SIZE as u64);
}

#[tokio::test]
async fn a_server_without_ranges_starts_again() {
    let case = Case::new().await;
    case.fake.fault(case.layer(), Fault::Cut(2_500_000));
    case.fake.fault(case.layer(), Fault::Whole);
    assert_eq!(case.pull_anew().await.unwrap(), 2_500_000 + SIZE as u64);
    let case = Case::new().await;
    case.fake.fault(case.layer(), Fault::Cut(2_500_000));
    case.fake.fault(
        case.layer(),
        Fault::Instead(Box::new(|| Reply::new(416, ""))),
    );
    assert_eq!(case.pull_anew().await.unwrap(), 2_500_000 + SIZE as u64);
}

#[tokio::test]
async fn a_cancelled_pull_leaves_what_it_has() {
    let case = Case::new().await;
    let gate = Gate::new();
    case.fake.fault(case.layer(), Fault::Hold(3_000_000, gate));
    let layout = Layout::open(case.folder.path()).unwrap();
    let cancel = CancellationToken::new();
    let on = |progress: LayerProgress| {
        if progress.done >= 2_000_000 {
            cancel.cancel();
        }
    };
    let result = case.pull(&layout, &cancel, &on).await;
    assert!(matches!(result, Err(ImageError::Cancelled)));
    let fetched = case
        .pull(&layout, &CancellationToken::new(), &|_| {})
        .await
        .unwrap();
    assert!(fetched < SIZE as u64 - 1_900_000, "{fetched}");
    case.assert_whole();
}

/// The disk may still be writing when a cancelled pull has ended: what it writes then must go, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_image_removed_right_after_its_pull_was_cancelled_leaves_nothing() {
    let case = Case::new().await;
    let layout = Layout::open(case.folder.path()).unwrap();
    let reference = case.fake.reference("x/y:1");
    for _ in 0..20 {
        let cancel = CancellationToken::new();
        let on = |progress: LayerProgress| {
            if progress.done >= 1_000_000 {
                cancel.cancel();
            }
        };
        case.fake
            .fault(case.layer(), Fault::Hold(3_000_000, Gate::new()));
        let result = case.pull(&layout, &cancel, &on).await;
        assert!(matches!(result, Err(ImageError::Cancelled)));
        layout.remove(&reference, &case.image.manifest).unwrap();
        let ingest = case.folder.path().join(".ingest");
        let blobs = case.folder.path().join("blobs");
        let empty = async {
            while files(&ingest) + files(&blobs) > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), empty)
            .await
            .expect("everything goes once the last write has ended");
    }
}

#[tokio::test]
async fn what_nobody_will_continue_is_swept() {
    let case = Case::new().await;
    case.pull_in_part(2_500_000).await;
    // A claim protects blobs as well as partial layers.
    drop(Layout::open(case.folder.path()).unwrap());
    assert!(case.partial().exists());
    let layout = Layout::open(case.folder.path()).unwrap();
    let reference = case.fake.reference("x/y:1");
    assert_eq!(
        layout.remove(&reference, &case.image.manifest).unwrap(),
        None
    );
    assert_eq!(files(&case.folder.path().join(".ingest")), 0);
    assert_eq!(files(&case.folder.path().join("blobs")), 0);
}

#[tokio::test]
async fn an_outage_is_told_with_its_cause() {
    let case = Case::new().await;
    for _ in 0..3 {
        let limited = || Reply::new(429, "").header("retry-after", "9");
        case.fake
            .fault(case.layer(), Fault::Instead(Box::new(limited)));
    }
    let error = case.pull_anew().await.unwrap_err();
    assert_eq!(error.cause(), ImageCause::RateLimited);
    assert_eq!(case.fake.requests(case.layer()).len(), 1);
}

#[tokio::test]
async fn silence_counts_as_a_cut() {
    let case = Case::new().await;
    case.fake
        .fault(case.layer(), Fault::Hold(1_000_000, Gate::new()));
    let options = Options {
        idle: std::time::Duration::from_millis(50),
        ..Options::default()
    };
    let layout = Layout::open(case.folder.path()).unwrap();
    let reference = case.fake.reference("x/y:1");
    let cancel = CancellationToken::new();
    let client = client_with(options);
    let pulled = layout
        .pull(
            &client,
            &reference,
            &case.image.manifest,
            "amd64",
            &|_| {},
            &cancel,
        )
        .await
        .unwrap();
    assert_eq!(pulled.fetched_bytes, SIZE as u64);
    assert_eq!(case.fake.requests(case.layer()).len(), 2);
}
