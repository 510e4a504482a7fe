//! Everything that is published under an address, for comparing with what would be.

use std::time::Duration;

use sources::{PublishedError, PublishedVersion, RegistryAddress, read_published};

use crate::server::{Reply, Server};
use crate::site::{client, list, site};

async fn read(server: &Server) -> Result<Vec<PublishedVersion>, PublishedError> {
    let address = RegistryAddress::parse(server.url("/").as_str()).unwrap();
    read_published(&client(), &address, Duration::from_secs(20)).await
}

fn told(versions: &[PublishedVersion]) -> Vec<(&str, usize)> {
    versions
        .iter()
        .map(|version| (version.folder.as_str(), version.list.entries.len()))
        .collect()
}

#[tokio::test]
async fn every_version_with_a_list_is_read() {
    let server = site([
        ("/versions.txt", Reply::ok("1.0\nfeature_x\n1.0\n1.1\n")),
        ("/1.0/list.json", list(&["a"])),
        ("/1.1/list.json", list(&["a", "b"])),
    ])
    .await;
    let versions = read(&server).await.unwrap();
    assert_eq!(told(&versions), [("1.0", 1), ("1.1", 2)]);
}

#[tokio::test]
async fn the_usual_folders_are_tried_where_none_are_named() {
    let server = site([("/1.0/list.json", list(&["a"]))]).await;
    assert_eq!(told(&read(&server).await.unwrap()), [("1.0", 1)]);
}

#[tokio::test]
async fn a_site_that_is_not_there_has_no_versions() {
    assert!(read(&site([]).await).await.unwrap().is_empty());
    let page = || Reply::ok("<!doctype html><title>Sign in</title>");
    let server = site([("/versions.txt", page()), ("/1.1/list.json", page())]).await;
    assert!(read(&server).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_told_is_an_error() {
    let server = site([("/versions.txt", Reply::new(503, "later"))]).await;
    let error = read(&server).await.unwrap_err();
    assert!(error.to_string().contains("503"), "{error}");
    let server = site([
        ("/versions.txt", Reply::ok("1.1\n")),
        ("/1.1/list.json", Reply::ok("{\"workspaces\":")),
    ])
    .await;
    let error = read(&server).await.unwrap_err();
    assert!(matches!(error, PublishedError::List { .. }), "{error}");
}
