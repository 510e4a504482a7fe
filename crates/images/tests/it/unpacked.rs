use std::io::Write as _;
use std::sync::Mutex;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use images::{ImageCause, ImageError, LayerDescriptor};

use crate::fake_registry::{FakeRegistry, Fault, client, digest_of, noise};
use crate::http_server::Reply;

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap().into()
}

fn layer(bytes: &Bytes, media_type: &str) -> LayerDescriptor {
    LayerDescriptor {
        digest: digest_of(bytes),
        size: bytes.len() as u64,
        media_type: media_type.to_owned(),
    }
}

async fn count(fake: &FakeRegistry, bytes: &Bytes) -> Result<u64, ImageError> {
    fake.blob(bytes.clone());
    client()
        .count_unpacked(&fake.reference("x/y:1"), &layer(bytes, "layer"), &|_| {})
        .await
}

#[tokio::test]
async fn layers_are_counted_unpacked_however_they_are_packed() {
    let fake = FakeRegistry::start().await;
    let content = [noise(1, 300_000).as_ref(), &vec![0; 700_000]].concat();
    let two = [gzip(&content), gzip(&content[..5])].concat();
    let zstd = zstd::encode_all(content.as_slice(), 1).unwrap();
    let two_zstd = [zstd.as_slice(), &zstd].concat();
    for (what, bytes, expected) in [
        ("gzip", gzip(&content), 1_000_000),
        ("two gzip streams", two.into(), 1_000_005),
        ("zstd", zstd.into(), 1_000_000),
        ("two zstd frames", two_zstd.into(), 2_000_000),
        ("plain", content.clone().into(), 1_000_000),
        ("short", Bytes::from_static(b"abc"), 3),
        ("nothing", Bytes::new(), 0),
    ] {
        assert_eq!(count(&fake, &bytes).await.unwrap(), expected, "{what}");
    }
}

#[tokio::test]
async fn a_cut_transfer_goes_on_where_it_broke() {
    let fake = FakeRegistry::start().await;
    let bytes = gzip(&noise(7, 200_000));
    let digest = digest_of(&bytes);
    fake.blob(bytes.clone());
    fake.fault(digest.as_str(), Fault::Cut(150_000));
    let told = Mutex::new(0);
    let counted = client()
        .count_unpacked(&fake.reference("x/y:1"), &layer(&bytes, "layer"), &|done| {
            *told.lock().unwrap() = done;
        })
        .await
        .unwrap();
    assert_eq!(counted, 200_000);
    assert_eq!(*told.lock().unwrap(), bytes.len() as u64);
    let ranges: Vec<_> = fake
        .requests(digest.as_str())
        .into_iter()
        .map(|seen| seen.range.is_some())
        .collect();
    assert_eq!(ranges, [false, true]);

    // A server that sends the whole again is taken at its word.
    fake.fault(digest.as_str(), Fault::Cut(150_000));
    fake.fault(digest.as_str(), Fault::Whole);
    assert_eq!(count(&fake, &bytes).await.unwrap(), 200_000);
}

#[tokio::test]
async fn what_is_not_the_layer_is_refused() {
    let fake = FakeRegistry::start().await;
    let bytes = gzip(&noise(7, 20_000));
    fake.fault(digest_of(&bytes).as_str(), Fault::Corrupt);
    assert!(count(&fake, &bytes).await.is_err());
    let cut = bytes.slice(..bytes.len() - 9);
    assert!(matches!(
        count(&fake, &cut).await,
        Err(ImageError::Unusable { what: "layer", .. })
    ));
    let plain = noise(3, 50);
    fake.fault(digest_of(&plain).as_str(), Fault::Corrupt);
    assert_eq!(
        count(&fake, &plain).await.unwrap_err().cause(),
        ImageCause::DigestMismatch
    );
}

#[tokio::test]
async fn a_limit_is_told_with_the_time_to_wait() {
    let fake = FakeRegistry::start().await;
    let bytes = noise(3, 50);
    fake.fault(
        digest_of(&bytes).as_str(),
        Fault::Instead(Box::new(|| Reply::new(429, "").header("retry-after", "7"))),
    );
    let error = count(&fake, &bytes).await.unwrap_err();
    assert_eq!(error.cause(), ImageCause::RateLimited);
    assert_eq!(error.retry_after().map(|wait| wait.as_secs()), Some(7));
}

#[tokio::test]
async fn a_layer_that_states_its_size_is_not_transferred() {
    let fake = FakeRegistry::start().await;
    let content = noise(1, 300_000);
    let packed = gzip(&content);
    let parts: Bytes = [gzip(&content), gzip(b"end")].concat().into();
    let zstd: Bytes = zstd::encode_all(content.as_ref(), 1).unwrap().into();
    let gzip_type = "application/vnd.oci.image.layer.v1.tar+gzip";
    for (bytes, media_type, expected) in [
        (&packed, gzip_type, Some(300_000)),
        (
            &packed,
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
            Some(300_000),
        ),
        (
            &content,
            "application/vnd.oci.image.layer.v1.tar",
            Some(300_000),
        ),
        (&parts, gzip_type, None),
        (&zstd, "application/vnd.oci.image.layer.v1.tar+zstd", None),
    ] {
        fake.blob(bytes.clone());
        let stated = client()
            .stated_unpacked(&fake.reference("x/y:1"), &layer(bytes, media_type))
            .await
            .unwrap();
        assert_eq!(stated, expected, "{media_type}");
    }
    for seen in fake.requests("") {
        assert!(seen.range.is_some(), "only ends were asked for");
    }
    fake.fault(digest_of(&packed).as_str(), Fault::Whole);
    let stated = client()
        .stated_unpacked(&fake.reference("x/y:1"), &layer(&packed, gzip_type))
        .await
        .unwrap();
    assert_eq!(stated, None, "a server that sends no parts");
}
