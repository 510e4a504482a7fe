//! As much of HTTP as it takes to publish images to a registry.

use std::collections::HashMap;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::image::{Blob, Built};

struct Answer {
    status: u16,
    headers: HashMap<String, String>,
}

async fn send(host: &str, method: &str, path: &str, media_type: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(host).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: {media_type}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    Answer {
        status: status.unwrap().parse().unwrap(),
        headers: lines
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
    }
}

async fn push_blob(host: &str, repository: &str, blob: &Blob) {
    let start = format!("/v2/{repository}/blobs/uploads/");
    let started = send(host, "POST", &start, "application/octet-stream", &[]).await;
    assert_eq!(started.status, 202);
    let location = &started.headers["location"];
    let path = location
        .strip_prefix(&format!("http://{host}"))
        .unwrap_or(location);
    let separator = if path.contains('?') { '&' } else { '?' };
    let end = format!("{path}{separator}digest={}", blob.digest);
    let ended = send(host, "PUT", &end, "application/octet-stream", &blob.bytes).await;
    assert_eq!(ended.status, 201);
}

async fn push_manifest(host: &str, repository: &str, name: &str, manifest: &Blob) {
    let path = format!("/v2/{repository}/manifests/{name}");
    let answer = send(host, "PUT", &path, manifest.media_type, &manifest.bytes).await;
    assert_eq!(answer.status, 201);
}

/// Publishes an image under a tag.
pub(crate) async fn push(host: &str, repository: &str, tag: &str, image: &Built) {
    for blob in &image.blobs {
        push_blob(host, repository, blob).await;
    }
    for manifest in &image.manifests {
        push_manifest(host, repository, manifest.digest.as_str(), manifest).await;
    }
    push_manifest(host, repository, tag, &image.top).await;
}
