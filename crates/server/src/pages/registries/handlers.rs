use std::time::Duration;

use api::{CreateRegistry, InspectRegistry, UpdateRegistry};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use model::RegistryId;
use serde::Deserialize;

use super::view::{AddForm, AddRegistry, RegistriesPage, RegistryDetail, RemoveRegistry};
use crate::app::App;
use crate::error::AppResult;
use crate::extract::{Form, Id, Query};
use crate::pages::context::return_address;
use crate::pages::errors::view::ErrorPage;
use crate::pages::request::{Page, see, show};
use crate::services::{listings, registries};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SearchQuery {
    search: String,
}

pub(crate) async fn show_all(
    State(app): State<App>,
    page: Page,
    Query(query): Query<SearchQuery>,
) -> AppResult<Response> {
    let context = page.context(&app);
    show(
        StatusCode::OK,
        &RegistriesPage::new(&context, &registries::list(&app).await?, &query.search),
    )
}

pub(crate) async fn show_add(
    State(app): State<App>,
    page: Page,
    Query(form): Query<AddForm>,
) -> AppResult<Response> {
    show_form(&app, &page, StatusCode::OK, &form, &[], None).await
}

async fn show_form(
    app: &App,
    page: &Page,
    status: StatusCode,
    form: &AddForm,
    steps: &[api::StepReport],
    problem: Option<&api::Problem>,
) -> AppResult<Response> {
    let gone = registries::first_party_gone(app, &registries::list(app).await?);
    show(
        status,
        &AddRegistry::new(&page.context(app), form, steps, problem, gone.as_deref()),
    )
}

pub(crate) async fn check(
    State(app): State<App>,
    page: Page,
    Form(form): Form<AddForm>,
) -> AppResult<Response> {
    let request = InspectRegistry {
        url: form.url.clone(),
        username: given(&form.username),
        password: given(&form.password),
    };
    let steps = registries::inspect_all(&app, request).await;
    show_form(&app, &page, StatusCode::OK, &form, &steps, None).await
}

pub(crate) async fn add(
    State(app): State<App>,
    page: Page,
    Form(form): Form<AddForm>,
) -> AppResult<Response> {
    let request = CreateRegistry {
        url: form.url.clone(),
        username: given(&form.username),
        password: given(&form.password),
        keep: form.keeps(),
    };
    match registries::create(&app, request).await {
        Ok(registry) => Ok(see(&format!("/?registry={}", registry.id))),
        Err(error) if error.status().is_client_error() => {
            show_form(
                &app,
                &page,
                error.status(),
                &form,
                &[],
                Some(&error.to_problem()),
            )
            .await
        }
        Err(error) => Err(error),
    }
}

fn given(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

pub(crate) async fn show_one(
    State(app): State<App>,
    page: Page,
    Id(id): Id<RegistryId>,
) -> AppResult<Response> {
    let context = page.context(&app);
    let registry = registries::find(&app, id).await?;
    let unfit = listings::unfit_of(&app, id).await?;
    show(
        StatusCode::OK,
        &RegistryDetail::new(&context, &registry, &unfit),
    )
}

pub(crate) async fn show_remove(
    State(app): State<App>,
    page: Page,
    Id(id): Id<RegistryId>,
) -> AppResult<Response> {
    let registry = registries::find(&app, id).await?;
    let staying = registries::installed_from(&app, id).await?;
    show(
        StatusCode::OK,
        &RemoveRegistry::new(&page.context(&app), &registry, &staying),
    )
}

pub(crate) async fn remove(
    State(app): State<App>,
    _: Page,
    Id(id): Id<RegistryId>,
) -> AppResult<Response> {
    registries::delete(&app, id, None).await?;
    Ok(see("/"))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BackForm {
    back: String,
}

impl BackForm {
    /// Where the form was shown.
    pub(crate) fn back(&self) -> &str {
        &self.back
    }
}

pub(crate) async fn refresh(
    State(app): State<App>,
    page: Page,
    Id(id): Id<RegistryId>,
    Form(form): Form<BackForm>,
) -> AppResult<Response> {
    let back = return_address(&form.back);
    let wait = registries::refresh_now(&app, id).await?;
    if wait == Duration::ZERO {
        return Ok(see(back));
    }
    let seconds = wait.as_millis().div_ceil(1000) as u64;
    show(
        StatusCode::ACCEPTED,
        &ErrorPage::not_yet(&page.context(&app), seconds, back),
    )
}

pub(crate) async fn refresh_all(
    State(app): State<App>,
    _: Page,
    Form(form): Form<BackForm>,
) -> AppResult<Response> {
    registries::refresh_all(&app).await?;
    Ok(see(return_address(&form.back)))
}

#[derive(Debug, Deserialize)]
pub(crate) struct AutomaticUpdatesForm {
    /// `on`; a form without script leaves an unticked box out.
    enabled: Option<String>,
    #[serde(default)]
    back: String,
}

pub(crate) async fn set_automatic_updates(
    State(app): State<App>,
    _: Page,
    Id(id): Id<RegistryId>,
    Form(form): Form<AutomaticUpdatesForm>,
) -> AppResult<Response> {
    let request = UpdateRegistry {
        automatic_updates: Some(form.enabled.as_deref() == Some("on")),
        ..UpdateRegistry::default()
    };
    registries::update(&app, id, None, request).await?;
    Ok(see(return_address(&form.back)))
}

#[derive(Debug, Deserialize)]
pub(crate) struct CredentialsForm {
    username: String,
    password: String,
    #[serde(default)]
    back: String,
}

pub(crate) async fn set_credentials(
    State(app): State<App>,
    _: Page,
    Id(id): Id<RegistryId>,
    Form(form): Form<CredentialsForm>,
) -> AppResult<Response> {
    let request = UpdateRegistry {
        automatic_updates: None,
        password: given(&form.password).filter(|_| !form.username.is_empty()),
        username: Some(form.username),
    };
    registries::update(&app, id, None, request).await?;
    Ok(see(return_address(&form.back)))
}
