use axum::body::Body;
use http::{Request, StatusCode, header};

use crate::bench::Bench;

async fn status(bench: &Bench, hosts: &[&str]) -> StatusCode {
    let request = hosts
        .iter()
        .fold(Request::get("/sign-in"), |request, host| {
            request.header(header::HOST, *host)
        });
    bench
        .send(request.body(Body::empty()).unwrap())
        .await
        .status
}

#[tokio::test]
async fn only_the_public_name_is_answered_and_only_if_it_is_the_only_one() {
    let bench = Bench::new().await;
    for (hosts, expected) in [
        (["localhost"].as_slice(), StatusCode::OK),
        (&["127.0.0.1"], StatusCode::OK),
        (&["localhost:81"], StatusCode::MISDIRECTED_REQUEST),
        (&["rebound.example"], StatusCode::MISDIRECTED_REQUEST),
        (
            &["localhost@rebound.example"],
            StatusCode::MISDIRECTED_REQUEST,
        ),
        (&[""], StatusCode::MISDIRECTED_REQUEST),
        (
            &["localhost", "rebound.example"],
            StatusCode::MISDIRECTED_REQUEST,
        ),
        (
            &["rebound.example", "localhost"],
            StatusCode::MISDIRECTED_REQUEST,
        ),
    ] {
        assert_eq!(status(&bench, hosts).await, expected, "{hosts:?}");
    }
    bench.end().await;
}
