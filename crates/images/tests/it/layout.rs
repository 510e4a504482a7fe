use std::fs;
use std::path::Path;

use images::{Layout, LayoutError, LayoutReader, LocalImage, LocalLayer, StoredName};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::fake_registry::{FakeRegistry, client, noise};

fn name(text: &str) -> StoredName {
    StoredName::parse(text).unwrap()
}

fn image(layers: &[LocalLayer]) -> LocalImage {
    LocalImage {
        architecture: "amd64".to_owned(),
        config: json!({"Cmd": ["/x"]}),
        layers: layers.to_vec(),
    }
}

fn blobs(folder: &Path) -> usize {
    fs::read_dir(folder.join("blobs/sha256")).unwrap().count()
}

#[test]
fn a_folder_has_one_writer_and_any_number_of_readers() {
    let folder = tempfile::tempdir().unwrap();
    assert!(
        LayoutReader::open(&folder.path().join("none"))
            .images()
            .unwrap()
            .is_empty()
    );
    let layout = Layout::open(folder.path()).unwrap();
    assert!(matches!(
        Layout::open(folder.path()),
        Err(LayoutError::InUse { .. })
    ));
    let reader = layout.reader();
    assert!(reader.images().unwrap().is_empty());
    layout.put(&name("x/y:1"), &[image(&[])]).unwrap();
    assert_eq!(reader.images().unwrap().len(), 1);
    drop(layout);
    Layout::open(folder.path()).unwrap();
}

#[test]
fn removing_an_image_leaves_what_others_share() {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::open(folder.path()).unwrap();
    let (shared, own) = (
        LocalLayer::tar(noise(1, 5_000)),
        LocalLayer::tar(noise(2, 3_000)),
    );
    let one = layout
        .put(&name("x/one:1"), &[image(&[shared.clone(), own])])
        .unwrap();
    let two = layout.put(&name("x/two:1"), &[image(&[shared])]).unwrap();
    let size = layout.images()[1].size_bytes;

    let regained = layout.remove_stored(&name("x/one"), &one).unwrap().unwrap();
    assert!((3_000..5_000).contains(&regained), "{regained}");
    assert_eq!(layout.remove_stored(&name("x/one"), &one).unwrap(), None);
    let images = layout.images();
    assert_eq!(images.len(), 1);
    assert_eq!((&images[0].digest, images[0].size_bytes), (&two, size));
    assert_eq!(
        layout.remove_stored(&name("x/two"), &two).unwrap(),
        Some(size)
    );
    assert_eq!(blobs(folder.path()), 0);
}

#[test]
fn an_image_with_two_names_stays_until_both_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::open(folder.path()).unwrap();
    let content = [image(&[LocalLayer::tar(noise(1, 100))])];
    let digest = layout.put(&name("x/one:1"), &content).unwrap();
    assert_eq!(layout.put(&name("x/two:1"), &content).unwrap(), digest);
    assert_eq!(
        layout.remove_stored(&name("x/one"), &digest).unwrap(),
        Some(0)
    );
    assert_eq!(layout.images().len(), 1);
    assert!(layout.remove_stored(&name("x/two"), &digest).unwrap() > Some(100));
}

#[test]
fn a_start_sweeps_what_a_kill_left() {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::open(folder.path()).unwrap();
    layout.put(&name("x/y:1"), &[image(&[])]).unwrap();
    let count = blobs(folder.path());
    drop(layout);
    let stray = noise(7, 64);
    let hex = crate::fake_registry::digest_of(&stray).hex().to_owned();
    for place in ["blobs/sha256/", ".ingest/", ".ingest/partial/"] {
        fs::write(folder.path().join(place).join(&hex), &stray).unwrap();
    }
    fs::write(folder.path().join(".ingest/.tmpx"), "half").unwrap();
    let layout = Layout::open(folder.path()).unwrap();
    assert_eq!(blobs(folder.path()), count);
    assert_eq!(layout.images().len(), 1);
    assert!(!folder.path().join(".ingest/.tmpx").exists());
    assert!(!folder.path().join(".ingest/partial").join(&hex).exists());
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("index.json"), "<html>").unwrap();
    assert!(matches!(
        Layout::open(folder.path()),
        Err(LayoutError::NotALayout { .. })
    ));
}

#[tokio::test]
async fn a_moved_tag_keeps_the_older_image_for_who_pinned_it() {
    let fake = FakeRegistry::start().await;
    let old = fake.image("x/y", Some("1"), "linux/amd64", &[noise(1, 100)]);
    let new = fake.image("x/y", Some("1"), "linux/amd64", &[noise(2, 100)]);
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::open(folder.path()).unwrap();
    let reference = fake.reference("x/y:1");
    let cancel = CancellationToken::new();
    for image in [&old, &new] {
        layout
            .pull(
                &client(),
                &reference,
                &image.manifest,
                "amd64",
                &|_| {},
                &cancel,
            )
            .await
            .unwrap();
    }
    assert!(layout.holds(&reference, &old.manifest, "amd64"));
    assert!(layout.holds(&reference, &new.manifest, "amd64"));
    let tags: Vec<_> = layout
        .images()
        .into_iter()
        .map(|image| image.name.tag().map(str::to_owned))
        .collect();
    assert_eq!(tags, [None, Some("1".to_owned())]);
    assert!(layout.remove(&reference, &old.manifest).unwrap().is_some());
    assert!(layout.holds(&reference, &new.manifest, "amd64"));
}
