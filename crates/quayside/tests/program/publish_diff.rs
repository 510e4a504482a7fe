//! `publish diff`: what it tells of a site that is live, in each of its formats.

use std::collections::BTreeMap;
use std::fs;

use http::StatusCode;
use testkit::{SiteMode, TestSite};

use crate::desk::{Desk, Told, published, repository};

/// A text that is markup, a mention, a reference, an address and an order to a terminal.
const HOSTILE: &str =
    "`<img src=x>` @ann #1 **b** [l](https://e.example) www.e.example\\n\\n# h\\u001b[31m\\u202e|";

/// A site that is live, and sources that are ahead of it.
async fn ahead() -> (Desk, TestSite) {
    let desk = Desk::with_registry();
    desk.workspace("workspaces/crane", "Crane");
    desk.workspace("workspaces/dock", "Dock");
    desk.run(&["build", "--out", "live"]).assert(0);
    let live = TestSite::files(published(&desk, "live")).await;
    fs::remove_dir_all(desk.path("workspaces/buoy")).unwrap();
    desk.write(
        "workspaces/anchor/workspace.json",
        r#"{"friendly_name": "Anchor", "description": "Another thing.", "image_src": "icon.svg", "architecture": ["amd64", "arm64"], "compatibility": [{"version": "1.17.x", "image": "harbour/anchor:2", "uncompressed_size_mb": 100}, {"version": "1.18.x", "image": "harbour/anchor:3", "uncompressed_size_mb": 100}], "categories": ["Harbour"], "run_config": {"user": "root", "hostname": "anchor"}}"#,
    );
    desk.write(
        "workspaces/crane/icon.svg",
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"/>"#,
    );
    desk.write(
        "workspaces/odd/workspace.json",
        &format!(
            r#"{{"friendly_name": "{HOSTILE}", "description": "{HOSTILE}", "image_src": "", "architecture": ["amd64"], "compatibility": [{{"version": "1.17.x", "image": "harbour/odd:1", "uncompressed_size_mb": 1}}], "run_config": {{"privileged": true, "{HOSTILE}": "{HOSTILE}"}}}}"#
        ),
    );
    desk.write("workspaces/wreck/workspace.json", "{");
    desk.write(
        "registry.toml",
        "name = \"Haven\"\nlist_url = \"https://registry.example/\"\n",
    );
    (desk, live)
}

fn hidden(told: &Told, url: &str) -> String {
    let all = format!(
        "exit code: {}\n----- stdout -----\n{}----- stderr -----\n{}",
        told.code.unwrap(),
        told.out,
        told.err
    );
    all.replace(url, "http://live.example/")
        .replace(url.trim_end_matches('/'), "http://live.example")
        .replace(
            url.trim_start_matches("http://").trim_end_matches('/'),
            "live.example",
        )
}

#[tokio::test(flavor = "multi_thread")]
async fn differences_are_told_in_each_format() {
    let (desk, live) = ahead().await;
    let url = live.url();
    for (name, arguments) in [
        ("text", &[][..]),
        ("json", &["--format", "json"]),
        ("comment", &["--format", "comment"]),
    ] {
        let told = desk.run(&[&["diff", &url], arguments].concat());
        insta::assert_snapshot!(name, hidden(&told, &url));
    }
    let json = desk.run(&["diff", &url, "--json"]);
    assert_eq!(json.out, desk.run(&["diff", &url, "--format", "json"]).out);
    assert!(!desk.has("public"), "nothing is written");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_to_tell_is_told_too() {
    let desk = Desk::with_registry();
    desk.run(&["build", "--out", "live"]).assert(0);
    let live = TestSite::files(published(&desk, "live")).await;
    let told = desk.run(&["diff", &live.url()]);
    insta::assert_snapshot!("same", hidden(&told, &live.url()));
    // A site that is not there yet.
    live.replace(BTreeMap::new());
    let told = desk.run(&["diff", &live.url()]);
    insta::assert_snapshot!("first", hidden(&told, &live.url()));
    let told = desk.run(&["diff", &live.url(), "--format", "comment"]);
    insta::assert_snapshot!("first_comment", hidden(&told, &live.url()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_version_of_a_repository_is_compared() {
    let desk = repository();
    desk.run(&[
        "build",
        "--git",
        ".",
        "--branches",
        "feature/*",
        "--out",
        "live",
    ])
    .assert(0);
    let live = TestSite::files(published(&desk, "live")).await;
    desk.git(&["checkout", "--quiet", "1.0"]);
    desk.workspace("workspaces/crane", "Crane");
    desk.git(&["add", "--all"]);
    desk.git(&["commit", "--quiet", "--message", "Add a crane"]);
    desk.git(&["checkout", "--quiet", "main"]);
    let told = desk.run(&["diff", &live.url(), "--git", "."]);
    insta::assert_snapshot!("branches", hidden(&told, &live.url()));
    // A branch that cannot be built takes nothing away.
    desk.git(&["checkout", "--quiet", "1.0"]);
    desk.write("registry.toml", "name = ");
    desk.git(&["commit", "--quiet", "--all", "--message", "Break it"]);
    let told = desk.run(&["diff", &live.url(), "--git", "."]);
    insta::assert_snapshot!("broken_branch", hidden(&told, &live.url()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_cannot_be_read_is_no_empty_one() {
    let desk = Desk::with_registry();
    let live = TestSite::files(BTreeMap::new()).await;
    let url = live.url();
    live.behave(SiteMode::Failing(StatusCode::SERVICE_UNAVAILABLE));
    let told = desk.run(&["diff", &url]);
    insta::assert_snapshot!("failing", hidden(&told, &url));
    live.behave(SiteMode::Closed);
    desk.run(&["diff", &url]).assert(2);

    live.behave(SiteMode::Serving);
    let files = |list: Vec<u8>| {
        BTreeMap::from([
            ("versions.txt".to_owned(), "1.1\n".into()),
            ("1.1/list.json".to_owned(), list.into()),
        ])
    };
    live.replace(files(
        br#"{"name":"Harbour","workspaces":[{"friendly_na"#.to_vec(),
    ));
    let told = desk.run(&["diff", &url]);
    insta::assert_snapshot!("broken", hidden(&told, &url));
    live.replace(files(vec![b' '; 33 * 1024 * 1024]));
    let told = desk.run(&["diff", &url]);
    insta::assert_snapshot!("too_large", hidden(&told, &url));
    drop(live);
    let told = desk.run(&["diff", &url]);
    told.assert(2);
    assert_eq!(told.out, "");
    let told = desk.run(&["diff", "ftp://registry.example/"]);
    insta::assert_snapshot!("no_address", told.all());
}
