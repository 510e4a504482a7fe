use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use outbound::{Client, Reach, Request, Streaming};
use tokio::sync::{mpsc, watch};
use url::Url;

use crate::client::http_client;
use crate::http_server::{Ending, HttpServer, Received, Reply};

/// A proxy in front of an image registry, which holds answers back, cuts them off, and counts.
pub struct GatedRegistry {
    server: HttpServer,
    state: Arc<Mutex<State>>,
}

/// One request that passed the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetch {
    /// The method.
    pub method: Method,
    /// The path with its query.
    pub path: String,
    /// The status answered, if it came to that.
    pub status: Option<StatusCode>,
    /// The first byte asked for.
    pub from: u64,
    /// Bytes of the body passed on.
    pub bytes: u64,
}

/// Holds answers back until it is released or dropped.
pub struct Hold {
    gate: Arc<Gate>,
    state: Arc<Mutex<State>>,
}

struct Gate {
    /// What the path of the request contains.
    path: String,
    /// The byte of the blob, or of another body, that is not passed on.
    at: u64,
    reached: watch::Sender<bool>,
    open: watch::Sender<bool>,
}

#[derive(Default)]
struct State {
    gates: Vec<Arc<Gate>>,
    failures: Vec<(String, StatusCode)>,
    cuts: Vec<(String, u64)>,
    fetches: Vec<Fetch>,
}

impl GatedRegistry {
    /// Opens a gate in front of the registry at this address.
    pub async fn start(upstream: &str) -> Self {
        let upstream = Url::parse(&format!("http://{upstream}/")).expect("host and port");
        let state = Arc::new(Mutex::new(State::default()));
        let client = http_client();
        let shared = Arc::clone(&state);
        let server = HttpServer::start(move |received| {
            let passage = Passage {
                upstream: upstream.clone(),
                client: client.clone(),
                state: Arc::clone(&shared),
            };
            Box::pin(async move { passage.answer(received).await })
        })
        .await;
        Self { server, state }
    }

    /// Host and port, as an image reference names it.
    pub fn address(&self) -> String {
        self.server.address()
    }

    /// Holds every answer to a path that contains `path` at a byte of what is asked for; at 0 nothing is answered.
    pub fn hold(&self, path: &str, at: u64) -> Hold {
        let gate = Arc::new(Gate {
            path: path.to_owned(),
            at,
            reached: watch::Sender::new(false),
            open: watch::Sender::new(false),
        });
        lock(&self.state).gates.push(Arc::clone(&gate));
        Hold {
            gate,
            state: Arc::clone(&self.state),
        }
    }

    /// Answers every path that contains `path` with this status, until [`Self::heal`].
    pub fn fail(&self, path: &str, status: StatusCode) {
        lock(&self.state).failures.push((path.to_owned(), status));
    }

    /// Ends the connection of the next answer to a path that contains `path` at this byte.
    pub fn cut(&self, path: &str, at: u64) {
        lock(&self.state).cuts.push((path.to_owned(), at));
    }

    /// Ends what [`Self::fail`] and [`Self::cut`] began.
    pub fn heal(&self) {
        let mut state = lock(&self.state);
        state.failures.clear();
        state.cuts.clear();
    }

    /// Every request so far.
    pub fn fetches(&self) -> Vec<Fetch> {
        lock(&self.state).fetches.clone()
    }

    /// The requests for a blob's bytes so far.
    pub fn fetches_of(&self, digest: &model::Digest) -> Vec<Fetch> {
        let path = format!("/blobs/{digest}");
        let mut fetches = self.fetches();
        fetches.retain(|fetch| fetch.method == Method::GET && fetch.path.contains(&path));
        fetches
    }
}

impl Hold {
    /// Waits until an answer is being held.
    pub async fn reached(&self) {
        let mut reached = self.gate.reached.subscribe();
        tokio::time::timeout(crate::DEADLINE, reached.wait_for(|reached| *reached))
            .await
            .unwrap_or_else(|_| panic!("nothing came to the gate at {}", self.gate.path))
            .expect("the gate is ours");
    }

    /// Lets everything pass from now on.
    pub fn release(&self) {
        lock(&self.state)
            .gates
            .retain(|gate| !Arc::ptr_eq(gate, &self.gate));
        self.gate.open.send_replace(true);
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.release();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One request on its way through.
struct Passage {
    upstream: Url,
    client: Client,
    state: Arc<Mutex<State>>,
}

impl Passage {
    async fn answer(self, received: Received) -> Reply {
        let number = {
            let mut state = lock(&self.state);
            state.fetches.push(Fetch {
                method: received.method.clone(),
                path: received.path.clone(),
                status: None,
                from: 0,
                bytes: 0,
            });
            state.fetches.len() - 1
        };
        let path = received.path.clone();
        let failure = lock(&self.state)
            .failures
            .iter()
            .find_map(|(part, status)| path.contains(part).then_some(*status));
        if let Some(status) = failure {
            lock(&self.state).fetches[number].status = Some(status);
            return Reply::new(status, "");
        }
        self.wait(&path, 0).await;
        let Ok(upstream) = self.client.open(self.request(received)).await else {
            return Reply::new(StatusCode::BAD_GATEWAY, "").ending(Ending::Closed);
        };
        let from = first_byte(&upstream);
        {
            let fetch = &mut lock(&self.state).fetches[number];
            fetch.status = Some(upstream.status);
            fetch.from = from;
        }
        let length = upstream.headers.get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
        let status = upstream.status;
        let headers = passed_on(&upstream.headers);
        let (sender, pieces) = mpsc::channel(1);
        tokio::spawn(async move {
            self.pass(upstream, &path, number, from, &sender).await;
        });
        let mut reply = Reply::pieces(status, length, pieces);
        reply.headers = headers;
        reply
    }

    fn request(&self, received: Received) -> Request {
        let url = self
            .upstream
            .join(&received.path)
            .expect("a path that arrived");
        let mut request = Request::new(received.method, url, Reach::Typed)
            .redirects(0)
            .body(received.body)
            .body_limit(u64::MAX)
            .deadline(Duration::from_mins(10))
            .idle(Duration::from_mins(10));
        request.headers = passed_on(&received.headers);
        request
    }

    /// Passes a body on, up to the gates and cuts in its way.
    async fn pass(
        &self,
        mut upstream: Streaming,
        path: &str,
        number: usize,
        mut position: u64,
        sender: &mpsc::Sender<Bytes>,
    ) {
        let cut = {
            let mut state = lock(&self.state);
            let found = state.cuts.iter().position(|(part, _)| path.contains(part));
            found.map(|found| state.cuts.remove(found).1)
        };
        while let Ok(Some(mut chunk)) = upstream.chunk().await {
            while !chunk.is_empty() {
                if cut.is_some_and(|cut| cut <= position) {
                    return;
                }
                self.wait(path, position).await;
                let end = position + chunk.len() as u64;
                let stop = self.next_gate(path, position).into_iter().chain(cut).min();
                let stop = stop.map_or(end, |stop| stop.min(end));
                let piece = chunk.split_to((stop - position) as usize);
                position = stop;
                lock(&self.state).fetches[number].bytes += piece.len() as u64;
                if sender.send(piece).await.is_err() {
                    return;
                }
            }
        }
    }

    /// Waits at the gates that stand at this byte.
    async fn wait(&self, path: &str, position: u64) {
        loop {
            let gate = {
                let state = lock(&self.state);
                let mut gates = state.gates.iter();
                let gate = gates.find(|gate| path.contains(&gate.path) && gate.at == position);
                gate.map(Arc::clone)
            };
            let Some(gate) = gate else {
                return;
            };
            gate.reached.send_replace(true);
            let mut open = gate.open.subscribe();
            let _ = open.wait_for(|open| *open).await;
        }
    }

    fn next_gate(&self, path: &str, position: u64) -> Option<u64> {
        let state = lock(&self.state);
        let gates = state.gates.iter().filter(|gate| path.contains(&gate.path));
        gates.map(|gate| gate.at).filter(|at| *at > position).min()
    }
}

/// The fields that mean the content and not the connection.
fn passed_on(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in [
        header::CONNECTION,
        header::CONTENT_LENGTH,
        header::HOST,
        header::TRANSFER_ENCODING,
    ] {
        headers.remove(name);
    }
    headers
}

fn first_byte(upstream: &Streaming) -> u64 {
    let range = upstream.headers.get(header::CONTENT_RANGE);
    let range = range.filter(|_| upstream.status == StatusCode::PARTIAL_CONTENT);
    let first = range.and_then(|range| {
        let range = range.to_str().ok()?.strip_prefix("bytes ")?;
        range.split('-').next()?.parse().ok()
    });
    first.unwrap_or(0)
}
