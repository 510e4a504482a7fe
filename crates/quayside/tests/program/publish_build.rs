//! `publish build`: what it writes, says and refuses, from folders and from branches.

use std::fs;
use std::path::Path;
use std::process::Command;

use testkit::{SiteMode, TestSite};

use crate::PROGRAM;
use crate::desk::{Desk, Told, published, repository};

#[test]
fn a_folder_becomes_a_site() {
    let desk = Desk::with_registry();
    desk.write("CNAME", "registry.example\n");
    let told = desk.run(&["build"]);
    insta::assert_snapshot!("folder", told.all());
    assert_eq!(desk.read("public/versions.txt"), "1.1\n");
    assert_eq!(desk.read("public/CNAME"), "registry.example\n");
    assert!(desk.read("public/index.html").contains("1.1/"));
    assert!(
        desk.read("public/1.1/list.json")
            .starts_with("{\"name\":\"Harbour\",\"workspacecount\":2,")
    );
    for path in [
        "favicon.ico",
        ".nojekyll",
        "1.1/versions.json",
        "1.1/icons/icon.svg",
    ] {
        assert!(desk.has(&format!("public/{path}")), "{path}");
    }
    // The site lies inside the sources and is not published again.
    let again = desk.run(&["build"]);
    insta::assert_snapshot!("folder_again", again.all());
}

#[test]
fn a_bad_workspace_is_left_out_and_strictly_nothing_is_written() {
    let desk = Desk::with_registry();
    desk.write(
        "workspaces/crane/workspace.json",
        "{\"friendly_name\": \"Crane\",",
    );
    let strict = desk.run(&["build", "--strict"]);
    insta::assert_snapshot!("strict", strict.all());
    assert!(!desk.has("public"));
    let told = desk.run(&["build"]);
    told.assert(0);
    insta::assert_snapshot!("left_out", told.all().split("----- stderr").next().unwrap());
    assert_eq!(
        told.err.matches("error").count(),
        strict.err.matches("error").count() - 2
    );
    let json = desk.run(&["build", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&json.assert(0).out).unwrap();
    assert_eq!(report["versions"][0]["left_out"], 1);
    assert_eq!(report["versions"][0]["workspaces"], 2);
    assert_eq!(
        report["versions"][0]["diagnostics"][0]["code"],
        "invalid-json"
    );
    assert_eq!(report["files_changed"], 0);
}

#[test]
fn what_cannot_be_published_is_told() {
    let desk = Desk::new();
    insta::assert_snapshot!("no_registry", desk.run(&["build"]).all());
    insta::assert_snapshot!("no_folder", desk.run(&["build", "nowhere"]).all());
    assert!(!desk.has("public"));
    let desk = Desk::with_registry();
    desk.write("thesis/chapter.txt", "");
    insta::assert_snapshot!("not_ours", desk.run(&["build", "--out", "thesis"]).all());
    insta::assert_snapshot!("around_itself", desk.run(&["build", "--out", "."]).all());
    insta::assert_snapshot!(
        "a_file",
        desk.run(&["build", "--out", "registry.toml"]).all()
    );
    insta::assert_snapshot!("no_repository", desk.run(&["build", "--git", "."]).all());
    let nowhere = desk.run(&["build", "--git", "nowhere"]);
    assert_eq!(
        nowhere.assert(2).err,
        "error: failed to open the git repository `nowhere`: there is no such folder\n"
    );
    for out in ["workspaces/site", "workspaces/anchor/public"] {
        let inside = desk.run(&["build", "--out", out]);
        assert!(
            inside.assert(2).err.contains("it lies in `workspaces`"),
            "{}",
            inside.err
        );
        assert!(!desk.has(out));
    }
    insta::assert_snapshot!(
        "before_1970",
        desk.run(&["build", "--modified", "-5"]).all()
    );
    let epoch = desk.run_with(&[("SOURCE_DATE_EPOCH", "-5")], &["build"]);
    assert_eq!(
        epoch.assert(2).err,
        "error: `SOURCE_DATE_EPOCH` is no time: -5: that is before 1970, when no registry changed\n"
    );
    insta::assert_snapshot!(
        "no_time",
        desk.run_with(&[("SOURCE_DATE_EPOCH", "soon")], &["build"])
            .all()
    );
}

#[test]
fn the_same_sources_give_the_same_site() {
    let desk = Desk::with_registry();
    desk.run(&["build", "--modified", "1700000000000", "--out", "one"])
        .assert(0);
    desk.run_with(
        &[("SOURCE_DATE_EPOCH", "1700000000")],
        &["build", "--out", "two"],
    )
    .assert(0);
    assert_eq!(desk.files("one"), desk.files("two"));
    // Another build on top changes nothing, and a removed workspace leaves nothing behind.
    fs::remove_dir_all(desk.path("workspaces/buoy")).unwrap();
    desk.run(&["build", "--modified", "1700000000000", "--out", "one"])
        .assert(0);
    desk.run(&["build", "--modified", "1700000000000", "--out", "three"])
        .assert(0);
    assert_eq!(desk.files("one"), desk.files("three"));
}

#[test]
fn a_cache_changes_nothing_but_the_time_it_takes() {
    let desk = Desk::with_registry();
    let build = |out: &str| {
        desk.run(&["build", "--modified", "1", "--out", out])
            .assert(0);
        desk.files(out)
    };
    let clean = build("public");
    let cache = desk.path(".quayside-cache/public");
    assert!(cache.is_file());
    for damage in ["", "quayside publish cache\n", "something else entirely"] {
        fs::write(&cache, damage).unwrap();
        assert_eq!(build("public"), clean);
    }
    // The same length and the same time, but another content.
    let file = desk.path("workspaces/buoy/workspace.json");
    let time = fs::metadata(&file).unwrap().modified().unwrap();
    desk.workspace("workspaces/buoy", "Bouy");
    fs::File::options()
        .write(true)
        .open(&file)
        .unwrap()
        .set_modified(time)
        .unwrap();
    assert!(
        build("public")
            .iter()
            .any(|(path, bytes)| path == "1.1/list.json"
                && String::from_utf8_lossy(bytes).contains("Bouy"))
    );
    // Somebody changed the site.
    fs::write(desk.path("public/1.1/icons/icon.svg"), "<svg/>").unwrap();
    fs::remove_dir_all(desk.path(".quayside-cache")).unwrap();
    let repaired = build("public");
    assert_eq!(repaired, build("other"));
}

#[test]
fn branches_become_versions() {
    let desk = repository();
    // The work tree is not looked at.
    desk.write("workspaces/anchor/workspace.json", "{");
    let told = desk.run(&[
        "build",
        "--git",
        ".",
        "--out",
        "site",
        "--branches",
        "feature/*",
    ]);
    insta::assert_snapshot!("branches", told.all());
    assert_eq!(desk.read("site/versions.txt"), "1.0\n1.1\nfeature_a\n");
    assert!(
        desk.read("site/1.1/list.json")
            .contains("\"modified\":1709294400000,")
    );
    assert!(desk.read("site/index.html").contains("url=1.1/"));
    assert!(desk.has("site/1.0/icons/icon.svg"));
    let feed = desk.read("site/1.0/feed.xml");
    let titles: Vec<&str> = feed
        .split("<title>")
        .filter_map(|part| part.split_once("</title>"))
        .map(|(title, _)| title)
        .collect();
    assert_eq!(
        titles,
        [
            "Harbour: changes",
            "Changed: Anchor",
            "Removed: Buoy",
            "Added: Anchor",
            "Added: Buoy"
        ]
    );
    assert!(desk.read("site/1.0/index.html").contains("feed.xml"));
    // A branch that is gone takes its version with it.
    desk.git(&["branch", "--quiet", "-D", "1.0"]);
    desk.run(&["build", "--git", ".", "--out", "site"])
        .assert(0);
    assert_eq!(desk.read("site/versions.txt"), "1.1\n");
    assert!(!desk.has("site/1.0") && !desk.has("site/feature_a"));
}

#[test]
fn branches_that_are_passed_over_are_told() {
    let desk = repository();
    desk.git(&["branch", "1.1"]);
    let arguments = ["build", "--git", ".", "--out", "site"];
    let asked = ["--branches", "nothing*", "--branches", "dev*"];
    let told = desk.run(&[&arguments[..], &asked].concat());
    insta::assert_snapshot!("passed_over", told.assert(0).all());
}

#[test]
fn a_default_branch_without_a_registry_is_no_failure() {
    let desk = repository();
    desk.git(&["branch", "--quiet", "--move", "1.1"]);
    desk.git(&["checkout", "--quiet", "--orphan", "main"]);
    desk.git(&["rm", "--quiet", "-r", "--force", "."]);
    desk.write("README.md", "See the other branches.");
    desk.git(&["add", "README.md"]);
    desk.git(&["commit", "--quiet", "--message", "Explain"]);
    let told = desk.run(&["build", "--git", ".", "--out", "site"]);
    assert_eq!(
        told.assert(0).err,
        "note: the default branch `main` is not published: it holds no registry\n"
    );
    assert_eq!(desk.read("site/versions.txt"), "1.0\n1.1\n");
}

#[test]
fn no_version_is_lost_because_of_another() {
    let desk = repository();
    desk.run(&["build", "--git", ".", "--out", "site"])
        .assert(0);
    desk.git(&["checkout", "--quiet", "1.0"]);
    desk.write("registry.toml", "name =");
    desk.git(&["commit", "--quiet", "--all", "--message", "Break"]);
    desk.git(&["checkout", "--quiet", "main"]);
    desk.workspace("workspaces/crane", "Crane");
    desk.git(&["add", "--all", "workspaces"]);
    desk.git(&["commit", "--quiet", "--message", "Add a crane"]);
    let before = desk.files("site/1.0");
    let told = desk.run(&["build", "--git", ".", "--out", "site"]);
    insta::assert_snapshot!("broken_branch", told.all());
    assert_eq!(desk.files("site/1.0"), before);
    assert_eq!(desk.read("site/versions.txt"), "1.0\n1.1\n");
    assert!(desk.read("site/1.1/list.json").contains("Crane"));
}

#[test]
fn the_domain_of_what_is_published_is_kept() {
    let desk = repository();
    desk.git(&["checkout", "--quiet", "--orphan", "pages"]);
    desk.write("CNAME", "registry.example\n");
    desk.git(&["add", "CNAME"]);
    desk.git(&["commit", "--quiet", "--message", "Publish"]);
    desk.git(&["branch", "--quiet", "--force", "gh-pages"]);
    desk.git(&["checkout", "--quiet", "--force", "main"]);
    desk.git(&["branch", "--quiet", "-D", "pages"]);
    desk.run(&["build", "--git", ".", "--out", "site"])
        .assert(0);
    assert_eq!(desk.read("site/CNAME"), "registry.example\n");
}

#[test]
fn a_registry_can_lie_in_a_folder_of_its_repository() {
    let desk = Desk::new();
    desk.write(
        "catalogue/registry.toml",
        "name = \"Harbour\"\nschema = \"1.1\"\n",
    );
    desk.workspace("catalogue/workspaces/anchor", "Anchor");
    desk.git(&["init", "--quiet", "--initial-branch=trunk"]);
    desk.git(&["add", "--all"]);
    desk.git(&["commit", "--quiet", "--message", "Begin"]);
    desk.run(&["build", "catalogue", "--git", ".", "--out", "site"])
        .assert(0);
    assert!(desk.read("site/1.1/list.json").contains("Anchor"));
    let outside = desk.run(&["build", "../x", "--git", ".", "--out", "site"]);
    insta::assert_snapshot!("outside_of_branches", outside.all());
    let nowhere = desk.run(&["build", "elsewhere", "--git", ".", "--out", "site"]);
    insta::assert_snapshot!("nowhere_in_branches", nowhere.all());
}

#[test]
fn a_folder_is_as_old_as_its_newest_commit() {
    let desk = repository();
    let modified = |desk: &Desk| {
        desk.run(&["build"]).assert(0);
        let list = desk.read("public/1.1/list.json");
        let (_, rest) = list.split_once("\"modified\":").unwrap();
        rest.split(',').next().unwrap().parse::<i64>().unwrap()
    };
    // Twice: the site lies in the work tree the second time.
    assert_eq!(modified(&desk), 1_709_294_400_000);
    assert_eq!(modified(&desk), 1_709_294_400_000);
    desk.workspace("workspaces/crane", "Crane");
    assert!(modified(&desk) > 1_709_294_400_000, "not committed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_never_becomes_less_unnoticed() {
    let desk = repository();
    desk.run(&["build", "--git", ".", "--out", "live"])
        .assert(0);
    let live = TestSite::files(published(&desk, "live")).await;
    let url = live.url();
    let hidden = |told: &Told| told.all().replace(&url, "http://live.example/");
    let build = |arguments: &[&str]| {
        desk.run(&[&["build", "--live", &url, "--modified", "1"], arguments].concat())
    };
    build(&["--git", ".", "--out", "same"]).assert(0);
    fs::remove_dir_all(desk.path("workspaces/buoy")).unwrap();
    let less = build(&["--out", "less"]);
    insta::assert_snapshot!("less", hidden(&less));
    assert!(!desk.has("less"));
    let allowed = build(&["--out", "less", "--allow-shrink"]);
    allowed.assert(0);
    insta::assert_snapshot!("less_allowed", hidden(&allowed));

    live.behave(SiteMode::Failing(http::StatusCode::SERVICE_UNAVAILABLE));
    let unknown = build(&["--git", ".", "--out", "unknown"]);
    insta::assert_snapshot!("live_unknown", hidden(&unknown));
    assert!(!desk.has("unknown"));
    build(&["--git", ".", "--out", "unknown", "--allow-shrink"]).assert(0);

    live.replace(std::collections::BTreeMap::new());
    live.behave(SiteMode::Serving);
    let first = build(&["--out", "first"]);
    first.assert(0);
    let line = "nothing is published at http://live.example/ yet (404), so nothing was compared; check the address if it should be\n";
    assert!(hidden(&first).contains(line), "{}", first.err);
}

#[test]
fn sources_of_all_kinds_end_well() {
    let desk = Desk::with_registry();
    let folder = desk.path("workspaces/odd");
    desk.workspace("workspaces/odd", "Odd");
    std::os::unix::fs::symlink("/etc/passwd", folder.join("far")).unwrap();
    std::os::unix::fs::symlink(".", folder.join("loop")).unwrap();
    let made = Command::new("mkfifo").arg(folder.join("pipe")).status();
    assert!(made.unwrap().success());
    let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"caf\xe9");
    fs::write(folder.join(name), "x").unwrap();
    let told = desk.run(&["build"]);
    told.assert(0);
    insta::assert_snapshot!("odd_sources", told.all());
    assert!(desk.read("public/1.1/list.json").contains("\"Odd\""));
}

#[test]
fn a_build_that_is_cut_off_or_finds_no_room_leaves_a_site_that_holds_together() {
    let desk = Desk::with_registry();
    desk.run(&["build"]).assert(0);
    let before = desk.files("public");
    for number in 0..40 {
        desk.workspace(
            &format!("workspaces/ship-{number}"),
            &format!("Ship {number}"),
        );
    }
    desk.write(
        "workspaces/anchor/icon.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    // Files may not become longer than this: the list does. One way kills the program, the other is an error.
    let limited = |trap: &str| {
        let script = format!("ulimit -f 8; {trap} exec \"$0\" publish build");
        let output = Command::new("sh")
            .args(["-c", &script, PROGRAM])
            .current_dir(desk.0.path())
            .output()
            .unwrap();
        Told::of(&output)
    };
    let killed = limited("");
    assert_eq!(killed.code, None, "{}", killed.err);
    let list = |files: &[(String, Vec<u8>)]| {
        files
            .iter()
            .find(|(path, _)| path == "1.1/list.json")
            .cloned()
    };
    assert_eq!(list(&desk.files("public")), list(&before));
    let full = limited("trap '' XFSZ;");
    full.assert(2);
    insta::assert_snapshot!("no_room", full.err);
    assert_eq!(list(&desk.files("public")), list(&before));
    assert_eq!(desk.read("public/versions.txt"), "1.1\n");

    desk.run(&["build", "--modified", "1"]).assert(0);
    desk.run(&["build", "--modified", "1", "--out", "clean"])
        .assert(0);
    assert_eq!(desk.files("public"), desk.files("clean"));
}

#[test]
fn a_disk_without_room_is_told() {
    let desk = Desk::with_registry();
    fs::create_dir(desk.path("small")).unwrap();
    let mount = |arguments: &[&str], place: &Path| {
        let status = Command::new("mount").args(arguments).arg(place).output();
        status.is_ok_and(|output| output.status.success())
    };
    // Only somebody with the right to may; others rely on the test above.
    if !mount(
        &["-t", "tmpfs", "-o", "size=16k", "tmpfs"],
        &desk.path("small"),
    ) {
        return;
    }
    for number in 0..40 {
        desk.workspace(
            &format!("workspaces/ship-{number}"),
            &format!("Ship {number}"),
        );
    }
    let told = desk.run(&["build", "--out", "small/site"]);
    let unmounted = Command::new("umount").arg(desk.path("small")).status();
    assert!(unmounted.unwrap().success());
    told.assert(2);
    assert!(told.err.contains("No space left on device"), "{}", told.err);
}
