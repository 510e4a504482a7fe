use std::os::unix::fs::FileExt;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use images::serve::{Answer, Body, answer};
use images::{Layout, LayoutReader, LocalImage, LocalLayer, StoredName};
use model::{Digest, ImageReference};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::fake_registry::{client, digest_of, noise};
use crate::http_server::{HttpServer, Reply, Step};

struct Case {
    reader: LayoutReader,
    index: Digest,
    layer: Bytes,
    folder: tempfile::TempDir,
}

fn case(names: &[&str]) -> Case {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::open(folder.path()).unwrap();
    let layer = noise(1, 5_000_000);
    let image = |architecture: &str| LocalImage {
        architecture: architecture.to_owned(),
        config: json!({"Env": [format!("FOR={architecture}")]}),
        layers: vec![LocalLayer::tar(layer.clone())],
    };
    let images = [image("amd64"), image("arm64")];
    let digests: Vec<Digest> = names
        .iter()
        .map(|name| {
            layout
                .put(&StoredName::parse(name).unwrap(), &images)
                .unwrap()
        })
        .collect();
    Case {
        reader: layout.reader(),
        index: digests[0].clone(),
        layer,
        folder,
    }
}

impl Case {
    fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    fn get_with(&self, path: &str, fields: &[(header::HeaderName, &str)]) -> Answer {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.insert(name, value.parse().unwrap());
        }
        answer(&self.reader, &Method::GET, &path.parse().unwrap(), &headers)
    }
}

fn body(answer: &Answer) -> Vec<u8> {
    match &answer.body {
        Body::Empty => Vec::new(),
        Body::Bytes(bytes) => bytes.to_vec(),
        Body::File { file, range } => {
            let mut bytes = vec![0; (range.end - range.start) as usize];
            file.read_exact_at(&mut bytes, range.start).unwrap();
            bytes
        }
    }
}

fn field<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer
        .headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

fn code(answer: &Answer) -> String {
    let value: serde_json::Value = serde_json::from_slice(&body(answer)).unwrap();
    value["errors"][0]["code"].as_str().unwrap().to_owned()
}

#[test]
fn manifests_are_found_by_tag_and_by_digest() {
    let case = case(&["ghcr.io/x/y:1"]);
    let version = case.get("/v2/");
    assert_eq!(version.status, StatusCode::OK);
    assert_eq!(
        field(&version, "docker-distribution-api-version"),
        "registry/2.0"
    );
    let by_tag = case.get("/v2/ghcr.io/x/y/manifests/1");
    assert_eq!(by_tag.status, StatusCode::OK);
    assert_eq!(
        field(&by_tag, "content-type"),
        "application/vnd.oci.image.index.v1+json"
    );
    assert_eq!(field(&by_tag, "docker-content-digest"), case.index.as_str());
    assert_eq!(digest_of(&body(&by_tag)), case.index);
    let index: serde_json::Value = serde_json::from_slice(&body(&by_tag)).unwrap();
    let child = index["manifests"][1]["digest"].as_str().unwrap();
    let by_digest = case.get(&format!("/v2/ghcr.io/x/y/manifests/{child}"));
    assert_eq!(
        field(&by_digest, "content-type"),
        "application/vnd.oci.image.manifest.v1+json"
    );
    assert_eq!(digest_of(&body(&by_digest)).as_str(), child);

    let uri = "/v2/ghcr.io/x/y/manifests/1".parse().unwrap();
    let head = answer(&case.reader, &Method::HEAD, &uri, &HeaderMap::new());
    assert_eq!(head.headers, by_tag.headers);
    assert!(matches!(head.body, Body::Empty));
}

#[test]
fn blobs_are_sent_whole_in_part_or_not_at_all() {
    let case = case(&["x/y:1"]);
    let digest = digest_of(&case.layer);
    let path = format!("/v2/x/y/blobs/{digest}");
    let whole = case.get(&path);
    assert_eq!(field(&whole, "content-length"), "5000000");
    assert!(body(&whole) == case.layer);
    let part = case.get_with(&path, &[(header::RANGE, "bytes=4999990-")]);
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(
        field(&part, "content-range"),
        "bytes 4999990-4999999/5000000"
    );
    assert_eq!(body(&part), case.layer[4_999_990..]);
    let beyond = case.get_with(&path, &[(header::RANGE, "bytes=5000000-")]);
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(field(&beyond, "content-range"), "bytes */5000000");
    let known = case.get_with(&path, &[(header::IF_NONE_MATCH, &format!("\"{digest}\""))]);
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
    let other = [
        (header::RANGE, "bytes=1-2"),
        (header::IF_RANGE, "\"other\""),
    ];
    assert_eq!(case.get_with(&path, &other).status, StatusCode::OK);
}

#[test]
fn all_else_is_refused() {
    let case = case(&["x/y:1", "x/z:1"]);
    for (path, expected) in [
        ("/v2/x/none/manifests/1", "NAME_UNKNOWN"),
        ("/v2/x/none/tags/list", "NAME_UNKNOWN"),
        ("/v2/x/y/manifests/2", "MANIFEST_UNKNOWN"),
        ("/v2/x/y/manifests/..", "MANIFEST_UNKNOWN"),
        ("/v2/x/y/blobs/../../../index.json", "UNSUPPORTED"),
        ("/v2/x/y/blobs/sha256:00", "BLOB_UNKNOWN"),
        ("/v2/_catalog", "UNSUPPORTED"),
        ("/v2/x/y/referrers/1", "UNSUPPORTED"),
    ] {
        let answer = case.get(path);
        assert_eq!(
            (answer.status, code(&answer).as_str()),
            (StatusCode::NOT_FOUND, expected),
            "{path}"
        );
    }
    // A layer is no manifest, and what another repository has is not in this one.
    let layer = digest_of(&case.layer);
    assert_eq!(
        code(&case.get(&format!("/v2/x/y/manifests/{layer}"))),
        "MANIFEST_UNKNOWN"
    );
    for method in [Method::PUT, Method::POST, Method::DELETE, Method::PATCH] {
        let uri = "/v2/x/y/blobs/uploads/".parse().unwrap();
        let refused = answer(&case.reader, &method, &uri, &HeaderMap::new());
        assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(field(&refused, "allow"), "GET, HEAD");
    }
}

#[test]
fn tags_are_listed_by_the_page() {
    let case = case(&["x/y:b", "x/y:a", "x/y:c"]);
    let tags = |answer: &Answer| {
        let value: serde_json::Value = serde_json::from_slice(&body(answer)).unwrap();
        value["tags"].clone()
    };
    assert_eq!(tags(&case.get("/v2/x/y/tags/list")), json!(["a", "b", "c"]));
    let first = case.get("/v2/x/y/tags/list?n=2");
    assert_eq!(tags(&first), json!(["a", "b"]));
    assert_eq!(
        field(&first, "link"),
        "</v2/x/y/tags/list?n=2&last=b>; rel=\"next\""
    );
    let second = case.get("/v2/x/y/tags/list?n=2&last=b");
    assert_eq!(tags(&second), json!(["c"]));
    assert_eq!(field(&second, "link"), "");
}

#[tokio::test]
async fn what_is_served_can_be_pulled() {
    let case = case(&["x/y:1"]);
    let reader = case.reader.clone();
    let server = HttpServer::start(move |request| {
        let answer = answer(&reader, request.method(), request.uri(), request.headers());
        let steps = vec![Step::Send(body(&answer).into())];
        Reply {
            status: answer.status,
            headers: answer.headers,
            steps,
        }
    })
    .await;
    let reference = ImageReference::parse(&format!("{}/x/y:1", server.address)).unwrap();
    let client = client();
    let resolved = client.resolve(&reference, None).await.unwrap();
    assert_eq!(resolved.digest, case.index);
    assert_eq!(resolved.platforms.len(), 2);
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::open(folder.path()).unwrap();
    let cancel = CancellationToken::new();
    layout
        .pull(
            &client,
            &reference,
            &resolved.digest,
            "arm64",
            &|_| {},
            &cancel,
        )
        .await
        .unwrap();
    assert!(layout.holds(&reference, &case.index, "arm64"));
    drop(case.folder);
}
