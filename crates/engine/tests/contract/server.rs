//! As much of an image registry as it takes to pull from it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::image::{Blob, Built};

type Files = Arc<Mutex<HashMap<String, Blob>>>;

/// An image registry on a free port, until it is dropped.
pub(crate) struct Server {
    pub(crate) host: String,
    files: Files,
    accepting: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = listener.local_addr().unwrap().to_string();
        let files = Files::default();
        let shared = Arc::clone(&files);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&shared)));
            }
        });
        Self {
            host,
            files,
            accepting,
        }
    }

    /// Offers an image under a tag.
    pub(crate) fn offer(&self, repository: &str, tag: &str, image: &Built) {
        let mut files = self.files.lock().unwrap();
        for blob in &image.blobs {
            let path = format!("/v2/{repository}/blobs/{}", blob.digest);
            files.insert(path, blob.clone());
        }
        for manifest in image.manifests.iter().chain([&image.top]) {
            let path = format!("/v2/{repository}/manifests/{}", manifest.digest);
            files.insert(path, manifest.clone());
        }
        let path = format!("/v2/{repository}/manifests/{tag}");
        files.insert(path, image.top.clone());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn answer(stream: TcpStream, files: Files) {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await.unwrap();
    let mut line = first.clone();
    while line.len() > 2 {
        line.clear();
        stream.read_line(&mut line).await.unwrap();
    }
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap(), words.next().unwrap_or_default());
    let file = files.lock().unwrap().get(path).cloned();
    let (status, media_type, bytes) = match file {
        Some(blob) => ("200 OK", blob.media_type, blob.bytes),
        None => (
            "404 Not Found",
            "application/json",
            br#"{"errors":[{"code":"MANIFEST_UNKNOWN"}]}"#.to_vec(),
        ),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        bytes.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    if method != "HEAD" {
        // A client that was cancelled hangs up in the middle.
        let _ = stream.write_all(&bytes).await;
    }
}
