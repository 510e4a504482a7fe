//! The command line: what it prints where, and with which exit code.

use std::path::Path;
use std::process::Output;

use testkit::{ServerOptions, TestServer, run_quayside};

use crate::PROGRAM;

fn run(arguments: &[&str]) -> Output {
    run_quayside(Path::new(PROGRAM), arguments)
}

fn output(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn help_is_printed_as_it_was() {
    for (name, command) in [
        ("help", ""),
        ("help_demo", "demo"),
        ("help_serve", "serve"),
        ("help_agent", "agent"),
        ("help_publish", "publish"),
        ("help_publish_build", "publish build"),
        ("help_publish_diff", "publish diff"),
        ("help_publish_preview", "publish preview"),
        ("help_publish_check", "publish check"),
        ("help_publish_explain", "publish explain"),
        ("help_publish_schema", "publish schema"),
        ("help_token", "token"),
        ("help_token_create", "token create"),
        ("help_token_list", "token list"),
        ("help_token_revoke", "token revoke"),
        ("help_admin", "admin"),
        ("help_admin_link", "admin link"),
        ("help_admin_reset_password", "admin reset-password"),
    ] {
        let mut arguments: Vec<&str> = command.split_whitespace().collect();
        arguments.push("--help");
        let help = run(&arguments);
        assert_eq!(help.status.code(), Some(0));
        assert_eq!(errors(&help), "");
        insta::assert_snapshot!(name, output(&help));
    }
}

#[test]
fn mistakes_are_told_on_stderr() {
    for arguments in [
        &["serve", "--colour", "red"][..],
        &["sail"],
        &["serve", "--listen", "here"],
    ] {
        let refused = run(arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert_eq!(output(&refused), "");
        assert!(
            errors(&refused).starts_with("error"),
            "{}",
            errors(&refused)
        );
    }
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused() {
    let server = TestServer::start(ServerOptions::new(PROGRAM).with(&["--engine", "none"])).await;
    let second = server.run(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--engine",
        "none",
        "--first-party",
        "none",
    ]);
    assert_eq!(second.status.code(), Some(2));
    assert!(
        errors(&second).contains("already uses the data folder"),
        "{}",
        errors(&second)
    );
}

#[test]
fn listening_beyond_loopback_needs_tls_or_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    let refused = run(&[
        "serve",
        "--listen",
        "0.0.0.0:0",
        "--data",
        &data,
        "--first-party",
        "none",
    ]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        errors(&refused).contains("--insecure-http"),
        "{}",
        errors(&refused)
    );
    let plain = ["--public-url", "http://harbour.example/"];
    let arguments = [
        "serve",
        "--listen",
        "0.0.0.0:0",
        "--data",
        &data,
        "--first-party",
        "none",
    ];
    let refused = run(&[&arguments[..], &plain[..]].concat());
    assert_eq!(
        refused.status.code(),
        Some(2),
        "a public address without TLS"
    );
}

#[tokio::test]
async fn a_token_is_printed_alone() {
    let server = TestServer::start(ServerOptions::new(PROGRAM).with(&["--engine", "none"])).await;
    let created = server.run(&["token", "create", "scripts", "--scope", "read"]);
    assert_eq!(created.status.code(), Some(0), "{}", errors(&created));
    let text = output(&created);
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.len() > 30 && !text.trim().contains(' '), "{text}");
    assert_eq!(errors(&created), "");
    let refused = server.run(&["token", "create", "scripts", "--scope", "everything"]);
    assert_eq!(refused.status.code(), Some(2));
}

#[tokio::test]
async fn a_token_has_a_name_of_its_own_until_it_is_revoked() {
    let server = TestServer::start(ServerOptions::new(PROGRAM).with(&["--engine", "none"])).await;
    let create = |more: &[&str]| {
        server.run(&[&["token", "create", "host2", "--scope", "agent"], more].concat())
    };
    let first = create(&[]);
    assert_eq!(first.status.code(), Some(0), "{}", errors(&first));

    let second = create(&[]);

    assert_eq!(second.status.code(), Some(1));
    assert_eq!(output(&second), "");
    for words in [
        "`host2` already",
        "scope agent",
        "`--replace`",
        "`quayside token revoke`",
    ] {
        assert!(errors(&second).contains(words), "{}", errors(&second));
    }
    let replaced = create(&["--replace"]);
    assert_eq!(replaced.status.code(), Some(0), "{}", errors(&replaced));
    let is_known = async |token: &Output| {
        let client = server.client().with_token(output(token).trim());
        let answer = client.get("/api/agent/v1/desired").await;
        answer.status == http::StatusCode::OK
    };
    assert!(!is_known(&first).await);
    assert!(is_known(&replaced).await);
    let listed = server.run(&["token", "list"]);
    assert_eq!(output(&listed).lines().count(), 2, "{}", output(&listed));
    assert!(
        output(&listed)
            .lines()
            .nth(1)
            .unwrap()
            .starts_with("host2  ")
    );
    let listed = server.run(&["token", "list", "--json"]);
    assert!(
        output(&listed).contains("\"name\": \"host2\""),
        "{}",
        output(&listed)
    );

    let revoked = server.run(&["token", "revoke", "host2"]);

    assert_eq!(revoked.status.code(), Some(0), "{}", errors(&revoked));
    assert!(!is_known(&replaced).await);
    assert_eq!(
        server.run(&["token", "revoke", "host2"]).status.code(),
        Some(1)
    );
    assert_eq!(create(&[]).status.code(), Some(0));
    for name in ["", "  ", "a\nb"] {
        let refused = server.run(&["token", "create", name, "--scope", "read"]);
        assert_eq!(refused.status.code(), Some(2), "{name:?}");
    }
}

#[test]
fn data_that_cannot_be_kept_is_told_once_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let below = file.join("data");
    for (data, words) in [
        (&file, "is a file, not a folder"),
        (&below, "Not a directory"),
    ] {
        let data = data.to_str().unwrap();
        let arguments = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--first-party",
            "none",
            "--data",
            data,
        ];
        let refused = run(&arguments);
        assert_eq!(refused.status.code(), Some(2));
        let told = errors(&refused);
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(told.contains(words) && told.contains(data), "{told}");
    }
}

#[tokio::test]
async fn a_new_link_ends_the_older_one() {
    let server = TestServer::start(ServerOptions::new(PROGRAM).with(&["--engine", "none"])).await;
    let printed = server.sign_in_link().await;
    let again = server.run(&["admin", "link"]);
    assert_eq!(again.status.code(), Some(0), "{}", errors(&again));
    let text = output(&again);
    assert!(text.starts_with(server.origin().as_str()), "{text}");
    let secret = text.split('#').nth(1).expect("a link with a secret").trim();
    let (_, dead) = server.use_link(&printed).await;
    assert_eq!(dead.status, http::StatusCode::UNAUTHORIZED);
    let (_, alive) = server.use_link(secret).await;
    assert_eq!(alive.status, http::StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_server_ends_well_when_it_is_asked_to() {
    let mut server =
        TestServer::start(ServerOptions::new(PROGRAM).with(&["--engine", "store"])).await;
    server.sign_in().await;
    let status = server.process().terminate().await;
    assert_eq!(status.code(), Some(0));
    assert!(server.process().errors().contains("Stopped."));
}

#[test]
fn a_registry_is_published_from_a_folder() {
    // What the next build remembers lies beside the site.
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/registry/1.1");
    let arguments = [
        "publish",
        "build",
        source.to_str().unwrap(),
        "--out",
        site.to_str().unwrap(),
    ];
    let built = run(&arguments);
    assert_eq!(built.status.code(), Some(0), "{}", errors(&built));
    let list = std::fs::read_to_string(site.join("1.1/list.json")).unwrap();
    assert!(
        list.starts_with("{\"name\":\"Harbour Light\",\"workspacecount\":12,"),
        "{list}"
    );
    let versions = std::fs::read_to_string(site.join("versions.txt")).unwrap();
    assert_eq!(versions.trim_end(), "1.1");
    let missing = run(&[
        "publish",
        "build",
        "/nonexistent",
        "--out",
        site.to_str().unwrap(),
    ]);
    assert_eq!(missing.status.code(), Some(2));
}
