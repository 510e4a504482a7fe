use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{self, KeepAlive, Sse};
use futures_util::Stream;
use serde_json::json;

use super::{Preview, PreviewState};

/// How often a silent stream says that it is alive.
const ALIVE: Duration = Duration::from_secs(15);

/// What there is to see now, and again whenever it changes, until the preview ends.
pub(super) async fn stream(
    State(mut preview): State<Preview>,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    preview.states.mark_changed();
    let stream = futures_util::stream::unfold(preview, async |mut preview| {
        tokio::select! {
            changed = preview.states.changed() => changed.ok()?,
            () = preview.shutdown.cancelled() => return None,
        }
        let event = event(&preview.states.borrow_and_update());
        Some((Ok(event), preview))
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(ALIVE))
}

fn event(state: &PreviewState) -> sse::Event {
    let data = json!({"build": state.build, "problems": state.problems});
    sse::Event::default().data(data.to_string())
}
