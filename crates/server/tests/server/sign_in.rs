use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode, header};
use server::Scope;

use crate::bench::{Bench, cookies};

const PASSWORD: &str = "correct horse battery";

async fn sign_in(bench: &Bench, name: &str, password: &str) -> StatusCode {
    let fields = [("name", name), ("password", password)];
    bench.submit("/sign-in", &fields).await.status
}

async fn home(bench: &Bench, cookies: &str) -> StatusCode {
    let request = Request::get("/api/v1/registries").header(header::COOKIE, cookies);
    bench
        .send(request.body(Body::empty()).unwrap())
        .await
        .status
}

#[tokio::test]
async fn five_failures_close_a_name_for_a_quarter_of_an_hour() {
    let bench = Bench::new().await;
    bench.set_password(PASSWORD).await;
    for name in ["admin", "nobody"] {
        for _ in 0..5 {
            let refused = sign_in(&bench, name, "wrong").await;
            assert_eq!(refused, StatusCode::UNAUTHORIZED, "{name}");
        }
        let closed = sign_in(&bench, name, PASSWORD).await;
        assert_eq!(closed, StatusCode::TOO_MANY_REQUESTS, "{name}");
    }
    // A printed link is never locked.
    let url = &bench.app.config.public_url;
    let link = server::new_sign_in_link(&bench.app.store, url).await;
    let used = bench
        .submit("/sign-in/link", &[("secret", &link.unwrap())])
        .await;
    assert_eq!(used.status, StatusCode::SEE_OTHER);

    bench.app.clock.advance(Duration::from_mins(15));
    let open = sign_in(&bench, "admin", PASSWORD).await;
    assert_eq!(open, StatusCode::SEE_OTHER);
    bench.end().await;
}

#[tokio::test]
async fn a_sign_in_clears_the_failures_of_its_name() {
    let bench = Bench::new().await;
    bench.set_password(PASSWORD).await;
    for _ in 0..2 {
        for _ in 0..4 {
            let refused = sign_in(&bench, "admin", "wrong").await;
            assert_eq!(refused, StatusCode::UNAUTHORIZED);
        }
        let right = sign_in(&bench, "admin", PASSWORD).await;
        assert_eq!(right, StatusCode::SEE_OTHER);
    }
    bench.end().await;
}

#[tokio::test]
async fn twenty_failures_close_an_address() {
    let bench = Bench::new().await;
    bench.set_password(PASSWORD).await;
    for number in 0..20 {
        let refused = sign_in(&bench, &format!("name {number}"), "wrong").await;
        assert_eq!(refused, StatusCode::UNAUTHORIZED, "{number}");
    }
    let closed = sign_in(&bench, "admin", PASSWORD).await;
    assert_eq!(closed, StatusCode::TOO_MANY_REQUESTS);
    bench.end().await;
}

#[tokio::test]
async fn many_guesses_at_once_are_no_more_than_one_after_another() {
    let bench = Bench::new().await;
    bench.set_password(PASSWORD).await;
    let guesses = (0..16).map(|_| sign_in(&bench, "admin", "wrong"));
    let answers = futures_util::future::join_all(guesses).await;
    let looked_at = answers
        .iter()
        .filter(|status| **status == StatusCode::UNAUTHORIZED);
    assert!(looked_at.count() <= 5, "{answers:?}");
    assert!(
        answers.iter().all(
            |status| [StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS].contains(status)
        ),
        "{answers:?}"
    );
    bench.end().await;
}

#[tokio::test]
async fn a_link_works_for_an_hour_and_a_session_for_a_week() {
    let bench = Bench::new().await;
    let url = bench.app.config.public_url.clone();
    let link = async || {
        server::new_sign_in_link(&bench.app.store, &url)
            .await
            .unwrap()
    };
    // The link is made by a command beside the server, whose clock is that of the machine.
    let old = link().await;
    bench.app.clock.advance(Duration::from_mins(61));
    let refused = bench.submit("/sign-in/link", &[("secret", &old)]).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    bench.end().await;

    let bench = Bench::new().await;
    let link = server::new_sign_in_link(&bench.app.store, &url).await;
    let used = bench
        .submit("/sign-in/link", &[("secret", &link.unwrap())])
        .await;
    let cookies = cookies(&used);
    assert_eq!(home(&bench, &cookies).await, StatusCode::OK);
    bench.app.clock.advance(Duration::from_hours(7 * 24 + 1));
    assert_eq!(home(&bench, &cookies).await, StatusCode::UNAUTHORIZED);
    bench.end().await;
}

#[tokio::test]
async fn a_token_is_no_cookie_and_a_cookie_no_token() {
    let bench = Bench::new().await;
    let token = bench.token(Scope::Read).await;
    assert_eq!(
        home(&bench, &format!("quayside={token}")).await,
        StatusCode::UNAUTHORIZED
    );
    let page = bench.get("/workspaces", &token).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "pages are for people");
    bench.end().await;
}
