use axum::extract::State;

use crate::app::App;
use crate::error::AppResult;

/// `GET /healthz`: says ok and nothing else, while the database answers.
pub(crate) async fn show_health(State(app): State<App>) -> AppResult<&'static str> {
    app.store.ping().await?;
    Ok("ok")
}
