//! Which folder is read, and what is told about it.

use std::{
    future::ready,
    io::{self, Write as _},
    net::IpAddr,
    pin::Pin,
    sync::Arc,
};

use flate2::{Compression, write::GzEncoder};
use outbound::{Client, ClientConfig, Resolver};
use sources::{Outcome, ReadRequest, RegistryAddress, Step};

use crate::{
    server::Reply,
    site::{list, names, read, read_copy, read_with, request, site, workspace},
};

fn told(steps: &[sources::StepReport]) -> Vec<(Step, Outcome)> {
    steps.iter().map(|step| (step.step, step.outcome)).collect()
}

#[tokio::test]
async fn the_newest_understood_folder_wins_and_each_step_is_told() {
    let server = site([
        ("/r/versions.txt", Reply::ok("dev\n1.0\n1.1\n")),
        ("/r/dev/list.json", list(&["dev"])),
        ("/r/1.0/list.json", list(&["old"])),
        ("/r/1.1/list.json", list(&["new", "newer"])),
    ])
    .await;
    let (outcome, steps) = read(&request(&server, "/r/")).await;
    let Ok(sources::ReadOutcome::Read(copy)) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(copy.folder, "1.1");
    assert_eq!(names(&copy), ["new", "newer"]);
    assert_eq!(copy.root, server.url("/r/"));
    assert_eq!(copy.versions, ["1.1", "1.0", "dev"]);
    assert!(!copy.from_public);
    assert_eq!(
        told(&steps),
        [
            (Step::Address, Outcome::Passed),
            (Step::Connection, Outcome::Passed),
            (Step::Versions, Outcome::Passed),
            (Step::List, Outcome::Passed),
            (Step::Schema, Outcome::Passed),
            (Step::Listings, Outcome::Passed),
        ]
    );
    assert_eq!(steps[2].detail, "`versions.txt` names 1.1, 1.0, dev");
    assert_eq!(steps[5].detail, "2 workspaces");
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn an_empty_newer_list_gives_way_to_a_filled_older_one() {
    let server = site([
        ("/versions.txt", Reply::ok("1.1\n1.0\n")),
        ("/1.1/list.json", list(&[])),
        ("/1.0/list.json", list(&["filled"])),
    ])
    .await;
    let copy = read_copy(&request(&server, "/")).await;
    assert_eq!(copy.folder, "1.0");
    assert_eq!(names(&copy), ["filled"]);
}

#[tokio::test]
async fn if_all_lists_are_empty_the_first_is_the_registry() {
    let server = site([
        ("/versions.txt", Reply::ok("1.0\n1.1")),
        ("/1.1/list.json", list(&[]).header("ETag", "\"x\"")),
        ("/1.0/list.json", list(&[])),
    ])
    .await;
    let request = request(&server, "/");
    let copy = read_copy(&request).await;
    assert_eq!(copy.folder, "1.1");
    // It is asked in full the next time, so that a folder that has filled is seen.
    assert_eq!(copy.validators.etag, None);
    let (_, steps) = read(&request).await;
    let last = steps.last().unwrap();
    assert_eq!((last.step, last.outcome), (Step::Listings, Outcome::Warned));
    assert_eq!(last.detail, "it has no workspaces");
}

#[tokio::test]
async fn registries_without_the_usual_folders_are_found() {
    let server = site([
        (
            "/a/versions.txt",
            Reply::ok("feature_dependency_update\r\n"),
        ),
        ("/a/feature_dependency_update/list.json", list(&["feature"])),
        ("/b/1.0/list.json", list(&["without versions"])),
        ("/c/list.json", list(&["root"])),
        (
            "/d/versions.txt",
            Reply::ok("<!doctype html><title>x</title>"),
        ),
        ("/d/1.1/list.json", list(&["page for versions"])),
    ])
    .await;
    for (path, folder) in [
        ("/a/", "feature_dependency_update"),
        ("/b/", "1.0"),
        ("/c/", ""),
        ("/d/", "1.1"),
    ] {
        assert_eq!(
            read_copy(&request(&server, path)).await.folder,
            folder,
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_address_that_ends_in_a_folder_starts_there() {
    let server = site([
        ("/r/versions.txt", Reply::ok("1.0\n1.1")),
        ("/r/1.1/list.json", list(&["new"])),
        ("/r/1.0/list.json", list(&["old"])),
        ("/r/list.json", list(&["root"])),
    ])
    .await;
    for (path, name) in [
        ("/r", "new"),
        ("/r/1.0", "old"),
        ("/r/1.0/list.json", "old"),
        ("/r/1.1/list.json", "new"),
        ("/r/list.json", "root"),
        // Where nothing is there, the rest is tried.
        ("/r/2.0/", "new"),
    ] {
        let copy = read_copy(&request(&server, path)).await;
        assert_eq!(names(&copy), [name], "{path}");
        assert_eq!(copy.root, server.url("/r/"), "{path}");
    }
}

#[tokio::test]
async fn a_broken_newer_list_is_passed_over_and_told() {
    let server = site([
        ("/1.1/list.json", Reply::ok("{\"workspaces\": [")),
        ("/1.0/list.json", list(&["old"])),
    ])
    .await;
    let (outcome, steps) = read(&request(&server, "/")).await;
    assert!(outcome.is_ok());
    let step = steps.iter().find(|step| step.step == Step::List).unwrap();
    assert_eq!(step.outcome, Outcome::Warned);
    assert!(
        step.detail.contains("`1.1/list.json` is not JSON"),
        "{}",
        step.detail
    );
}

#[tokio::test]
async fn a_compressed_list_is_read() {
    let names_of_many: Vec<String> = (0..200).map(|number| format!("w{number}")).collect();
    let workspaces: Vec<String> = names_of_many.iter().map(|name| workspace(name)).collect();
    let text = format!("{{\"workspaces\":[{}]}}", workspaces.join(","));
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    let reply = Reply::ok(encoder.finish().unwrap()).header("Content-Encoding", "gzip");
    let server = site([("/1.0/list.json", reply)]).await;
    let copy = read_copy(&request(&server, "/")).await;
    assert_eq!(names(&copy), names_of_many);
    assert_eq!(copy.bytes, text.len() as u64);
}

#[tokio::test]
async fn a_bad_entry_is_set_aside_and_the_rest_is_read() {
    let text = format!(
        "{{\"workspaces\":[{},{{\"name\":\"x\"}},{}]}}",
        workspace("a"),
        workspace("b")
    );
    let server = site([("/1.0/list.json", Reply::ok(text))]).await;
    let request = request(&server, "/");
    let copy = read_copy(&request).await;
    assert_eq!(names(&copy), ["a", "b"]);
    assert_eq!(copy.list.set_aside.len(), 1);
    let (_, steps) = read(&request).await;
    let last = steps.last().unwrap();
    assert_eq!(last.outcome, Outcome::Warned);
    assert_eq!(
        last.detail,
        "2 workspaces; 1 cannot be read and are set aside"
    );
}

#[tokio::test]
async fn the_root_is_the_one_after_redirects() {
    let target = site([("/new/1.0/list.json", list(&["moved"]))]).await;
    let base = target.url("/new");
    let server = crate::server::Server::start(move |asked| {
        let path = asked.path.strip_prefix("/old").unwrap_or(&asked.path);
        Reply::redirect(format!("{base}{path}"))
    })
    .await;
    let copy = read_copy(&request(&server, "/old/")).await;
    assert_eq!(names(&copy), ["moved"]);
    assert_eq!(copy.root, target.url("/new/"));
}

#[tokio::test]
async fn a_hostile_versions_file_costs_few_requests_and_leads_nowhere() {
    let lines: Vec<String> = (0..5000).map(|number| format!("folder{number}")).collect();
    let text = format!(
        "../../etc\n..\n/\nhttp://169.254.169.254/\n%2e%2e\n\u{0}\n{}",
        lines.join("\n")
    );
    let server = site([("/r/versions.txt", Reply::ok(text))]).await;
    let (outcome, _) = read(&request(&server, "/r/")).await;
    assert!(outcome.is_err());
    let asked = server.asked();
    assert!(asked.len() <= 25, "{}", asked.len());
    assert!(asked.iter().all(|asked| asked.path.starts_with("/r/")));
}

/// A lookup that leads every name to this machine.
struct Here;

impl Resolver for Here {
    fn resolve<'a>(
        &'a self,
        _name: &'a str,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>> {
        Box::pin(ready(Ok(vec![IpAddr::from([127, 0, 0, 1])])))
    }
}

#[tokio::test]
async fn plain_http_to_another_machine_is_told() {
    let server = site([("/1.0/list.json", list(&["a"]))]).await;
    outbound::install_crypto_provider();
    let client = Client::new(ClientConfig {
        resolver: Arc::new(Here),
        ..ClientConfig::default()
    })
    .unwrap();
    let url = server.url_at("registry.example", "/");
    let request = ReadRequest::new(RegistryAddress::parse(url.as_str()).unwrap());
    let (outcome, steps) = read_with(client, &request).await;
    assert!(outcome.is_ok());
    assert_eq!(told(&steps)[0], (Step::Address, Outcome::Warned));
    assert!(steps[0].hint.as_deref().unwrap().contains("https"));
}
