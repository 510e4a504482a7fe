use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use api::{Event, EventData};
use axum::extract::State;
use axum::response::sse::{self, KeepAlive, Sse};
use futures_util::Stream;
use http::HeaderMap;
use model::SessionId;
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;

use crate::app::App;
use crate::auth::{Caller, Scope};
use crate::error::AppError;
use crate::events::{Signal, Subscription};
use crate::extract::Query;

/// How often a silent stream says that it is alive.
const ALIVE: Duration = Duration::from_secs(15);

/// A browser tab that takes over the stream cannot set the header: it says in the query where to go on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Since {
    last_event_id: Option<u64>,
}

/// `GET /api/v1/events`: numbered server-sent events, without end until shutdown or sign-out.
pub(super) async fn stream(
    State(app): State<App>,
    caller: Caller,
    headers: HeaderMap,
    Query(since): Query<Since>,
) -> Result<Sse<impl Stream<Item = Result<sse::Event, Infallible>>>, AppError> {
    caller.require(Scope::Read)?;
    let header = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok());
    let Subscription { missed, receiver } = app.events.subscribe(header.or(since.last_event_id));
    let state = Listener {
        app,
        session: caller.session(),
        pending: missed.into(),
        receiver,
    };
    let stream = futures_util::stream::unfold(state, async |mut state| {
        let event = state.next().await?;
        Some((Ok(frame(&event)), state))
    });
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(ALIVE)))
}

struct Listener {
    app: App,
    session: Option<SessionId>,
    pending: VecDeque<Event>,
    receiver: tokio::sync::broadcast::Receiver<Signal>,
}

impl Listener {
    async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.pending.pop_front() {
            return Some(event);
        }
        loop {
            let signal = tokio::select! {
                signal = self.receiver.recv() => signal,
                () = self.app.shutdown.cancelled() => return None,
            };
            match signal {
                Ok(Signal::Event(event)) => return Some(event),
                Ok(Signal::SignedOut(session)) if Some(session) == self.session => return None,
                Ok(Signal::SignedOut(_)) => {}
                // Fell behind: what was lost is read anew, what comes next is heard again.
                Err(RecvError::Lagged(_)) => {
                    self.receiver = self.receiver.resubscribe();
                    return Some(Event {
                        id: self.app.events.newest(),
                        data: EventData::Resync,
                    });
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

fn frame(event: &Event) -> sse::Event {
    let value = serde_json::to_value(event).unwrap_or_default();
    let kind = value
        .get("kind")
        .and_then(serde_json::Value::as_str)
        .unwrap_or("resync")
        .to_owned();
    sse::Event::default()
        .id(event.id.to_string())
        .event(kind)
        .data(value.to_string())
}
