//! The way to a server over HTTP.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use agent::{Connection, HttpConnection};
use bytes::Bytes;
use http::{Request, StatusCode};
use outbound::{Client, ClientConfig};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

/// Answers one request with that, and tells what it was.
async fn exchange(
    path: &str,
    answer: &str,
    request: Request<Bytes>,
) -> (String, StatusCode, Bytes) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = receive(&listener, answer);
    let connection = connect(&format!("http://{address}{path}")).unwrap();
    let (received, answered) = tokio::join!(server, connection.send(request));
    let answered = answered.unwrap();
    (received, answered.status(), answered.into_body())
}

/// Receives a request, answers that, and tells what it was.
async fn receive(listener: &TcpListener, answer: &str) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut received = Vec::new();
    while !received.ends_with(b"the body") {
        let mut piece = [0; 1024];
        let length = stream.read(&mut piece).await.unwrap();
        assert_ne!(length, 0);
        received.extend_from_slice(&piece[..length]);
    }
    stream.write_all(answer.as_bytes()).await.unwrap();
    String::from_utf8(received).unwrap()
}

fn connect(server: &str) -> Option<HttpConnection> {
    outbound::install_crypto_provider();
    let client = Client::new(ClientConfig::default()).unwrap();
    let token = SecretString::from("the-token");
    HttpConnection::new(client, Url::parse(server).unwrap(), token, || {
        Some(SecretString::from("a-new-token"))
    })
    .ok()
}

fn report() -> Request<Bytes> {
    Request::post("/api/agent/v1/progress?x=1")
        .header("content-type", "application/json")
        .body(Bytes::from_static(b"the body"))
        .unwrap()
}

#[tokio::test]
async fn a_request_goes_below_the_path_of_the_server_with_the_token() {
    let answer = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nwait";
    let (received, status, body) = exchange("/quayside/", answer, report()).await;
    let first = received.lines().next().unwrap();
    assert_eq!(first, "POST /quayside/api/agent/v1/progress?x=1 HTTP/1.1");
    assert!(
        received.contains("authorization: Bearer the-token\r\n"),
        "{received}"
    );
    assert!(
        received.contains("content-type: application/json\r\n"),
        "{received}"
    );
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(body, "wait");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
    let (_, status, _) = exchange("", answer, report()).await;
    assert_eq!(status, StatusCode::FOUND);
}

#[tokio::test]
async fn a_token_that_is_refused_is_read_anew() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connection = connect(&format!("http://{address}/")).unwrap();
    for token in ["the-token", "a-new-token"] {
        let answer = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let server = receive(&listener, answer);
        let (received, _) = tokio::join!(server, connection.send(report()));
        let expected = format!("authorization: Bearer {token}\r\n");
        assert!(received.contains(&expected), "{received}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_named() {
    let connection = connect("http://127.0.0.1:1").unwrap();
    let error = connection.send(report()).await.unwrap_err();
    assert!(error.reason.contains("127.0.0.1:1"), "{}", error.reason);
}

#[test]
fn only_addresses_of_servers_are_taken() {
    assert!(connect("https://quayside.test/below").is_some());
    for address in [
        "ftp://quayside.test",
        "http://quayside.test/?a=b",
        "http://quayside.test/#a",
    ] {
        assert!(connect(address).is_none(), "{address}");
    }
}
