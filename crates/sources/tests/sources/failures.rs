//! Each way to fail, with the step, the cause and what to try.

use std::{io::Write as _, time::Duration};

use flate2::{Compression, write::GzEncoder};
use sources::{
    Credentials, FailureCause, Outcome, ReadFailure, ReadRequest, RegistryAddress, Step,
};

use crate::{
    server::{Reply, Server},
    site::{list, read, request, site},
};

async fn failure(request: &ReadRequest) -> ReadFailure {
    let (result, steps) = read(request).await;
    let failure = result.unwrap_err();
    let last = steps.last().unwrap();
    assert_eq!(last.outcome, Outcome::Failed);
    assert_eq!(last.step, failure.step);
    assert_eq!(last.detail, failure.detail);
    assert!(steps.is_sorted_by_key(|step| step.step), "{steps:?}");
    failure
}

/// A site whose list is always this.
async fn with_list(reply: Reply) -> ReadFailure {
    let server = site([("/1.1/list.json", reply)]).await;
    failure(&request(&server, "/")).await
}

/// A site that answers everything alike.
async fn always(reply: Reply) -> ReadFailure {
    let server = Server::start(move |_| reply.clone()).await;
    failure(&request(&server, "/")).await
}

#[tokio::test]
async fn nothing_there_is_told_with_the_places() {
    let failure = always(Reply::new(404, "not found")).await;
    assert_eq!(failure.step, Step::List);
    assert_eq!(failure.cause, FailureCause::NotFound);
    assert_eq!(
        failure.detail,
        "there is no list: `1.1/list.json`, `1.0/list.json`, `list.json` are missing"
    );
    assert!(failure.hint.unwrap().contains("versions.txt"));
}

#[tokio::test]
async fn a_web_page_in_the_place_of_everything_is_told() {
    let failure = always(Reply::ok("<!DOCTYPE html><html></html>")).await;
    assert_eq!(failure.step, Step::List);
    assert_eq!(failure.cause, FailureCause::WebPage);
    assert_eq!(
        failure.detail,
        "`1.1/list.json` is a web page, not a list of workspaces"
    );
}

#[tokio::test]
async fn lists_that_are_none_are_told_by_what_they_are() {
    for (body, step, detail) in [
        ("", Step::List, "`1.1/list.json` is empty"),
        (" \n", Step::List, "`1.1/list.json` is empty"),
        (
            "[1]",
            Step::Schema,
            "`1.1/list.json` is not a list of workspaces: it is no object",
        ),
        (
            "{\"name\":\"x\"}",
            Step::Schema,
            "`1.1/list.json` is not a list of workspaces: it has no `workspaces`",
        ),
        (
            "{\"workspaces\":[{]}",
            Step::Schema,
            "`1.1/list.json` is not JSON at line 1",
        ),
    ] {
        let failure = with_list(Reply::ok(body)).await;
        assert_eq!(failure.cause, FailureCause::NotAList, "{body}");
        assert_eq!(failure.step, step, "{body}");
        assert!(failure.detail.starts_with(detail), "{}", failure.detail);
        assert!(failure.hint.is_some(), "{body}");
    }
}

#[tokio::test]
async fn a_registry_behind_a_password_says_so() {
    let server = Server::start(|_| Reply::new(401, "")).await;
    let mut request = request(&server, "/");
    let refused = failure(&request).await;
    assert_eq!(refused.cause, FailureCause::Denied);
    assert_eq!(
        refused.detail,
        "`127.0.0.1` asks for a user name and password"
    );
    request.credentials = Some(Credentials {
        username: "ann".to_owned(),
        password: "wrong".into(),
    });
    let refused = failure(&request).await;
    assert_eq!(
        refused.detail,
        "`127.0.0.1` refuses the user name and password"
    );

    let forbidden = always(Reply::new(403, "")).await;
    assert_eq!(forbidden.cause, FailureCause::Denied);
    assert_eq!(forbidden.step, Step::List);
}

#[tokio::test]
async fn a_busy_server_is_given_the_time_it_asks_for() {
    let busy = always(Reply::new(429, "").header("Retry-After", "90")).await;
    assert_eq!(busy.cause, FailureCause::RateLimited);
    assert_eq!(busy.retry_after, Some(Duration::from_secs(90)));
    let down = always(Reply::new(503, "").header("Retry-After", "30")).await;
    assert_eq!(down.cause, FailureCause::ServerFailed);
    assert_eq!(down.retry_after, Some(Duration::from_secs(30)));
    assert_eq!(down.detail, "`127.0.0.1` failed with status 503");
}

#[tokio::test]
async fn a_hiccup_does_not_put_an_older_folder_in_the_place_of_a_newer() {
    let server = site([
        ("/1.1/list.json", Reply::new(502, "")),
        ("/1.0/list.json", list(&["old"])),
    ])
    .await;
    let failed = failure(&request(&server, "/")).await;
    assert_eq!(failed.cause, FailureCause::ServerFailed);
    assert_eq!(failed.step, Step::List);

    let cut = with_list(Reply::ok("{\"workspaces\":[").cut()).await;
    assert_eq!(cut.cause, FailureCause::BrokenTransfer);
}

#[tokio::test]
async fn a_list_that_unpacks_to_too_much_is_refused() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&vec![b' '; 33 * 1024 * 1024]).unwrap();
    let bomb = encoder.finish().unwrap();
    let failure = with_list(Reply::ok(bomb).header("Content-Encoding", "gzip")).await;
    assert_eq!(failure.cause, FailureCause::TooLarge);
    assert_eq!(failure.step, Step::List);
}

#[tokio::test]
async fn a_slow_registry_costs_the_time_in_all_and_no_more() {
    let server = site([("/1.1/list.json", Reply::ok("{").silent())]).await;
    let mut request = request(&server, "/");
    request.deadline = Duration::from_millis(300);
    let slow = failure(&request).await;
    assert_eq!(slow.cause, FailureCause::TimedOut);
    assert_eq!(slow.step, Step::List);

    let mute = Server::start(|_| Reply::mute()).await;
    let address = RegistryAddress::parse(mute.url("/").as_str()).unwrap();
    let mut request = ReadRequest::new(address);
    request.deadline = Duration::from_millis(200);
    assert_eq!(failure(&request).await.step, Step::Connection);
}

#[tokio::test]
async fn redirects_without_end_are_told() {
    let server = Server::start(|asked| Reply::redirect(format!("{}x", asked.path))).await;
    let failure = failure(&request(&server, "/")).await;
    assert_eq!(failure.cause, FailureCause::Redirects);
    assert_eq!(failure.step, Step::Versions);
}

#[tokio::test]
async fn hosts_that_do_not_answer_are_told() {
    for host in ["127.0.0.1", "[::1]", "localhost"] {
        for scheme in ["http", "https"] {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            drop(listener);
            let url = format!("{scheme}://{host}:{port}/");
            let (outcome, steps) =
                read(&ReadRequest::new(RegistryAddress::parse(&url).unwrap())).await;
            let failure = outcome.unwrap_err();
            assert_eq!(failure.step, Step::Connection, "{url}");
            assert_eq!(failure.cause, FailureCause::NotConnected, "{url}");
            assert!(failure.detail.ends_with("refused the connection"), "{url}");
            let passed: Vec<Step> = steps.iter().rev().skip(1).map(|step| step.step).collect();
            let name = (host == "localhost").then_some(Step::Dns);
            assert!(
                passed
                    .into_iter()
                    .rev()
                    .eq([Step::Address].into_iter().chain(name)),
                "{url}: {steps:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_told() {
    let address = RegistryAddress::parse("http://nowhere.invalid/").unwrap();
    let failure = failure(&ReadRequest::new(address)).await;
    assert_eq!(failure.step, Step::Dns);
    assert_eq!(failure.cause, FailureCause::NameNotResolved);
}

#[tokio::test]
async fn plain_http_behind_an_https_address_is_told() {
    let server = site([("/1.1/list.json", list(&["a"]))]).await;
    let url = format!("https://127.0.0.1:{}/", server.port());
    let request = ReadRequest::new(RegistryAddress::parse(&url).unwrap());
    let failure = failure(&request).await;
    assert_eq!(failure.step, Step::Tls);
    assert_eq!(failure.cause, FailureCause::Tls);
    assert!(failure.hint.unwrap().contains("http://"));
}

#[tokio::test]
async fn addresses_that_are_never_asked_fail_at_once() {
    for address in [
        "http://169.254.169.254/",
        "http://2852039166/",
        "http://[fe80::1]/",
        "http://100.100.100.200/1.1/",
    ] {
        let request = ReadRequest::new(RegistryAddress::parse(address).unwrap());
        let failure = failure(&request).await;
        assert_eq!(failure.step, Step::Address, "{address}");
        assert_eq!(failure.cause, FailureCause::AddressRefused, "{address}");
    }
    let mut request = ReadRequest::new(RegistryAddress::parse("http://10.0.0.1/").unwrap());
    request.credentials = Some(Credentials {
        username: "ann".to_owned(),
        password: "secret".into(),
    });
    let failure = failure(&request).await;
    assert_eq!(failure.step, Step::Address);
    assert_eq!(failure.hint.as_deref(), Some("use https"));
}

#[tokio::test]
async fn a_redirect_to_metadata_is_refused() {
    let failure = always(Reply::redirect("http://169.254.169.254/latest/")).await;
    assert_eq!(failure.cause, FailureCause::AddressRefused);
    // The registry's own host did answer.
    assert_eq!(failure.step, Step::Versions);
    // Nobody can allow that address, so nobody is told to.
    let hint = failure.hint.unwrap();
    assert!(!hint.contains("--allow-private-networks"), "{hint}");
}
