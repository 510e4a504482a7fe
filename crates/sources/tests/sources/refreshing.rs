//! Reading a registry again.

use sources::{Credentials, ReadOutcome, Validators};

use crate::{
    server::{Reply, Server},
    site::{client, list, names, read, read_copy, read_with, request, site},
};

/// A list that knows whether it has changed.
async fn changing(etag: &'static str) -> Server {
    Server::start(move |asked| match asked.path.as_str() {
        "/1.0/list.json" if asked.header("if-none-match") == Some(etag) => Reply::new(304, ""),
        "/1.0/list.json" => list(&["a"])
            .header("ETag", etag)
            .header("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT"),
        _ => Reply::new(404, ""),
    })
    .await
}

#[tokio::test]
async fn an_unchanged_list_is_not_sent_again() {
    let server = changing("W/\"7\"").await;
    let mut request = request(&server, "/");
    let copy = read_copy(&request).await;
    assert_eq!(
        copy.validators,
        Validators {
            folder: "1.0".to_owned(),
            etag: Some("W/\"7\"".to_owned()),
            last_modified: Some("Wed, 21 Oct 2015 07:28:00 GMT".to_owned()),
        }
    );
    request.conditional = Some(copy.validators);
    let (outcome, _) = read(&request).await;
    assert!(matches!(outcome, Ok(ReadOutcome::NotModified)));
    let asked = server.asked();
    let newer = asked.iter().rfind(|asked| asked.path == "/1.1/list.json");
    assert_eq!(newer.unwrap().header("if-none-match"), None);
}

#[tokio::test]
async fn a_changed_list_is_read() {
    let server = changing("\"new\"").await;
    let mut request = request(&server, "/");
    request.conditional = Some(Validators {
        folder: "1.0".to_owned(),
        etag: Some("\"old\"".to_owned()),
        last_modified: None,
    });
    let copy = read_copy(&request).await;
    assert_eq!(copy.validators.etag.as_deref(), Some("\"new\""));
}

#[tokio::test]
async fn a_newer_folder_is_seen_although_the_older_has_not_changed() {
    let server = site([
        ("/1.1/list.json", list(&["new"])),
        ("/1.0/list.json", Reply::new(304, "")),
    ])
    .await;
    let mut request = request(&server, "/");
    request.conditional = Some(Validators {
        folder: "1.0".to_owned(),
        etag: Some("\"x\"".to_owned()),
        last_modified: None,
    });
    assert_eq!(names(&read_copy(&request).await), ["new"]);
}

#[tokio::test]
async fn credentials_go_to_the_registry_and_not_where_it_redirects() {
    let other = site([("/1.1/list.json", list(&["elsewhere"]))]).await;
    let elsewhere = other.url("/1.1/list.json");
    let server = Server::start(move |asked| match asked.path.as_str() {
        _ if asked.header("authorization").is_none() => Reply::new(401, ""),
        "/1.1/list.json" => Reply::redirect(&elsewhere),
        _ => Reply::new(404, ""),
    })
    .await;
    let mut request = request(&server, "/");
    request.credentials = Some(Credentials {
        username: "ann".to_owned(),
        password: "secret".into(),
    });
    let (outcome, _) = read_with(client(), &request).await;
    assert!(outcome.is_ok());
    assert!(
        other
            .asked()
            .iter()
            .all(|asked| asked.header("authorization").is_none())
    );
}
