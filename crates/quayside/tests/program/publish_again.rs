//! `publish build` over an earlier build: whatever changed in between, the site is that of a build into a new folder.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use testkit::wait_until;

use crate::desk::Desk;

const PICTURE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>"#;

/// So long ago that a file could not have changed once more unnoticed.
const SETTLED: Duration = Duration::from_millis(50);

/// Builds over what is there, and compares with a build into a new folder.
fn build(desk: &Desk) -> String {
    let arguments = ["build", "--modified", "1", "--out"];
    let told = desk.run(&[&arguments[..], &["public"]].concat());
    let fresh = desk.run(&[&arguments[..], &["fresh"]].concat());
    assert_eq!(told.assert(0).err, fresh.assert(0).err);
    assert_eq!(desk.files("public"), desk.files("fresh"));
    for path in ["fresh", ".quayside-cache/fresh"] {
        let path = desk.path(path);
        let removed = if path.is_dir() {
            fs::remove_dir_all(path)
        } else {
            fs::remove_file(path)
        };
        removed.unwrap();
    }
    told.out.clone()
}

/// Builds until nothing that was written is too young to be remembered.
async fn build_and_settle(desk: &Desk) {
    wait_until("the files are old enough", async || {
        build(desk);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        // What is not there is not too young either.
        let is_settled = |path: &str| {
            fs::metadata(desk.path(path)).map_or(true, |changed| {
                let changed = Duration::new(changed.ctime() as u64, changed.ctime_nsec() as u32);
                now.saturating_sub(changed) > SETTLED
            })
        };
        is_settled("workspaces/buoy/icon.svg") && is_settled("public/1.1/workspace/buoy.html")
    })
    .await;
    build(desk);
}

#[tokio::test]
async fn every_change_of_the_sources_is_seen() {
    let desk = Desk::with_registry();
    desk.write("workspaces/buoy/icon.svg", PICTURE);
    let changes: &[&dyn Fn()] = &[
        // Other bytes, as many, and the time of before.
        &|| {
            let icon = desk.path("workspaces/buoy/icon.svg");
            let time = fs::metadata(&icon).unwrap().modified().unwrap();
            desk.write("workspaces/buoy/icon.svg", &PICTURE.replace('1', "2"));
            let file = fs::File::options().write(true).open(&icon).unwrap();
            file.set_modified(time).unwrap();
        },
        &|| {
            let icon = desk.path("workspaces/buoy/icon.svg");
            let file = fs::File::options().write(true).open(icon).unwrap();
            file.set_modified(SystemTime::now()).unwrap();
        },
        &|| desk.workspace("workspaces/crane", "Crane"),
        &|| {
            fs::rename(
                desk.path("workspaces/crane"),
                desk.path("workspaces/derrick"),
            )
            .unwrap();
        },
        &|| fs::remove_dir_all(desk.path("workspaces/derrick")).unwrap(),
        &|| fs::remove_file(desk.path("workspaces/anchor/icon.svg")).unwrap(),
        &|| desk.write("workspaces/anchor/icon.svg", PICTURE),
        &|| {
            desk.write(
                "registry.toml",
                "name = \"Port\"\nlist_url = \"https://registry.example/\"\n",
            );
        },
        &|| desk.write("workspaces/buoy/workspace.json", "{"),
        &|| desk.workspace("workspaces/buoy", "Bell Buoy"),
    ];
    for change in changes {
        build_and_settle(&desk).await;
        change();
        build(&desk);
    }
    build_and_settle(&desk).await;
    assert!(build(&desk).ends_with("nothing changed\n"));
}

#[tokio::test]
async fn whatever_was_done_to_the_site_is_put_right() {
    let desk = Desk::with_registry();
    build_and_settle(&desk).await;
    for (path, content) in desk.files("public") {
        if path == ".quayside" {
            continue;
        }
        let file = format!("public/{path}");
        fs::remove_file(desk.path(&file)).unwrap();
        build(&desk);
        // Other bytes, as many.
        let other: String = content.iter().map(|_| '-').collect();
        desk.write(&file, &other);
        build(&desk);
    }
}

#[tokio::test]
async fn a_cache_that_is_damaged_costs_only_time() {
    let desk = Desk::with_registry();
    build_and_settle(&desk).await;
    let cache = desk.path(".quayside-cache/public");
    let whole = fs::read(&cache).unwrap();
    let middle = whole.len() / 2;
    let mut flipped = whole.clone();
    flipped[middle] ^= 1;
    for damaged in [&whole[..middle], &flipped, b"", b"foreign"] {
        fs::write(&cache, damaged).unwrap();
        build(&desk);
    }
    // That of another site.
    build_and_settle(&desk).await;
    let other = Desk::with_registry();
    build_and_settle(&other).await;
    fs::copy(other.path(".quayside-cache/public"), &cache).unwrap();
    build(&desk);
}
