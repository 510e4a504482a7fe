//! Redirects: each hop is guarded, counted, and loses what it must not carry.

use crate::server::{Reply, Server};
use http::{HeaderValue, Method, header};
use outbound::{Authorization, Client, ClientConfig, FetchError, Reach, Refusal, Request};

fn client() -> Client {
    outbound::install_crypto_provider();
    Client::new(ClientConfig::default()).unwrap()
}

fn basic() -> Authorization {
    Authorization::Basic {
        username: "ann".to_owned(),
        password: "secret".into(),
    }
}

#[tokio::test]
async fn relative_and_absolute_redirects_are_followed() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/a/b" => Reply::redirect("../c"),
        "/c" => Reply::redirect("/d?x=1"),
        _ => Reply::ok("end"),
    })
    .await;
    let fetched = client()
        .fetch(Request::get(server.url("/a/b"), Reach::Typed))
        .await
        .unwrap();
    assert_eq!(fetched.body, "end");
    assert_eq!(fetched.final_url, server.url("/d?x=1"));
}

#[tokio::test]
async fn a_circle_ends_after_the_allowed_number() {
    let server =
        Server::start(|asked| Reply::redirect(if asked.path == "/a" { "/b" } else { "/a" })).await;
    let error = client()
        .fetch(Request::get(server.url("/a"), Reach::Typed))
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        FetchError::TooManyRedirects { limit: 5, .. }
    ));
    assert_eq!(server.asked().len(), 6);
}

#[tokio::test]
async fn a_redirect_that_is_not_followed_is_the_answer() {
    let server = Server::start(|_| Reply::redirect("/elsewhere")).await;
    let unfollowed = Request::get(server.url("/"), Reach::Typed).redirects(0);
    assert_eq!(client().fetch(unfollowed).await.unwrap().status, 302);
    let post = Request::new(Method::POST, server.url("/"), Reach::Typed).body("x");
    assert_eq!(client().fetch(post).await.unwrap().status, 302);
}

#[tokio::test]
async fn redirects_to_nowhere_are_errors() {
    for location in [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "mailto:x",
    ] {
        let server = Server::start(move |_| Reply::redirect(location)).await;
        let error = client()
            .fetch(Request::get(server.url("/"), Reach::Typed))
            .await
            .unwrap_err();
        assert!(
            matches!(error, FetchError::BadRedirect { .. }),
            "{location}"
        );
    }
    let server = Server::start(|_| Reply::new(301, "no location")).await;
    let error = client()
        .fetch(Request::get(server.url("/"), Reach::Typed))
        .await
        .unwrap_err();
    assert!(matches!(error, FetchError::BadRedirect { .. }));
}

#[tokio::test]
async fn metadata_is_not_reached_by_a_redirect_even_from_a_private_address() {
    for location in [
        "http://169.254.169.254/latest/meta-data/",
        "http://0xa9fea9fe/",
        "http://[::ffff:169.254.169.254]/",
    ] {
        let server = Server::start(move |_| Reply::redirect(location)).await;
        let error = client()
            .fetch(Request::get(server.url("/"), Reach::Typed))
            .await
            .unwrap_err();
        let FetchError::Address { refusal, .. } = error else {
            panic!("{location}: {error}");
        };
        assert!(matches!(refusal, Refusal::Never(_)));
    }
}

#[tokio::test]
async fn credentials_stay_on_their_origin() {
    let other = Server::start(|_| Reply::ok("elsewhere")).await;
    let elsewhere = other.url("/");
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/own" => Reply::redirect("/end"),
        "/other" => Reply::redirect(&elsewhere),
        _ => Reply::ok("own"),
    })
    .await;
    let client = client();

    let own = Request::get(server.url("/own"), Reach::Typed).authorization(Some(basic()));
    assert_eq!(client.fetch(own).await.unwrap().body, "own");
    for asked in server.asked() {
        assert_eq!(
            asked.header("authorization"),
            Some("Basic YW5uOnNlY3JldA==")
        );
    }

    let away = Request::get(server.url("/other"), Reach::Typed)
        .authorization(Some(basic()))
        .header(header::COOKIE, HeaderValue::from_static("a=b"));
    assert_eq!(client.fetch(away).await.unwrap().body, "elsewhere");
    assert_eq!(other.asked()[0].header("authorization"), None);
    assert_eq!(other.asked()[0].header("cookie"), None);
}

#[tokio::test]
async fn credentials_do_not_come_back_with_a_way_back() {
    let (sender, receiver) = std::sync::mpsc::channel::<String>();
    let receiver = std::sync::Mutex::new(receiver);
    let other =
        Server::start(move |_| Reply::redirect(receiver.lock().unwrap().recv().unwrap())).await;
    let elsewhere = other.url("/");
    let server = Server::start(move |asked| match asked.path.as_str() {
        "/start" => Reply::redirect(&elsewhere),
        _ => Reply::ok("back"),
    })
    .await;
    sender.send(server.url("/back").into()).unwrap();
    let request = Request::get(server.url("/start"), Reach::Typed).authorization(Some(basic()));
    assert_eq!(client().fetch(request).await.unwrap().body, "back");
    let asked = server.asked();
    assert!(asked[0].header("authorization").is_some());
    assert_eq!(asked[1].header("authorization"), None);
}

#[tokio::test]
async fn a_user_name_in_a_redirect_is_not_sent() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/start" => {
            let host = asked.header("host").unwrap_or_default();
            Reply::redirect(format!("http://ann:secret@{host}/end"))
        }
        _ => Reply::ok("end"),
    })
    .await;
    let fetched = client()
        .fetch(Request::get(server.url("/start"), Reach::Typed))
        .await
        .unwrap();
    assert_eq!(fetched.final_url, server.url("/end"));
    assert_eq!(server.asked()[1].header("authorization"), None);
}

#[tokio::test]
async fn credentials_never_travel_over_http_to_another_machine() {
    for url in ["http://registry.example/", "http://10.0.0.1/"] {
        let request = Request::get(url.parse().unwrap(), Reach::Typed).authorization(Some(basic()));
        let error = client().fetch(request).await.unwrap_err();
        assert!(
            matches!(error, FetchError::CredentialsOverHttp { .. }),
            "{url}"
        );
    }
    let request = Request::get("http://registry.example/".parse().unwrap(), Reach::Typed)
        .header(header::AUTHORIZATION, HeaderValue::from_static("Bearer x"));
    let error = client().fetch(request).await.unwrap_err();
    assert!(matches!(error, FetchError::CredentialsOverHttp { .. }));
}
