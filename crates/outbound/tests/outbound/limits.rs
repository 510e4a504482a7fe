//! What a hostile or broken server can do to a client: cost a bounded time and memory.

use std::{io::Write as _, time::Duration};

use crate::server::{Reply, Server};
use flate2::{Compression, write::GzEncoder};
use outbound::{Client, ClientConfig, FetchError, Reach, Request};

/// Long enough for loopback, short enough to wait for.
const SHORT: Duration = Duration::from_millis(200);

fn client() -> Client {
    outbound::install_crypto_provider();
    Client::new(ClientConfig::default()).unwrap()
}

fn get(server: &Server, path: &str) -> Request {
    Request::get(server.url(path), Reach::Typed)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn an_answer_is_received_with_where_it_came_from() {
    let server = Server::start(|_| Reply::ok("hello").header("ETag", "\"1\"")).await;
    let fetched = client().fetch(get(&server, "/a?b=c#d")).await.unwrap();
    assert_eq!(fetched.status, 200);
    assert_eq!(fetched.body, "hello");
    assert_eq!(fetched.wire_bytes, 5);
    assert_eq!(fetched.header(&http::header::ETAG), Some("\"1\""));
    assert_eq!(fetched.final_url, server.url("/a?b=c"));
    assert!(!fetched.from_public);
}

#[tokio::test]
async fn a_compressed_answer_is_decoded_and_counted() {
    let text = "listing ".repeat(1000);
    let body = gzip(text.as_bytes());
    let length = body.len() as u64;
    let server =
        Server::start(move |_| Reply::ok(body.clone()).header("Content-Encoding", "gzip")).await;
    let fetched = client()
        .fetch(get(&server, "/").accept_gzip())
        .await
        .unwrap();
    assert_eq!(fetched.body, text);
    assert_eq!(fetched.wire_bytes, length);
    assert_eq!(server.asked()[0].header("accept-encoding"), Some("gzip"));
}

#[tokio::test]
async fn a_bomb_is_refused_by_what_it_decodes_to() {
    let bomb = gzip(&vec![0; 20 * 1024 * 1024]);
    assert!(bomb.len() < 100 * 1024);
    let server =
        Server::start(move |_| Reply::ok(bomb.clone()).header("Content-Encoding", "gzip")).await;
    let result = client()
        .fetch(get(&server, "/").accept_gzip().body_limit(1024 * 1024))
        .await;
    let error = result.unwrap_err();
    assert!(matches!(
        error,
        FetchError::TooLarge {
            limit: 1_048_576,
            ..
        }
    ));
    assert_eq!(
        error.to_string(),
        format!(
            "the answer of `127.0.0.1:{}` is larger than 1048576 bytes",
            server.port()
        )
    );
}

#[tokio::test]
async fn a_damaged_or_unknown_compression_is_told() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/damaged" => Reply::ok("not gzip").header("Content-Encoding", "gzip"),
        _ => Reply::ok("?").header("Content-Encoding", "br"),
    })
    .await;
    let damaged = client().fetch(get(&server, "/damaged")).await.unwrap_err();
    assert!(matches!(damaged, FetchError::BrokenTransfer { .. }));
    let unknown = client().fetch(get(&server, "/unknown")).await.unwrap_err();
    assert!(matches!(unknown, FetchError::UnknownEncoding { encoding, .. } if encoding == "br"));
}

#[tokio::test]
async fn an_endless_answer_ends_at_the_limit() {
    let server = Server::start(|_| Reply::ok(vec![b'x'; 64 * 1024]).endless()).await;
    let request = get(&server, "/").body_limit(300_000);
    let error = client().fetch(request.clone()).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLarge { limit: 300_000, .. }));

    let mut streaming = client().open(request).await.unwrap();
    let mut received = 0;
    let error = loop {
        match streaming.chunk().await {
            Ok(chunk) => received += chunk.expect("it never ends").len(),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, FetchError::TooLarge { .. }));
    assert!(received <= 300_000);
    assert!(matches!(streaming.chunk().await, Ok(None)));
}

#[tokio::test]
async fn a_length_beyond_the_limit_is_refused_before_the_body() {
    let server = Server::start(|_| Reply::ok("x").silent()).await;
    let error = client()
        .fetch(get(&server, "/").body_limit(100))
        .await
        .unwrap_err();
    assert!(matches!(error, FetchError::TooLarge { limit: 100, .. }));
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/header" => Reply::mute(),
        _ => Reply::ok("some of it").silent(),
    })
    .await;
    for path in ["/header", "/body"] {
        let error = client()
            .fetch(get(&server, path).deadline(SHORT))
            .await
            .unwrap_err();
        assert!(matches!(error, FetchError::TimedOut { .. }), "{path}");
    }
    let error = client()
        .open(get(&server, "/header").deadline(SHORT))
        .await
        .unwrap_err();
    assert!(matches!(error, FetchError::TimedOut { .. }));
}

#[tokio::test]
async fn a_stream_ends_after_its_idle_time() {
    let server = Server::start(|_| Reply::ok("some of it").silent()).await;
    let mut streaming = client().open(get(&server, "/").idle(SHORT)).await.unwrap();
    let chunk = streaming.chunk().await.unwrap();
    assert_eq!(chunk.as_deref(), Some(&b"some of it"[..]));
    let error = streaming.chunk().await.unwrap_err();
    assert!(matches!(error, FetchError::TimedOut { .. }));
}

#[tokio::test]
async fn a_cut_answer_is_told_from_a_whole_one() {
    let server = Server::start(|_| Reply::ok("some of it").cut()).await;
    let error = client().fetch(get(&server, "/")).await.unwrap_err();
    assert!(matches!(error, FetchError::BrokenTransfer { .. }));
    assert!(!error.is_connect());

    let mut streaming = client().open(get(&server, "/")).await.unwrap();
    assert!(streaming.chunk().await.unwrap().is_some());
    let error = streaming.chunk().await.unwrap_err();
    assert!(matches!(error, FetchError::BrokenTransfer { .. }));
}

#[tokio::test]
async fn a_range_is_asked_for_to_resume() {
    let server = Server::start(|asked| match asked.header("range") {
        Some("bytes=4-") => Reply::new(206, "efgh").header("Content-Range", "bytes 4-7/8"),
        _ => Reply::ok("abcdefgh"),
    })
    .await;
    let mut streaming = client()
        .open(get(&server, "/").range_from(4))
        .await
        .unwrap();
    assert_eq!(streaming.status, 206);
    let chunk = streaming.chunk().await.unwrap();
    assert_eq!(chunk.as_deref(), Some(&b"efgh"[..]));
    assert!(streaming.chunk().await.unwrap().is_none());
    let asked = server.asked();
    assert_eq!(asked[0].header("accept-encoding"), Some("identity"));
}

#[tokio::test]
async fn a_body_is_sent() {
    let server = Server::start(|asked| Reply::new(201, asked.body.clone())).await;
    let request = Request::new(http::Method::PUT, server.url("/observed"), Reach::Typed)
        .header(
            http::header::CONTENT_TYPE,
            http::HeaderValue::from_static("application/json"),
        )
        .body("{\"images\":[]}");
    let fetched = client().fetch(request).await.unwrap();
    assert_eq!(fetched.status, 201);
    assert_eq!(fetched.body, "{\"images\":[]}");
    assert_eq!(server.asked()[0].method, "PUT");
    assert_eq!(
        server.asked()[0].header("content-type"),
        Some("application/json")
    );
}

#[tokio::test]
async fn connections_are_used_again() {
    let server = Server::start(|_| Reply::ok("x")).await;
    let client = client();
    for _ in 0..5 {
        client.fetch(get(&server, "/")).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn what_is_not_there_is_told_with_its_host() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("http://127.0.0.1:{port}/").parse().unwrap();
    let error = client()
        .fetch(Request::get(url, Reach::Typed))
        .await
        .unwrap_err();
    assert!(error.is_connect());
    assert_eq!(
        error.to_string(),
        format!("`127.0.0.1:{port}` refused the connection")
    );

    let url = "ftp://user:secret@files.example/x?token=1".parse().unwrap();
    let error = client()
        .fetch(Request::get(url, Reach::Typed))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`ftp://files.example/x` is no http or https address"
    );
}

#[tokio::test]
async fn what_is_not_http_is_told() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let greeting = tokio::spawn(async move {
        use tokio::io::AsyncWriteExt as _;
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"220 mail.example ESMTP\r\n")
            .await
            .unwrap();
        stream
    });
    let error = client()
        .fetch(Request::get(url.parse().unwrap(), Reach::Typed))
        .await
        .unwrap_err();
    assert!(matches!(error, FetchError::NotUnderstood { .. }), "{error}");
    greeting.await.unwrap();
}
