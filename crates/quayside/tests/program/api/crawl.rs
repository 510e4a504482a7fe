//! Every page that a person can reach, as the server answers it.

use std::collections::{BTreeSet, VecDeque};

use http::{StatusCode, header};
use serde_json::json;
use testkit::{Answer, TestListing, TestRegistry};

use super::{listing, with_registry};

/// Text that would be markup, script or an address if anything took it for that.
const HOSTILE: &str = "\"><img src=x onerror=alert(1)> javascript:alert(2) </script><script>";

/// The tags of a page, each from `<` to its `>`.
fn tags(html: &str) -> Vec<String> {
    html.split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .map(|(tag, _)| tag.to_owned())
        .collect()
}

/// Names and values of a tag's attributes.
fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = tag
        .split_once(char::is_whitespace)
        .map_or("", |(_, rest)| rest);
    while let Some((before, after)) = rest.split_once("=\"") {
        let name = before.split_whitespace().last().unwrap_or_default();
        let (value, after) = after.split_once('"').unwrap_or((after, ""));
        found.push((name.to_ascii_lowercase(), value.to_owned()));
        rest = after;
    }
    found
}

fn check_headers(path: &str, answer: &Answer) {
    let policy = answer.header("content-security-policy").unwrap_or_default();
    let expected = if path.starts_with("/icons/") {
        ["default-src 'none'", "sandbox"].as_slice()
    } else {
        &[
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    };
    for part in expected {
        assert!(policy.contains(part), "{path}: {policy}");
    }
    let field = |name| answer.header(name);
    assert_eq!(field("x-content-type-options"), Some("nosniff"), "{path}");
    assert_eq!(field("referrer-policy"), Some("same-origin"), "{path}");
}

/// Checks a page and gives the addresses on this server that it leads to.
fn check_page(path: &str, answer: &Answer) -> Vec<String> {
    let mut leads = Vec::new();
    for tag in tags(&answer.text()) {
        let script = tag.starts_with("script");
        assert!(!script || tag.contains("src=\"/assets/"), "{path}: <{tag}>");
        assert!(!tag.starts_with("style"), "{path}: <{tag}>");
        for (name, value) in attributes(&tag) {
            assert!(name != "style", "{path}: <{tag}>");
            assert!(!name.starts_with("on"), "{path}: <{tag}>");
            if !["href", "src", "action", "formaction", "data-src"].contains(&name.as_str()) {
                continue;
            }
            let scheme = value.trim().to_ascii_lowercase();
            for forbidden in ["javascript:", "data:", "vbscript:"] {
                assert!(!scheme.starts_with(forbidden), "{path}: <{tag}>");
            }
            if value.starts_with('/') && !value.starts_with("//") && !name.contains("action") {
                let address = value.replace("&amp;", "&").replace("&#38;", "&");
                leads.push(address.split('#').next().unwrap_or_default().to_owned());
            }
        }
    }
    leads
}

#[tokio::test]
async fn no_page_carries_script_or_style_and_all_have_their_headers() {
    let hostile = TestListing::new("Hostile", "127.0.0.1:9/hostile:1.0")
        .with("description", json!(HOSTILE))
        .with("categories", json!([HOSTILE]))
        .with(
            "run_config",
            json!({"privileged": true, "environment": {"A": HOSTILE}}),
        );
    let mut registry = TestRegistry::new("Harbour", [hostile]);
    registry
        .listings
        .push(TestListing::new(HOSTILE, "127.0.0.1:9/other:1.0"));
    let fixture = with_registry(registry).await;
    let id = listing(&fixture.client, "Hostile").await;
    let installed = fixture
        .client
        .post("/api/v1/workspaces", json!({"listing": id}))
        .await;
    let workspace = installed.expect(StatusCode::ACCEPTED).json();
    let session = fixture.server.sign_in().await;
    let session = session.with(header::ACCEPT, "text/html");

    let workspace = format!("/workspaces/{}", workspace["id"].as_str().unwrap());
    let mut open: VecDeque<String> = [
        "/",
        "/sign-in",
        "/sign-in/link",
        "/password",
        "/registries/new",
        "/nothing",
        "/registries/00000000-0000-0000-0000-000000000000",
        "/?search=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
        "/?page=0",
        &format!("{workspace}/edit"),
        &format!("{workspace}/uninstall"),
        &format!("/listings/{id}"),
        &format!("/listings/{id}/review"),
        &format!("/listings/{id}/edit"),
    ]
    .map(str::to_owned)
    .into();
    let mut seen: BTreeSet<String> = open.iter().cloned().collect();
    let mut pages = 0;
    while let Some(path) = open.pop_front() {
        let answer = session.get(&path).await;
        check_headers(&path, &answer);
        assert!(
            !answer.status.is_server_error(),
            "{path}: {}",
            answer.text()
        );
        let kind = answer.header(header::CONTENT_TYPE).unwrap_or_default();
        if !kind.starts_with("text/html") {
            continue;
        }
        pages += 1;
        let is_error = answer.status.is_client_error();
        let navigation = answer.text().contains("<nav");
        assert!(
            !is_error || navigation,
            "{path}: who is signed in can go on"
        );
        for lead in check_page(&path, &answer) {
            if seen.insert(lead.clone()) {
                open.push_back(lead);
            }
        }
        assert!(seen.len() < 500, "the pages have no end: {seen:?}");
    }
    assert!(pages >= 15, "{seen:?}");
    let assets = seen.iter().filter(|path| path.starts_with("/assets/"));
    assert!(assets.count() >= 2, "{seen:?}");
}
