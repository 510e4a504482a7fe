use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::view::{AgentsFragment, AgentsPage};
use crate::app::App;
use crate::error::AppResult;
use crate::pages::request::{Page, show};
use crate::services::agents;

pub(crate) async fn show_all(State(app): State<App>, page: Page) -> AppResult<Response> {
    let context = page.context(&app);
    show(
        StatusCode::OK,
        &AgentsPage::new(&context, &agents::list(&app).await?, &app.config.public_url),
    )
}

pub(crate) async fn show_cards(State(app): State<App>, page: Page) -> AppResult<Response> {
    let context = page.context(&app);
    show(
        StatusCode::OK,
        &AgentsFragment::new(&context, &agents::list(&app).await?),
    )
}
