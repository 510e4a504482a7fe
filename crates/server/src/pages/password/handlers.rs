use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;

use super::view::FirstPassword;
use crate::app::App;
use crate::auth::check_password;
use crate::error::AppResult;
use crate::extract::Form;
use crate::pages::request::{Page, host, see, show};
use crate::services::sign_in;

pub(crate) async fn show_first_password(State(app): State<App>, page: Page) -> AppResult<Response> {
    show(
        StatusCode::OK,
        &FirstPassword::new(&page.context(&app), &host(&app), None),
    )
}

#[derive(Debug, Deserialize)]
pub(crate) struct PasswordForm {
    password: String,
    repeat: String,
}

pub(crate) async fn set_first_password(
    State(app): State<App>,
    page: Page,
    Form(form): Form<PasswordForm>,
) -> AppResult<Response> {
    let failure = match check_password(&form.password, &page.person.name) {
        Ok(()) if form.password != form.repeat => Some("The two passwords differ."),
        Ok(()) => None,
        Err(failure) => Some(failure),
    };
    if let Some(failure) = failure {
        return show(
            StatusCode::UNPROCESSABLE_ENTITY,
            &FirstPassword::new(&page.context(&app), &host(&app), Some(failure)),
        );
    }
    let person = (page.person.user, page.person.name.as_str());
    sign_in::set_password(&app, person, SecretString::from(form.password)).await?;
    Ok(see("/"))
}

pub(crate) async fn skip(_: Page) -> Response {
    see("/")
}
