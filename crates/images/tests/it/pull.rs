use std::sync::Mutex;

use images::{ImageCause, ImageError, LayerProgress, Layout};
use tokio_util::sync::CancellationToken;

use crate::fake_registry::{FakeRegistry, Fault, Lock, client, noise};
use crate::http_server::{Gate, Reply};

fn silent(_: LayerProgress) {}

#[tokio::test]
async fn one_platform_is_pulled_and_the_index_kept() {
    let fake = FakeRegistry::start().await;
    let amd64 = fake.image(
        "x/y",
        None,
        "linux/amd64",
        &[noise(1, 5_000_000), noise(2, 70_000), noise(2, 70_000)],
    );
    let arm64 = fake.image("x/y", None, "linux/arm64", &[noise(3, 100)]);
    let index = fake.index("x/y", "1", &[&amd64, &arm64]);
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::open(folder.path()).unwrap();
    let (client, reference, cancel) = (client(), fake.reference("x/y:1"), CancellationToken::new());
    assert!(!layout.holds(&reference, &index, "amd64"));

    let last = Mutex::new(std::collections::HashMap::new());
    let note = |progress: LayerProgress| {
        last.lock()
            .unwrap()
            .insert(progress.digest, (progress.done, progress.total));
    };
    let pulled = layout
        .pull(&client, &reference, &index, "amd64", &note, &cancel)
        .await
        .unwrap();

    assert_eq!((pulled.fetched_bytes, pulled.layers), (5_070_000, 2));
    assert_eq!(pulled.manifest, amd64.manifest);
    let last = last.into_inner().unwrap();
    assert_eq!(last.len(), 2);
    assert!(last.values().all(|(done, total)| done == total));
    assert!(fake.requests(arm64.layers[0].as_str()).is_empty());
    assert!(layout.holds(&reference, &index, "amd64"));
    assert!(!layout.holds(&reference, &index, "arm64"));
    let images = layout.images();
    assert_eq!(images.len(), 1);
    assert_eq!(images[0].name.to_string(), reference.as_written());
    assert_eq!(
        (&images[0].digest, images[0].size_bytes),
        (&index, pulled.size_bytes)
    );
    for blob in [
        &index,
        &amd64.manifest,
        &amd64.config,
        &amd64.layers[0],
        &amd64.layers[1],
    ] {
        assert!(folder.path().join("blobs/sha256").join(blob.hex()).exists());
    }

    // Once more needs no network, and the other platform only what is new.
    fake.forget_requests();
    let again = layout
        .pull(&client, &reference, &index, "amd64", &silent, &cancel)
        .await
        .unwrap();
    assert_eq!(
        (again.fetched_bytes, again.size_bytes),
        (0, pulled.size_bytes)
    );
    assert!(fake.requests("").is_empty());
    let other = layout
        .pull(&client, &reference, &index, "arm64", &silent, &cancel)
        .await
        .unwrap();
    assert_eq!(other.fetched_bytes, 100);
    assert!(layout.holds(&reference, &index, "amd64") && layout.holds(&reference, &index, "arm64"));
    assert_eq!(layout.reader().images().unwrap(), layout.images());
}

#[tokio::test]
async fn another_architecture_is_refused_before_any_layer_is_fetched() {
    let fake = FakeRegistry::start().await;
    let image = fake.image("x/y", Some("1"), "linux/arm64", &[noise(1, 100)]);
    let index = fake.index("x/y", "2", &[&image]);
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::open(folder.path()).unwrap();
    for (tag, digest) in [("1", &image.manifest), ("2", &index)] {
        let reference = fake.reference(&format!("x/y:{tag}"));
        let error = layout
            .pull(
                &client(),
                &reference,
                digest,
                "amd64",
                &silent,
                &CancellationToken::new(),
            )
            .await
            .unwrap_err();
        assert_eq!(error.cause(), ImageCause::WrongArchitecture);
        assert!(error.to_string().contains("linux/arm64"), "{error}");
    }
    assert!(fake.requests(image.layers[0].as_str()).is_empty());
    assert!(layout.images().is_empty());
}

#[tokio::test]
async fn a_layer_that_is_not_what_was_promised_never_counts() {
    let fake = FakeRegistry::start().await;
    let image = fake.image("x/y", Some("1"), "linux/amd64", &[noise(1, 100_000)]);
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::open(folder.path()).unwrap();
    let (client, reference, cancel) = (client(), fake.reference("x/y:1"), CancellationToken::new());
    for fault in [Fault::Corrupt, Fault::Longer(true), Fault::Longer(false)] {
        fake.fault(image.layers[0].as_str(), fault);
        let error = layout
            .pull(
                &client,
                &reference,
                &image.manifest,
                "amd64",
                &silent,
                &cancel,
            )
            .await
            .unwrap_err();
        assert_eq!(error.cause(), ImageCause::DigestMismatch, "{error}");
        assert!(layout.images().is_empty());
        assert!(
            !folder
                .path()
                .join(".ingest/partial")
                .join(image.layers[0].hex())
                .exists()
        );
    }
    layout
        .pull(
            &client,
            &reference,
            &image.manifest,
            "amd64",
            &silent,
            &cancel,
        )
        .await
        .unwrap();
    assert!(layout.holds(&reference, &image.manifest, "amd64"));
}

#[tokio::test]
async fn pulls_at_the_same_time_fetch_a_shared_layer_once() {
    let fake = FakeRegistry::start().await;
    let shared = noise(1, 3_000_000);
    let one = fake.image(
        "x/one",
        Some("1"),
        "linux/amd64",
        &[shared.clone(), noise(2, 10)],
    );
    let two = fake.image(
        "x/two",
        Some("1"),
        "linux/amd64",
        &[shared.clone(), noise(3, 10)],
    );
    let gate = Gate::new();
    fake.fault(one.layers[0].as_str(), Fault::Hold(2_000_000, gate.clone()));
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::open(folder.path()).unwrap();
    let (client, cancel) = (client(), CancellationToken::new());
    let (first, second) = (fake.reference("x/one:1"), fake.reference("x/two:1"));

    // The gate opens once both have been told of the layer's progress.
    let seen = tokio::sync::Semaphore::new(0);
    let watch = |layer: &model::Digest| {
        let (layer, seen) = (layer.clone(), &seen);
        let told = std::sync::atomic::AtomicBool::new(false);
        move |progress: LayerProgress| {
            let half = progress.digest == layer && progress.done >= 1_500_000;
            if half && !told.swap(true, std::sync::atomic::Ordering::SeqCst) {
                seen.add_permits(1);
            }
        }
    };
    let (watch_one, watch_two) = (watch(&one.layers[0]), watch(&two.layers[0]));
    let (one_pull, two_pull, ()) = tokio::join!(
        layout.pull(&client, &first, &one.manifest, "amd64", &watch_one, &cancel),
        layout.pull(
            &client,
            &second,
            &two.manifest,
            "amd64",
            &watch_two,
            &cancel
        ),
        async {
            let _ = seen.acquire_many(2).await;
            gate.open();
        },
    );

    let fetched = one_pull.unwrap().fetched_bytes + two_pull.unwrap().fetched_bytes;
    assert_eq!(fetched, 3_000_020);
    assert_eq!(fake.requests(one.layers[0].as_str()).len(), 1);
}

#[tokio::test]
async fn when_the_fetching_pull_is_cancelled_the_waiting_one_goes_on() {
    let fake = FakeRegistry::start().await;
    let shared = noise(1, 3_000_000);
    let one = fake.image(
        "x/one",
        Some("1"),
        "linux/amd64",
        std::slice::from_ref(&shared),
    );
    let two = fake.image(
        "x/two",
        Some("1"),
        "linux/amd64",
        &[shared.clone(), noise(3, 10)],
    );
    let gate = Gate::new();
    fake.fault(one.layers[0].as_str(), Fault::Hold(2_000_000, gate.clone()));
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::open(folder.path()).unwrap();
    let (client, stop, cancel) = (client(), CancellationToken::new(), CancellationToken::new());
    let (first, second) = (fake.reference("x/one:1"), fake.reference("x/two:1"));
    let cancel_first = stop.clone();
    // The second one is watching once it is told of the progress of what the first one fetches.
    let watch = |progress: LayerProgress| {
        if progress.done >= 1_500_000 {
            cancel_first.cancel();
        }
    };
    let (one_pull, two_pull) = tokio::join!(
        layout.pull(&client, &first, &one.manifest, "amd64", &silent, &stop),
        async {
            gate.reached().await;
            layout
                .pull(&client, &second, &two.manifest, "amd64", &watch, &cancel)
                .await
        },
    );
    assert!(matches!(one_pull, Err(ImageError::Cancelled)));
    assert!(two_pull.unwrap().fetched_bytes < 3_000_010);
    let requests = fake.requests(one.layers[0].as_str());
    assert_eq!(requests.len(), 2);
    assert!(requests[1].range.is_some());
    assert!(!layout.holds(&first, &one.manifest, "amd64"));
}

#[tokio::test]
async fn a_layer_served_elsewhere_does_not_get_the_password() {
    let (fake, store) = (FakeRegistry::start().await, FakeRegistry::start().await);
    let image = fake.image("x/y", Some("1"), "linux/amd64", &[noise(1, 1_000)]);
    store.blob(noise(1, 1_000));
    let authorization = format!("Basic {}", data_encoding::BASE64.encode(b"ann:secret"));
    fake.state.lock().unwrap().lock = Lock::Basic { authorization };
    let elsewhere = store.url(&format!("/store/{}", image.layers[0]));
    let redirect = move || Reply::new(307, "").header("location", &elsewhere);
    fake.fault(image.layers[0].as_str(), Fault::Instead(Box::new(redirect)));
    let credentials = images::Credentials {
        username: "ann".to_owned(),
        password: secrecy::SecretString::from("secret"),
    };
    let client = client().with_credentials(Some(credentials));
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::open(folder.path()).unwrap();
    let reference = fake.reference("x/y:1");
    layout
        .pull(
            &client,
            &reference,
            &image.manifest,
            "amd64",
            &silent,
            &CancellationToken::new(),
        )
        .await
        .unwrap();
    assert!(
        fake.requests(image.layers[0].as_str())[0]
            .authorization
            .is_some()
    );
    assert_eq!(store.requests("")[0].authorization, None);
}
