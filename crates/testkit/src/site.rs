use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{StatusCode, header};
use sha2::{Digest as _, Sha256};
use tokio::sync::watch;

use crate::http_server::{Ending, HttpServer, Received, Reply};

/// How a site behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SiteMode {
    /// As a web server does.
    Serving,
    /// Every answer has this status.
    Failing(StatusCode),
    /// A page of HTML is the answer to everything.
    WebPage,
    /// Answers wait until the mode is another.
    Held,
    /// Connections end without an answer.
    Closed,
}

/// A published registry, served over HTTP.
pub struct TestSite {
    server: HttpServer,
    shared: Arc<Shared>,
}

struct Shared {
    content: Mutex<Content>,
    mode: watch::Sender<SiteMode>,
    asked: Mutex<Vec<(String, StatusCode)>>,
}

enum Content {
    Folder(PathBuf),
    Files(BTreeMap<String, Bytes>),
}

impl TestSite {
    /// Serves the files of a folder, `index.html` for the folder itself.
    pub async fn folder(folder: &Path) -> Self {
        Self::start(Content::Folder(folder.to_owned())).await
    }

    /// Serves files by their paths, as in `1.1/list.json`.
    pub async fn files(files: BTreeMap<String, Bytes>) -> Self {
        Self::start(Content::Files(files)).await
    }

    async fn start(content: Content) -> Self {
        let shared = Arc::new(Shared {
            content: Mutex::new(content),
            mode: watch::Sender::new(SiteMode::Serving),
            asked: Mutex::new(Vec::new()),
        });
        let answering = Arc::clone(&shared);
        let server = HttpServer::start(move |received| {
            let shared = Arc::clone(&answering);
            Box::pin(async move { shared.answer(&received).await })
        })
        .await;
        Self { server, shared }
    }

    /// The address of the root.
    pub fn url(&self) -> String {
        format!("http://{}/", self.server.address())
    }

    /// Serves other files from now on.
    pub fn replace(&self, files: BTreeMap<String, Bytes>) {
        *lock(&self.shared.content) = Content::Files(files);
    }

    /// Behaves differently from now on.
    pub fn behave(&self, mode: SiteMode) {
        self.shared.mode.send_replace(mode);
    }

    /// Paths asked for so far, with the status of the answer.
    pub fn asked(&self) -> Vec<(String, StatusCode)> {
        lock(&self.shared.asked).clone()
    }
}

impl Shared {
    async fn answer(&self, received: &Received) -> Reply {
        let mut modes = self.mode.subscribe();
        let mode = modes.wait_for(|mode| *mode != SiteMode::Held).await;
        let mode = mode.map_or(SiteMode::Closed, |mode| *mode);
        let reply = match mode {
            SiteMode::Serving => self.serve(received),
            SiteMode::Failing(status) => Reply::new(status, ""),
            SiteMode::WebPage => Reply::new(StatusCode::OK, "<!doctype html><title>Parked</title>")
                .header(header::CONTENT_TYPE, "text/html"),
            SiteMode::Held | SiteMode::Closed => {
                Reply::new(StatusCode::OK, "").ending(Ending::Closed)
            }
        };
        lock(&self.asked).push((received.path.clone(), reply.status));
        reply
    }

    fn serve(&self, received: &Received) -> Reply {
        let path = received.path.split('?').next().unwrap_or_default();
        let Some(bytes) = self.file(path.trim_start_matches('/')) else {
            return Reply::new(StatusCode::NOT_FOUND, "<!doctype html><title>404</title>");
        };
        let field = |name| {
            received
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        let tag = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
        let tag = format!("\"{tag}\"");
        if field(header::IF_NONE_MATCH) == Some(&tag) {
            return Reply::new(StatusCode::NOT_MODIFIED, "").header(header::ETAG, &tag);
        }
        let packs = field(header::ACCEPT_ENCODING).is_some_and(|value| value.contains("gzip"));
        let reply = if packs && bytes.len() > 1_000 {
            Reply::new(StatusCode::OK, gzip(&bytes)).header(header::CONTENT_ENCODING, "gzip")
        } else {
            Reply::new(StatusCode::OK, bytes)
        };
        reply
            .header(header::CONTENT_TYPE, content_type(path))
            .header(header::ETAG, &tag)
            .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
    }

    fn file(&self, path: &str) -> Option<Bytes> {
        if path.split('/').any(|part| part == "..") {
            return None;
        }
        let path = decode(path)?;
        match &*lock(&self.content) {
            Content::Folder(folder) => {
                let index = if path.is_empty() || path.ends_with('/') {
                    "index.html"
                } else {
                    ""
                };
                let file = format!("{path}{index}");
                std::fs::read(folder.join(file)).ok().map(Bytes::from)
            }
            Content::Files(files) => files.get(&path).cloned(),
        }
    }
}

/// What web servers make of a name.
fn content_type(path: &str) -> &'static str {
    match path.rsplit(['.', '/']).next() {
        Some("" | "html") => "text/html",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain",
        _ => "application/octet-stream",
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("memory takes what is written")
}

/// Undoes percent-encoding.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((byte, tail)) = rest.split_first() {
        if *byte == b'%' {
            let digits = tail.get(..2)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = &tail[2..];
        } else {
            bytes.push(*byte);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}
