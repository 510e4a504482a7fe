use std::path::Path;

use testkit::{ImagePlan, LayerPlan};

use super::image_server::ImageServer;
use super::{Said, publish, publish_meanwhile, read, write};

fn workspace(name: &str, image: &str, size: &str) -> String {
    format!(
        "{{\n\t\"friendly_name\": \"{name}\",\n\t\"architecture\": [\"amd64\"],\n\t\"compatibility\": [\n\t\t{{ \"version\": \"1.17.x\", \"image\": \"{image}\", \"uncompressed_size_mb\": {size} }}\n\t]\n}}\n"
    )
}

fn packed(seed: u64, sizes: &[usize]) -> ImagePlan {
    ImagePlan {
        packed: true,
        ..ImagePlan::new(seed, sizes)
    }
}

async fn sizes(folder: &Path, arguments: &[&str]) -> Said {
    let arguments = [&["sizes"], arguments].concat();
    publish_meanwhile(folder, &arguments).await
}

#[tokio::test(flavor = "multi_thread")]
async fn sizes_are_measured_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let server = ImageServer::start().await;
    let first = server.offer("x/a", "1", &packed(1, &[3_000_000, 1_500_000]).build());
    // The lower layer is that of the first image.
    let mut plan = packed(1, &[3_000_000]);
    plan.layers.push(LayerPlan {
        seed: 99,
        size: 700_000,
    });
    let second = server.offer("x/b", "1", &plan.build());
    let missing = format!("{}/x/none:1", server.address());
    for (name, image, size) in [
        ("a", &first, "5"),
        ("b", &second, "0"),
        ("none", &missing, "7"),
    ] {
        write(
            folder.path(),
            &format!("workspaces/{name}/workspace.json"),
            &workspace(name, image, size),
        );
    }
    let shown = |said: &Said| said.whole().replace(&server.address(), "image.example");

    // Sizes as the archives have them: each file brings a header and is filled up.
    let checked = sizes(folder.path(), &["--check", "--at-once", "1"]).await;
    insta::assert_snapshot!(shown(&checked), @"
    exit code 1
    --- stdout
    workspaces/b/workspace.json 1.17.x: `image.example/x/b:1` 4 MB (not stated)
    --- stderr
    error: workspaces/none/workspace.json 1.17.x: `image.example/x/none:1` could not be measured: `image.example/x/none:1` was not found in image.example
    3 images, 1 size differs, 1 could not be measured
    ");
    assert!(
        read(folder.path(), "workspaces/b/workspace.json").contains("\"uncompressed_size_mb\": 0")
    );
    let blobs = server.take_asked("/blobs/");
    assert_eq!(blobs.len(), 3, "the shared layer once: {blobs:?}");

    // One image failed, so what was counted is kept for the next run.
    assert!(folder.path().join(".quayside-sizes.json").exists());
    let measured = sizes(folder.path(), &["--missing"]).await;
    assert_eq!(measured.code, Some(0), "{}", measured.errors);
    assert_eq!(server.take_asked("/blobs/"), Vec::<String>::new());
    assert_eq!(
        read(folder.path(), "workspaces/b/workspace.json"),
        workspace("b", &second, "4")
    );
    assert!(
        !folder.path().join(".quayside-sizes.json").exists(),
        "all was done"
    );

    std::fs::remove_dir_all(folder.path().join("workspaces/none")).unwrap();
    let same = sizes(folder.path(), &["--check", "--json"]).await;
    assert_eq!(same.code, Some(0), "{}", same.whole());
    let report: serde_json::Value = serde_json::from_str(&same.output).unwrap();
    assert_eq!(report["sizes"][0]["measured_mb"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_registry_that_asks_for_a_pause_gets_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = ImageServer::start().await;
    let image = server.offer("x/a", "1", &packed(1, &[1_000_000]).build());
    write(
        folder.path(),
        "workspaces/a/workspace.json",
        &workspace("a", &image, "0"),
    );
    server.refuse_next(429, Some("0"));
    let patient = sizes(folder.path(), &[]).await;
    assert_eq!(patient.code, Some(0), "{}", patient.whole());
    assert!(
        patient.errors.contains("waiting 0 seconds"),
        "{}",
        patient.errors
    );
    server.refuse_next(429, Some("3600"));
    let impatient = sizes(folder.path(), &["--patience", "1"]).await;
    assert_eq!(impatient.code, Some(1));
    assert!(
        impatient
            .errors
            .contains("may be asked again in 3600 seconds"),
        "{}",
        impatient.errors
    );
}

mod services {
    use testkit::TestImageRegistry;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn sizes_and_architectures_come_from_a_real_image_registry() {
        let folder = tempfile::tempdir().unwrap();
        publish(folder.path(), &["init", "."]);
        std::fs::remove_dir_all(folder.path().join("workspaces/Chromium")).unwrap();
        let registry = TestImageRegistry::start().await;
        let image = registry
            .push("x/a", "1", &packed(1, &[2_000_000, 1_000_000]).build())
            .await;
        let arguments = ["new", "--image", &image, "--name", "A"];
        let added = publish_meanwhile(folder.path(), &arguments).await;
        assert_eq!((added.code, added.errors.as_str()), (Some(0), ""));
        let text = read(folder.path(), "workspaces/A/workspace.json");
        assert!(text.contains("\"uncompressed_size_mb\": 3\n"), "{text}");
        assert!(text.contains("\"arm64\""), "{text}");
        let checked = sizes(folder.path(), &["--check"]).await;
        assert_eq!(
            (checked.code, checked.output.as_str()),
            (Some(0), ""),
            "{}",
            checked.errors
        );
    }
}
