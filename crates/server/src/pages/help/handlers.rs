use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::view::WarningsHelp;
use crate::app::App;
use crate::error::AppResult;
use crate::pages::request::{Page, show};

pub(crate) async fn show_warnings(State(app): State<App>, page: Page) -> AppResult<Response> {
    show(StatusCode::OK, &WarningsHelp::new(&page.context(&app)))
}
