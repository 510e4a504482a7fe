use std::collections::HashSet;

use http::{HeaderValue, Method, StatusCode, header};
use outbound::{Fetched, Reach, Request};
use url::Url;

use crate::client::http_client;
use crate::image::{Blob, TestImage};

/// Publishes an image under a tag; `authorization` is the whole header.
pub async fn push(
    address: &str,
    authorization: Option<&str>,
    repository: &str,
    tag: &str,
    image: &TestImage,
) {
    let target = Target {
        base: Url::parse(&format!("http://{address}/v2/{repository}/"))
            .expect("an address and a name"),
        authorization,
    };
    let mut sent = HashSet::new();
    for blob in image.configs.iter().chain(&image.layers) {
        if sent.insert(&blob.digest) {
            target.push_blob(blob).await;
        }
    }
    for manifest in &image.manifests {
        target
            .push_manifest(manifest.digest.as_str(), manifest)
            .await;
    }
    target.push_manifest(tag, &image.top).await;
}

struct Target<'a> {
    base: Url,
    authorization: Option<&'a str>,
}

impl Target<'_> {
    async fn push_blob(&self, blob: &Blob) {
        let started = self
            .send(Method::POST, self.join("blobs/uploads/"), None)
            .await;
        assert_eq!(started.status, StatusCode::ACCEPTED, "start of an upload");
        let location = started
            .header(&header::LOCATION)
            .expect("where to upload to");
        let mut url = self.base.join(location).expect("an address");
        url.query_pairs_mut()
            .append_pair("digest", blob.digest.as_str());
        let ended = self.send(Method::PUT, url, Some(blob)).await;
        assert_eq!(
            ended.status,
            StatusCode::CREATED,
            "upload of {}",
            blob.digest
        );
    }

    async fn push_manifest(&self, name: &str, manifest: &Blob) {
        let url = self.join(&format!("manifests/{name}"));
        let answer = self.send(Method::PUT, url, Some(manifest)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "manifest {name}");
    }

    fn join(&self, path: &str) -> Url {
        self.base.join(path).expect("a path")
    }

    async fn send(&self, method: Method, url: Url, body: Option<&Blob>) -> Fetched {
        let mut request = Request::new(method, url, Reach::Typed).redirects(0);
        if let Some(authorization) = self.authorization {
            let value = HeaderValue::from_str(authorization).expect("a header");
            request = request.header(header::AUTHORIZATION, value);
        }
        let media_type = body.map_or("application/octet-stream", |blob| blob.media_type);
        request = request
            .header(header::CONTENT_TYPE, HeaderValue::from_static(media_type))
            .body(body.map(|blob| blob.bytes.clone()).unwrap_or_default());
        http_client()
            .fetch(request)
            .await
            .expect("the image registry answers")
    }
}
