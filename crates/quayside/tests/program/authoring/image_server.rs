use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use http::{StatusCode, header};
use testkit::{HttpServer, Reply, TestImage};

/// An image registry in this process, which can refuse.
pub(super) struct ImageServer {
    server: HttpServer,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    documents: BTreeMap<String, (String, Vec<u8>)>,
    /// What the next answers are instead.
    refusals: Vec<(u16, Option<&'static str>)>,
    asked: Vec<String>,
}

impl ImageServer {
    pub(super) async fn start() -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let server = HttpServer::start(move |received| {
            let reply = shared.lock().unwrap().answer(&received.path);
            Box::pin(async move { reply })
        })
        .await;
        Self { server, state }
    }

    /// Offers an image and gives its reference.
    pub(super) fn offer(&self, repository: &str, tag: &str, image: &TestImage) -> String {
        let mut state = self.state.lock().unwrap();
        let mut add = |path: String, media_type: &str, bytes: &[u8]| {
            state
                .documents
                .insert(path, (media_type.to_owned(), bytes.to_vec()));
        };
        for manifest in image.manifests.iter().chain([&image.top]) {
            for name in [manifest.digest.as_str(), tag] {
                if name != tag || manifest.digest == image.top.digest {
                    let path = format!("/v2/{repository}/manifests/{name}");
                    add(path, manifest.media_type, &manifest.bytes);
                }
            }
        }
        for blob in image.configs.iter().chain(&image.layers) {
            let path = format!("/v2/{repository}/blobs/{}", blob.digest);
            add(path, "application/octet-stream", &blob.bytes);
        }
        format!("{}/{repository}:{tag}", self.server.address())
    }

    /// Refuses the next request, with a time to wait if one is given.
    pub(super) fn refuse_next(&self, status: u16, retry_after: Option<&'static str>) {
        self.state
            .lock()
            .unwrap()
            .refusals
            .push((status, retry_after));
    }

    /// The paths asked for since the last time that contain this.
    pub(super) fn take_asked(&self, part: &str) -> Vec<String> {
        let asked = std::mem::take(&mut self.state.lock().unwrap().asked);
        asked
            .into_iter()
            .filter(|path| path.contains(part))
            .collect()
    }

    pub(super) fn address(&self) -> String {
        self.server.address()
    }
}

impl State {
    fn answer(&mut self, path: &str) -> Reply {
        self.asked.push(path.to_owned());
        if let Some((status, retry_after)) = self.refusals.pop() {
            let reply = Reply::new(StatusCode::from_u16(status).unwrap(), "");
            return match retry_after {
                Some(wait) => reply.header(header::RETRY_AFTER, wait),
                None => reply,
            };
        }
        match self.documents.get(path) {
            Some((media_type, bytes)) => {
                Reply::new(StatusCode::OK, bytes.clone()).header(header::CONTENT_TYPE, media_type)
            }
            None => Reply::new(StatusCode::NOT_FOUND, ""),
        }
    }
}
