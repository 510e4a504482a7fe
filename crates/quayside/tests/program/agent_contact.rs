//! What an agent tells whoever starts it of its server.

use std::fs;
use std::path::Path;
use std::process::Command;

use http::StatusCode;
use testkit::{HttpServer, Process, Reply, ServerOptions, TestServer};

use crate::PROGRAM;

/// An agent of that server, with that token, whose data lies in that folder.
fn start(server: &str, token: &str, folder: &Path) -> Process {
    fs::create_dir_all(folder).unwrap();
    let token_file = folder.join("token");
    fs::write(&token_file, token).unwrap();
    let mut command = Command::new(PROGRAM);
    command
        .args(["agent", "--engine", "store", "--server", server])
        .arg("--token-file")
        .arg(token_file)
        .arg("--data")
        .arg(folder.join("data"));
    Process::start("quayside agent", command)
}

/// The line that has these words, without its time.
async fn line(process: &mut Process, words: &str) -> String {
    let line = process
        .find_line(words, |line| line.contains(words).then(|| line.to_owned()))
        .await;
    line.split_once(' ').unwrap().1.trim_start().to_owned()
}

async fn server() -> TestServer {
    TestServer::start(ServerOptions::new(PROGRAM).with(&["--engine", "none"])).await
}

#[tokio::test]
async fn it_says_where_it_is_connected_and_as_whom() {
    let server = server().await;
    let folder = tempfile::tempdir().unwrap();
    let token = server.token("host2", "agent");
    let mut agent = start(server.origin().as_str(), &token, folder.path());

    let connected = line(&mut agent, "Connected").await;

    let origin = server.origin();
    assert_eq!(connected, format!("INFO Connected to {origin} as `host2`."));
    assert_eq!(agent.terminate().await.code(), Some(0));
    line(&mut agent, "Stopped.").await;
}

#[tokio::test]
async fn a_token_that_is_not_its_own_is_told_with_the_remedy() {
    let server = server().await;
    let remedy = "`quayside token create NAME --scope agent`";
    let reading = server.token("scripts", "read");
    for (token, words) in [
        ("nonsense", "does not know"),
        (&reading, "lacks the scope `agent`"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut agent = start(server.origin().as_str(), token, folder.path());
        let told = line(&mut agent, words).await;
        assert!(told.starts_with("ERROR"), "{told}");
        assert!(told.contains(remedy), "{told}");
    }
}

#[tokio::test]
async fn what_is_no_server_is_told_apart_from_one_that_is_away() {
    let page = |status, body: &'static str| {
        HttpServer::start(move |_| {
            let reply = Reply::new(status, body);
            Box::pin(async { reply })
        })
    };
    let site = page(StatusCode::NOT_FOUND, "<h1>Nothing here</h1>").await;
    let portal = page(StatusCode::OK, "<h1>Welcome</h1>").await;
    let moved = HttpServer::start(move |_| {
        let reply = Reply::new(StatusCode::FOUND, "")
            .header(http::header::LOCATION, "https://elsewhere.example/");
        Box::pin(async { reply })
    })
    .await;
    for (address, words) in [
        (site.address(), "is no Quayside server"),
        (portal.address(), "is no Quayside server"),
        (moved.address(), "leads to https://elsewhere.example/"),
        ("127.0.0.1:1".to_owned(), "refused the connection"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut agent = start(&format!("http://{address}/"), "token", folder.path());
        let told = line(&mut agent, words).await;
        assert!(told.contains(&address), "{told}");
    }
}

#[tokio::test]
async fn a_second_agent_with_the_same_token_is_refused_and_both_ends_say_so() {
    let mut server = server().await;
    let folder = tempfile::tempdir().unwrap();
    let token = server.token("host2", "agent");
    let origin = server.origin().to_string();
    let mut first = start(&origin, &token, &folder.path().join("first"));
    line(&mut first, "Connected").await;

    let mut second = start(&origin, &token, &folder.path().join("second"));

    let told = line(&mut second, "Another agent is connected").await;
    assert!(told.contains("`host2`"), "{told}");
    assert!(
        told.contains("`quayside token create NAME --scope agent`"),
        "{told}"
    );
    let told = line(server.process(), "A second agent").await;
    assert!(told.contains("`host2`"), "{told}");
    // Whoever is that agent may go and come back at once.
    first.kill();
    let mut first = start(&origin, &token, &folder.path().join("first"));
    line(&mut first, "Connected").await;
}
