//! An image registry that does what it is told, lies included.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, header};
use images::{ImageRegistry, Options};
use model::{Digest, ImageReference};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::http_server::{Gate, HttpServer, Reply, Step};

pub(crate) const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(crate) const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

pub(crate) struct FakeRegistry {
    pub(crate) state: Arc<Mutex<State>>,
    server: HttpServer,
}

#[derive(Default)]
pub(crate) struct State {
    blobs: HashMap<Digest, Bytes>,
    manifests: HashMap<String, (String, Bytes)>,
    pub(crate) lock: Lock,
    /// What to do wrong, next time first, by the last part of the path.
    faults: HashMap<String, VecDeque<Fault>>,
    pub(crate) seen: Vec<Seen>,
}

/// What a request has to show.
#[derive(Default, Clone)]
pub(crate) enum Lock {
    #[default]
    Open,
    Basic {
        authorization: String,
    },
    Bearer {
        realm: String,
        token: String,
    },
}

pub(crate) enum Fault {
    /// The connection ends after so many bytes of the body.
    Cut(usize),
    /// The first byte is another.
    Corrupt,
    /// More bytes follow; `true` if `Content-Length` says so.
    Longer(bool),
    /// The rest of the body waits.
    Hold(usize, Arc<Gate>),
    /// The range is passed over.
    Whole,
    Instead(Box<dyn Fn() -> Reply + Send>),
}

#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) range: Option<String>,
    pub(crate) authorization: Option<String>,
}

/// One platform's image.
pub(crate) struct Image {
    pub(crate) manifest: Digest,
    pub(crate) config: Digest,
    pub(crate) layers: Vec<Digest>,
    descriptor: Value,
}

impl FakeRegistry {
    pub(crate) async fn start() -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let server =
            HttpServer::start(move |request| shared.lock().unwrap().answer(&request)).await;
        Self { state, server }
    }

    pub(crate) fn reference(&self, rest: &str) -> ImageReference {
        ImageReference::parse(&format!("{}/{rest}", self.server.address)).unwrap()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address)
    }

    pub(crate) fn blob(&self, bytes: impl Into<Bytes>) -> Digest {
        let bytes = bytes.into();
        let digest = digest_of(&bytes);
        self.state
            .lock()
            .unwrap()
            .blobs
            .insert(digest.clone(), bytes);
        digest
    }

    /// Adds a document to a repository by its digest, and by a tag if one is given.
    pub(crate) fn document(
        &self,
        repository: &str,
        tag: Option<&str>,
        media_type: &str,
        document: &Value,
    ) -> (Digest, u64) {
        let bytes = Bytes::from(document.to_string());
        let digest = digest_of(&bytes);
        let length = bytes.len() as u64;
        let mut state = self.state.lock().unwrap();
        for name in [Some(digest.as_str()), tag].into_iter().flatten() {
            let path = format!("/v2/{repository}/manifests/{name}");
            state
                .manifests
                .insert(path, (media_type.to_owned(), bytes.clone()));
        }
        (digest, length)
    }

    /// Adds an image of one platform; with a tag it stands without an index.
    pub(crate) fn image(
        &self,
        repository: &str,
        tag: Option<&str>,
        platform: &str,
        layers: &[Bytes],
    ) -> Image {
        let (os, architecture) = platform.split_once('/').unwrap();
        let config = json!({"os": os, "architecture": architecture, "config": {}}).to_string();
        let config_size = config.len();
        let config = self.blob(config);
        let described: Vec<Value> = layers
            .iter()
            .map(|layer| json!({"mediaType": "layer", "digest": self.blob(layer.clone()), "size": layer.len()}))
            .collect();
        let document = json!({
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": {"mediaType": "config", "digest": config, "size": config_size},
            "layers": described,
        });
        let (manifest, size) = self.document(repository, tag, OCI_MANIFEST, &document);
        let platform = json!({"os": os, "architecture": architecture});
        let descriptor = json!({"mediaType": OCI_MANIFEST, "digest": manifest, "size": size, "platform": platform});
        let layers = layers.iter().map(|layer| digest_of(layer)).collect();
        Image {
            manifest,
            config,
            layers,
            descriptor,
        }
    }

    pub(crate) fn index(&self, repository: &str, tag: &str, images: &[&Image]) -> Digest {
        let children: Vec<&Value> = images.iter().map(|image| &image.descriptor).collect();
        let document = json!({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": children});
        self.document(repository, Some(tag), OCI_INDEX, &document).0
    }

    pub(crate) fn fault(&self, last: &str, fault: Fault) {
        let mut state = self.state.lock().unwrap();
        state
            .faults
            .entry(last.to_owned())
            .or_default()
            .push_back(fault);
    }

    /// The requests so far whose path ends so.
    pub(crate) fn requests(&self, last: &str) -> Vec<Seen> {
        let state = self.state.lock().unwrap();
        state
            .seen
            .iter()
            .filter(|seen| seen.path.ends_with(last))
            .cloned()
            .collect()
    }

    pub(crate) fn forget_requests(&self) {
        self.state.lock().unwrap().seen.clear();
    }
}

impl State {
    fn answer(&mut self, request: &Request<()>) -> Reply {
        let text = |name| {
            let value = request.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        let path = request.uri().path().to_owned();
        let seen = Seen {
            path: path.clone(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            range: text(header::RANGE),
            authorization: text(header::AUTHORIZATION),
        };
        self.seen.push(seen.clone());
        let last = path.rsplit('/').next().unwrap();
        let fault = self.faults.get_mut(last).and_then(VecDeque::pop_front);
        if let Some(Fault::Instead(reply)) = &fault {
            return reply();
        }
        if let Some(refusal) = self.lock.refuse(&seen, &path) {
            return refusal;
        }
        if let Some((media_type, bytes)) = self.manifests.get(&path) {
            return Reply::new(200, bytes.clone())
                .header("content-type", media_type)
                .header(
                    "docker-content-digest",
                    &format!("sha256:{}", "0".repeat(64)),
                );
        }
        match last
            .parse()
            .ok()
            .and_then(|digest: Digest| self.blobs.get(&digest))
        {
            Some(bytes) => body(bytes, seen.range.as_deref(), fault),
            None => Reply::new(404, ""),
        }
    }
}

impl Lock {
    fn refuse(&self, seen: &Seen, path: &str) -> Option<Reply> {
        let refusal = Reply::new(401, r#"{"errors":[{"message":"go away"}]}"#);
        let (wanted, challenge) = match self {
            Self::Open => return None,
            Self::Basic { authorization } => {
                (authorization.clone(), "Basic realm=\"x\"".to_owned())
            }
            Self::Bearer { realm, token } => (
                format!("Bearer {token}"),
                format!(
                    "Bearer realm=\"{realm}\",service=\"fake\",scope=\"repository:other/thing:pull,push\""
                ),
            ),
        };
        let is_open = path == "/token" || seen.authorization.as_ref() == Some(&wanted);
        (!is_open).then(|| refusal.header("www-authenticate", &challenge))
    }
}

fn body(bytes: &Bytes, range: Option<&str>, fault: Option<Fault>) -> Reply {
    let start = match (&fault, range) {
        (Some(Fault::Whole), _) | (_, None) => 0,
        (_, Some(range)) => {
            let start = range
                .strip_prefix("bytes=")
                .unwrap()
                .strip_suffix('-')
                .unwrap();
            start.parse().unwrap()
        }
    };
    if start > bytes.len() {
        return Reply::new(416, "");
    }
    let part = bytes.slice(start..);
    let mut reply = Reply::new(if start > 0 { 206 } else { 200 }, part.clone());
    if start > 0 {
        let last = bytes.len().saturating_sub(1);
        reply = reply.header(
            "content-range",
            &format!("bytes {start}-{last}/{}", bytes.len()),
        );
    }
    match fault {
        Some(Fault::Cut(after)) => {
            reply.steps = vec![Step::Send(part.slice(..after.min(part.len()))), Step::Cut];
        }
        Some(Fault::Hold(after, gate)) => {
            let (first, rest) = (part.slice(..after), part.slice(after..));
            reply.steps = vec![Step::Send(first), Step::Hold(gate), Step::Send(rest)];
        }
        Some(Fault::Corrupt) => {
            let mut bytes = part.to_vec();
            bytes[0] ^= 1;
            reply.steps = vec![Step::Send(bytes.into())];
        }
        Some(Fault::Longer(admitted)) => {
            reply.headers.remove("content-length");
            if admitted {
                reply = reply.header("content-length", &(part.len() + 3).to_string());
            }
            reply.steps = vec![Step::Send(part), Step::Send(Bytes::from_static(b"and"))];
        }
        _ => {}
    }
    reply
}

/// A client that does not wait between attempts.
pub(crate) fn client() -> ImageRegistry {
    client_with(Options {
        pause: std::time::Duration::ZERO,
        attempts: 2,
        ..Options::default()
    })
}

pub(crate) fn client_with(options: Options) -> ImageRegistry {
    outbound::install_crypto_provider();
    let client = outbound::Client::new(outbound::ClientConfig::default()).unwrap();
    ImageRegistry::new(client, options)
}

pub(crate) fn digest_of(bytes: &[u8]) -> Digest {
    Digest::from_sha256(&Sha256::digest(bytes).into())
}

/// Bytes that look random and are the same for the same seed.
pub(crate) fn noise(seed: u64, length: usize) -> Bytes {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes.into()
}
