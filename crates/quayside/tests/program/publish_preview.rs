//! `publish preview`, asked as a browser asks it: pages, the stream of changes, and what is refused.

mod browser;

use std::fs;
use std::process::Command;

use serde_json::Value;
use testkit::{DEADLINE, Process};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::PROGRAM;
use crate::desk::Desk;

/// A preview of a desk's folder.
pub(crate) struct Preview {
    pub(crate) process: Process,
    /// `127.0.0.1:4000`.
    pub(crate) host: String,
}

impl Preview {
    pub(crate) async fn start(desk: &Desk) -> Self {
        fs::create_dir_all(desk.path("tmp")).unwrap();
        let mut command = Command::new(PROGRAM);
        command
            .args(["publish", "preview", "registry"])
            .current_dir(desk.0.path())
            .env("TMPDIR", desk.path("tmp"));
        let mut process = Process::start("preview", command);
        let host = process
            .find_line("its address", |line| {
                let host = line.strip_prefix("http://")?.strip_suffix('/')?;
                Some(host.to_owned())
            })
            .await;
        Self { process, host }
    }

    async fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.host).await.unwrap();
        let request = request.replace("HOST", &self.host);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        tokio::time::timeout(DEADLINE, read).await.unwrap().unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    async fn get(&self, path: &str) -> String {
        self.ask(&format!(
            "GET {path} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n"
        ))
        .await
    }

    async fn events(&self) -> Events {
        let mut stream = TcpStream::connect(&self.host).await.unwrap();
        let request = format!(
            "GET /.preview/events HTTP/1.1\r\nHost: {}\r\n\r\n",
            self.host
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        Events(BufReader::new(stream))
    }
}

/// The stream of a page.
struct Events(BufReader<TcpStream>);

impl Events {
    /// The first event from here on that is looked for.
    async fn find(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let find = async {
            loop {
                let mut line = String::new();
                let read = self.0.read_line(&mut line).await.unwrap();
                assert!(read > 0, "the stream ended without {what}");
                let Some(data) = line.strip_prefix("data: ") else {
                    continue;
                };
                let event: Value = serde_json::from_str(data).unwrap();
                if is_it(&event) {
                    return event;
                }
            }
        };
        let found = tokio::time::timeout(DEADLINE, find).await;
        found.unwrap_or_else(|_| panic!("no event with {what}"))
    }
}

/// A desk with a registry in a folder.
pub(crate) fn desk() -> Desk {
    let desk = Desk::new();
    desk.write(
        "registry/registry.toml",
        "name = \"Harbour\"\nlist_url = \"https://registry.example/\"\nschema = \"1.1\"\n",
    );
    desk.workspace("registry/workspaces/anchor", "Anchor");
    desk
}

fn worst(event: &Value) -> &str {
    event["problems"][0]["severity"]
        .as_str()
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_is_told_and_shown() {
    let desk = desk();
    let mut preview = Preview::start(&desk).await;
    let mut events = preview.events().await;
    let first = events.find("a site", |event| event["build"] == 1).await;
    assert_ne!(worst(&first), "error");
    let page = preview.get("/1.1/").await;
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    assert!(
        page.contains("Anchor") && page.contains("data-build=\"1\""),
        "{page}"
    );
    assert!(preview.get("/").await.contains("url=1.1/"));
    assert!(preview.get("/1.1/list.json").await.contains("\"Anchor\""));

    // As editors do it: another file, renamed into its place.
    let file = desk.path("registry/workspaces/anchor/workspace.json");
    let text = fs::read_to_string(&file).unwrap();
    desk.write(
        "registry/workspaces/anchor/.new",
        &text.replace("Anchor", "Kedge"),
    );
    fs::rename(desk.path("registry/workspaces/anchor/.new"), &file).unwrap();
    events
        .find("the new name", |event| event["build"] == 2)
        .await;
    assert!(preview.get("/1.1/").await.contains("Kedge"));

    // A folder that is new is watched too.
    desk.workspace("registry/workspaces/deep/buoy", "Buoy");
    events
        .find("another workspace", |event| {
            event["build"].as_u64() > Some(2)
        })
        .await;
    let has_buoy = async || preview.get("/1.1/list.json").await.contains("\"Buoy\"");
    testkit::wait_until("the other workspace", has_buoy).await;

    desk.write(
        "registry/workspaces/anchor/workspace.json",
        "{\"friendly_name\": ",
    );
    let broken = events
        .find("an error", |event| worst(event) == "error")
        .await;
    let shown = broken["problems"][0]["text"].as_str().unwrap();
    insta::assert_snapshot!("broken_workspace", shown);
    desk.write("registry/workspaces/anchor/workspace.json", &text);
    events
        .find("no error", |event| worst(event) != "error")
        .await;
    assert!(preview.get("/1.1/").await.contains("Anchor"));

    // The last good site stays where there is nothing to build one from.
    desk.write("registry/registry.toml", "name = ");
    let broken = events
        .find("an error", |event| worst(event) == "error")
        .await;
    let shown = broken["problems"][0]["text"].as_str().unwrap();
    assert!(shown.contains("registry.toml:1:"), "{shown}");
    assert!(preview.get("/1.1/").await.contains("Anchor"));

    assert!(preview.process.terminate().await.success());
    let left: Vec<_> = fs::read_dir(desk.path("tmp")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    let sources: Vec<String> = desk
        .files("registry")
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert!(
        !sources.iter().any(|path| path.contains("public")),
        "{sources:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_is_broken_from_the_start_is_waited_for() {
    let desk = desk();
    desk.write("registry/registry.toml", "name = ");
    let preview = Preview::start(&desk).await;
    let mut events = preview.events().await;
    events
        .find("an error", |event| worst(event) == "error")
        .await;
    let page = preview.get("/").await;
    assert!(
        page.starts_with("HTTP/1.1 404 ") && page.contains("preview.js"),
        "{page}"
    );
    desk.write("registry/registry.toml", "name = \"Harbour\"\n");
    events.find("a site", |event| event["build"] == 1).await;
    assert!(preview.get("/").await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_the_site_is_served_and_to_nobody_else() {
    let desk = desk();
    desk.write("secret", "treasure");
    let preview = Preview::start(&desk).await;
    for path in [
        "/../../secret",
        "/..%2f..%2fsecret",
        "/%2e%2e/%2e%2e/secret",
        "/1.1/../../../secret",
        "//etc/passwd",
        "/.quayside",
        "/1.1/%2equayside",
        "/%00",
        "/nothing",
    ] {
        let answer = preview.get(path).await;
        let is_refused = answer.starts_with("HTTP/1.1 404 ") || answer.starts_with("HTTP/1.1 400 ");
        assert!(
            is_refused && !answer.contains("treasure"),
            "{path}: {answer}"
        );
    }
    for (request, status) in [
        (
            "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
            "421",
        ),
        (
            "GET / HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n",
            "421",
        ),
        (
            "GET /.preview/events HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
            "421",
        ),
        ("GET / HTTP/1.0\r\n\r\n", "421"),
        (
            "POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "405",
        ),
        (
            "PUT /1.1/list.json HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "405",
        ),
        (
            "HEAD /1.1/list.json HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n",
            "200",
        ),
    ] {
        let answer = preview.ask(request).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} "))
                || answer.starts_with(&format!("HTTP/1.0 {status} ")),
            "{request}{answer}"
        );
    }
    let answer = preview.get("/1.1/list.json").await.to_ascii_lowercase();
    assert!(!answer.contains("access-control-allow-origin"), "{answer}");
    let told = desk.run(&["preview", "registry", "--listen", "0.0.0.0:0"]);
    insta::assert_snapshot!("not_loopback", told.all());
    let told = desk.run(&["preview", "nowhere"]);
    insta::assert_snapshot!("no_folder", told.all());
}
