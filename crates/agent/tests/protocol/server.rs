use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use agent::{Connection, ConnectionError};
use api::agent::{
    BroughtImage, Desired, DesiredPlacement, Goal, INSTANCE_HEADER, Observed, PinnedImage, Progress,
};
use api::{KeptReason, PlacementState};
use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use model::{Digest, ImageReference, PlacementId, WorkspaceId};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

/// What happens to a request instead of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It never arrives.
    NotSent,
    /// It is done, but the answer is lost.
    AnswerLost,
    /// The server is overloaded.
    Unavailable,
}

/// A server with the rules of the real one, in memory.
#[derive(Debug)]
pub(crate) struct FakeServer {
    state: Mutex<State>,
    version: watch::Sender<u64>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    generation: u64,
    next_id: u128,
    pub(crate) placements: BTreeMap<PlacementId, Placement>,
    /// Tags of each image that was brought.
    pub(crate) brought: BTreeMap<(String, Digest), BTreeSet<String>>,
    pub(crate) resolving: u32,
    /// Every report that arrived, with its time.
    pub(crate) reports: Vec<(Instant, Progress)>,
    pub(crate) observed: Vec<(Instant, Observed)>,
    pub(crate) polls: Vec<Instant>,
    /// What was kept on uninstall, and why.
    pub(crate) kept: Vec<(KeptReason, String)>,
    requests: usize,
    faults: HashMap<usize, Fault>,
    down: Option<StatusCode>,
    refuses_token: bool,
    refused: Vec<PlacementId>,
}

#[derive(Debug, Clone)]
pub(crate) struct Placement {
    pub(crate) desired: DesiredPlacement,
    pub(crate) last: Option<Progress>,
}

impl FakeServer {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::default(),
            version: watch::channel(0).0,
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let changed = change(&mut self.state());
        self.version.send_modify(|version| *version += 1);
        changed
    }

    /// Asks for an image on the agent.
    pub(crate) fn install(&self, reference: &str, digest: &Digest) -> PlacementId {
        self.change(|state| {
            state.next_id += 1;
            state.generation += 1;
            let id = PlacementId::from_uuid(Uuid::from_u128(state.next_id));
            let desired = DesiredPlacement {
                placement: id,
                workspace: WorkspaceId::from_uuid(Uuid::from_u128(state.next_id)),
                attempt: 1,
                goal: Goal::Present,
                image: PinnedImage {
                    reference: reference.to_owned(),
                    digest: digest.clone(),
                },
                state: PlacementState::Waiting,
            };
            state.placements.insert(
                id,
                Placement {
                    desired,
                    last: None,
                },
            );
            id
        })
    }

    /// Asks for it to go.
    pub(crate) fn uninstall(&self, id: PlacementId) {
        self.ask(id, Goal::Absent, PlacementState::Removing);
    }

    /// Asks for another try.
    pub(crate) fn retry(&self, id: PlacementId) {
        self.ask(id, Goal::Present, PlacementState::Waiting);
    }

    /// Gives a workspace another image.
    pub(crate) fn edit(&self, id: PlacementId, reference: &str, digest: &Digest) {
        self.ask(id, Goal::Present, PlacementState::Waiting);
        self.change(|state| {
            let placement = state.placements.get_mut(&id).unwrap();
            placement.desired.image = PinnedImage {
                reference: reference.to_owned(),
                digest: digest.clone(),
            };
        });
    }

    /// Says of how many placements the image is still being resolved.
    pub(crate) fn resolving(&self, count: u32) {
        self.change(|state| {
            state.generation += 1;
            state.resolving = count;
        });
    }

    fn ask(&self, id: PlacementId, goal: Goal, to: PlacementState) {
        self.change(|state| {
            state.generation += 1;
            let placement = state.placements.get_mut(&id).unwrap();
            placement.desired.goal = goal;
            placement.desired.state = to;
            placement.desired.attempt += 1;
            placement.last = None;
        });
    }

    /// Forgets a placement without the agent's word.
    pub(crate) fn forget(&self, id: PlacementId) {
        self.change(|state| {
            state.generation += 1;
            state.placements.remove(&id);
        });
    }

    /// Every request meets this status, as while the server is being replaced.
    pub(crate) fn down(&self, status: Option<StatusCode>) {
        self.change(|state| state.down = status);
    }

    /// Every request meets what a server says of a token that was revoked.
    pub(crate) fn refuse_token(&self, refuses: bool) {
        self.change(|state| state.refuses_token = refuses);
    }

    /// Refuses every report of a placement for good.
    pub(crate) fn refuse(&self, id: PlacementId) {
        self.change(|state| state.refused.push(id));
    }

    /// Lets the request of that number, counted from 0, meet a fault.
    pub(crate) fn fault(&self, number: usize, fault: Fault) {
        self.change(|state| state.faults.insert(number, fault));
    }

    pub(crate) fn requests(&self) -> usize {
        self.state().requests
    }

    /// The state of a placement, if it is there.
    pub(crate) fn state_of(&self, id: PlacementId) -> Option<PlacementState> {
        let state = self.state();
        let placement = state.placements.get(&id)?;
        Some(placement.desired.state)
    }

    /// The last report on a placement.
    pub(crate) fn last(&self, id: PlacementId) -> Progress {
        self.state().placements[&id].last.clone().unwrap()
    }

    /// Waits until that is so; an hour of the jumping clock is for ever.
    pub(crate) async fn until(&self, what: &str, is_so: impl Fn(&State) -> bool) {
        let mut version = self.version.subscribe();
        let wait = async {
            loop {
                if is_so(&self.state()) {
                    return;
                }
                version.changed().await.unwrap();
            }
        };
        let waited = timeout(Duration::from_hours(1), wait).await;
        assert!(
            waited.is_ok(),
            "never {what}: {:#?}",
            self.state().placements
        );
    }

    pub(crate) async fn until_state(&self, id: PlacementId, wanted: PlacementState) {
        self.until(&format!("{wanted:?}"), |state| {
            state
                .placements
                .get(&id)
                .is_some_and(|placement| placement.desired.state == wanted)
        })
        .await;
    }

    pub(crate) async fn until_gone(&self, id: PlacementId) {
        self.until("gone", |state| !state.placements.contains_key(&id))
            .await;
    }

    async fn desired(&self, headers: &HeaderMap, query: &str) -> Response<Bytes> {
        self.change(|state| state.polls.push(Instant::now()));
        assert_eq!(query, "wait=25");
        let known = headers
            .get(header::IF_NONE_MATCH)
            .map(|tag| tag.to_str().unwrap().to_owned());
        let tag = |state: &State| format!("\"{}\"", state.generation);
        let changed = self.until("another generation", |state| {
            state.down.is_some() || state.refuses_token || known.as_ref() != Some(&tag(state))
        });
        if timeout(Duration::from_secs(25), changed).await.is_err() {
            return answer(StatusCode::NOT_MODIFIED);
        }
        let state = self.state();
        if let Some(status) = state.down {
            return answer(status);
        }
        if state.refuses_token {
            return unknown_token();
        }
        let desired = Desired {
            generation: state.generation,
            placements: state
                .placements
                .values()
                .map(|placement| placement.desired.clone())
                .collect(),
            brought: state
                .brought
                .iter()
                .map(|((repository, digest), tags)| BroughtImage {
                    repository: repository.clone(),
                    digest: digest.clone(),
                    tags: tags.iter().cloned().collect(),
                })
                .collect(),
            resolving: state.resolving,
            agent: "docker-1".to_owned(),
        };
        let mut response = Response::new(serde_json::to_vec(&desired).unwrap().into());
        let tag = tag(&state).parse().unwrap();
        response.headers_mut().insert(header::ETAG, tag);
        response
    }

    fn progress(&self, report: Progress) -> Response<Bytes> {
        self.change(|state| {
            if state.refused.contains(&report.placement) {
                return answer(StatusCode::UNPROCESSABLE_ENTITY);
            }
            state.reports.push((Instant::now(), report.clone()));
            state.take(report);
            answer(StatusCode::NO_CONTENT)
        })
    }
}

impl State {
    /// What the engine holds no more, and no placement names, was not brought any more.
    fn observe(&mut self, observed: Observed) {
        let held: Vec<ImageReference> = observed
            .images
            .iter()
            .flat_map(|image| &image.references)
            .filter_map(|text| ImageReference::parse(text).ok())
            .collect();
        let placements = &self.placements;
        if observed.version.is_some() {
            self.brought.retain(|(repository, digest), _| {
                let is = |reference: &ImageReference, of: Option<&Digest>| {
                    reference.name() == *repository && of == Some(digest)
                };
                let is_named = placements.values().any(|placement| {
                    let image = &placement.desired.image;
                    ImageReference::parse(&image.reference)
                        .is_ok_and(|reference| is(&reference, Some(&image.digest)))
                });
                is_named || held.iter().any(|held| is(held, held.digest()))
            });
        }
        self.observed.push((Instant::now(), observed));
    }

    fn take(&mut self, report: Progress) {
        let Some(placement) = self.placements.get_mut(&report.placement) else {
            return;
        };
        if placement.desired.attempt != report.attempt {
            return;
        }
        let reference = ImageReference::parse(&placement.desired.image.reference);
        let image = reference
            .as_ref()
            .map(|reference| (reference.name(), placement.desired.image.digest.clone()));
        if report.bringing {
            self.brought.entry(image.clone().unwrap()).or_default();
        }
        if let (Ok(reference), Ok(image)) = (&reference, &image)
            && let Some(tags) = self.brought.get_mut(image)
        {
            tags.extend(reference.tag().map(str::to_owned));
        }
        if report.gone {
            assert_eq!(placement.desired.goal, Goal::Absent);
            self.placements.remove(&report.placement);
            self.generation += 1;
            if let Some(kept) = report.kept {
                self.kept.push((kept.reason, kept.detail));
            } else if let Ok(image) = image {
                self.brought.remove(&image);
            }
            return;
        }
        let is_removing = report.state == PlacementState::Removing;
        assert_eq!(placement.desired.goal == Goal::Absent, is_removing);
        let is_overtaken = placement.desired.state == PlacementState::Failed
            && matches!(
                report.state,
                PlacementState::Waiting | PlacementState::Pulling
            );
        if !is_overtaken {
            placement.desired.state = report.state;
            placement.last = Some(report);
        }
    }
}

fn answer(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

fn unknown_token() -> Response<Bytes> {
    let mut response = answer(StatusCode::UNAUTHORIZED);
    *response.body_mut() = Bytes::from_static(br#"{"code": "sign-in-needed"}"#);
    response
}

#[async_trait]
impl Connection for FakeServer {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ConnectionError> {
        assert_eq!(request.headers()[INSTANCE_HEADER], "a1");
        let lost = || ConnectionError::new("the server is not there");
        let (fault, down) = self.change(|state| {
            let fault = state.faults.remove(&state.requests);
            state.requests += 1;
            (fault, state.down)
        });
        if self.state().refuses_token {
            return Ok(unknown_token());
        }
        if let Some(status) = down {
            return Ok(answer(status));
        }
        match fault {
            Some(Fault::NotSent) => return Err(lost()),
            Some(Fault::Unavailable) => return Ok(answer(StatusCode::SERVICE_UNAVAILABLE)),
            Some(Fault::AnswerLost) | None => {}
        }
        let response = match (request.method(), request.uri().path()) {
            (&Method::GET, "/api/agent/v1/desired") => {
                let query = request.uri().query().unwrap_or_default();
                self.desired(request.headers(), query).await
            }
            (&Method::PUT, "/api/agent/v1/observed") => {
                let observed = serde_json::from_slice(request.body()).unwrap();
                self.change(|state| state.observe(observed));
                answer(StatusCode::NO_CONTENT)
            }
            (&Method::POST, "/api/agent/v1/progress") => {
                self.progress(serde_json::from_slice(request.body()).unwrap())
            }
            other => panic!("no such request: {other:?}"),
        };
        if fault == Some(Fault::AnswerLost) {
            return Err(lost());
        }
        Ok(response)
    }
}
