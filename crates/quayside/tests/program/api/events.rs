use http::{HeaderName, StatusCode};
use outbound::Streaming;
use serde_json::{Value, json};
use testkit::{TestRegistry, TestSite};

use super::{server, with_registry};

/// Reads a stream up to the first event that is wanted, and gives all read.
pub(super) async fn read_until(
    stream: &mut Streaming,
    wanted: impl Fn(&Value) -> bool,
) -> Vec<Value> {
    let mut text = String::new();
    let mut events = Vec::new();
    loop {
        let chunk = tokio::time::timeout(testkit::DEADLINE, stream.chunk()).await;
        let chunk = chunk
            .expect("an event in time")
            .unwrap()
            .expect("the stream goes on");
        text.push_str(&String::from_utf8_lossy(&chunk));
        while let Some((event, rest)) = text.split_once("\n\n") {
            let data = event.lines().find_map(|line| line.strip_prefix("data: "));
            if let Some(data) = data {
                events.push(serde_json::from_str::<Value>(data).unwrap());
            }
            text = rest.to_owned();
            if events.last().is_some_and(&wanted) {
                return events;
            }
        }
    }
}

fn is(kind: &'static str) -> impl Fn(&Value) -> bool {
    move |event| event["kind"] == kind
}

#[tokio::test]
async fn what_happens_is_told_in_numbered_events() {
    let server = server().await;
    let client = server.with_token("write");
    let mut stream = client.open("/api/v1/events").await;
    assert_eq!(stream.status, StatusCode::OK);
    let site = TestSite::files(TestRegistry::numbered("Harbour", 2).files()).await;
    client
        .post("/api/v1/registries", json!({"url": site.url()}))
        .await;
    let events = read_until(&mut stream, is("catalogue")).await;
    let numbers: Vec<u64> = events
        .iter()
        .map(|event| event["id"].as_u64().unwrap())
        .collect();
    assert!(numbers.is_sorted_by(|one, two| one < two), "{numbers:?}");
}

#[tokio::test]
async fn a_stream_goes_on_after_the_last_event_that_was_heard() {
    let fixture = with_registry(TestRegistry::numbered("Harbour", 1)).await;
    let client = &fixture.client;
    let mut stream = client.open("/api/v1/events").await;
    let path = format!(
        "/api/v1/registries/{}",
        fixture.registry["id"].as_str().unwrap()
    );
    let change = json!({"automatic_updates": false});
    client
        .send(http::Method::PATCH, &path, Some(change.clone()))
        .await;
    let heard = read_until(&mut stream, is("registry")).await;
    let last = heard.last().unwrap()["id"].as_u64().unwrap();
    drop(stream);
    client.send(http::Method::PATCH, &path, Some(change)).await;

    let name = HeaderName::from_static("last-event-id");
    let again = client.clone().with(name, &last.to_string());
    let mut stream = again.open("/api/v1/events").await;
    let missed = read_until(&mut stream, is("registry")).await;
    assert!(missed[0]["id"].as_u64().unwrap() > last, "{missed:?}");
    // A tab that takes over cannot set the header.
    let mut stream = client
        .open(&format!("/api/v1/events?last_event_id={last}"))
        .await;
    assert_eq!(read_until(&mut stream, is("registry")).await, missed);
}

#[tokio::test]
async fn who_missed_too_much_is_told_to_read_anew() {
    let server = server().await;
    let client = server.with_token("read");
    for last in ["1", "99999999999999"] {
        let mut stream = client
            .open(&format!("/api/v1/events?last_event_id={last}"))
            .await;
        let events = read_until(&mut stream, |_| true).await;
        assert_eq!(events[0]["kind"], "resync");
    }
}

#[tokio::test]
async fn the_end_of_the_server_ends_the_stream() {
    let mut server = server().await;
    let client = server.with_token("read");
    let mut stream = client.open("/api/v1/events").await;
    let status = server.process().terminate().await;
    assert!(status.success(), "{status}");
    while let Ok(Some(_)) = stream.chunk().await {}
}
