use api::{FieldError, InstallRequest, ListingDetail, UpdateWorkspace, Workspace};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use model::{ListingId, WorkspaceId};
use serde::Deserialize;
use serde_json::value::RawValue;
use ui::EditForm;

use super::view::{EditPage, FindingsFragment};
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::extract::{Form, Id, Query};
use crate::pages::request::{Page, see, show};
use crate::services::installs::{self, Installed};
use crate::services::{definitions, listings, registries, workspaces};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CopyQuery {
    copy: Option<String>,
}

/// The form's fields with those around them.
#[derive(Debug, Deserialize)]
pub(crate) struct EditRequest {
    #[serde(flatten)]
    form: EditForm,
    copy: Option<String>,
    version: Option<String>,
    listing: Option<String>,
    workspace: Option<String>,
}

pub(crate) async fn show_listing(
    State(app): State<App>,
    page: Page,
    Id(id): Id<ListingId>,
    Query(query): Query<CopyQuery>,
) -> AppResult<Response> {
    let listing = listings::find(&app, id).await?;
    let form = EditForm::of_listing(&listing);
    show_for_listing(
        &app,
        &page,
        StatusCode::OK,
        &listing,
        &form,
        &[],
        query.copy.is_some(),
    )
    .await
}

async fn show_for_listing(
    app: &App,
    page: &Page,
    status: StatusCode,
    listing: &ListingDetail,
    form: &EditForm,
    errors: &[FieldError],
    copy: bool,
) -> AppResult<Response> {
    let registry = registries::find(app, listing.summary.registry.id)
        .await
        .ok();
    show(
        status,
        &EditPage::for_listing(
            &page.context(app),
            listing,
            registry.as_ref(),
            form,
            errors,
            copy,
        ),
    )
}

pub(crate) async fn install_edited(
    State(app): State<App>,
    page: Page,
    Id(id): Id<ListingId>,
    Form(request): Form<EditRequest>,
) -> AppResult<Response> {
    let listing = listings::find(&app, id).await?;
    let copy = request.copy.is_some();
    let result = match changes(
        &request.form,
        listing.json.get(),
        listing.summary.version.as_deref(),
    ) {
        Ok(changes) => {
            installs::install(
                &app,
                InstallRequest {
                    listing: id,
                    changes,
                    agents: None,
                    copy,
                },
            )
            .await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(Installed::Begun(workspace) | Installed::Already(workspace)) => {
            Ok(see(&format!("/workspaces#workspace-{workspace}")))
        }
        Err(error) if !error.field_errors().is_empty() => {
            let errors = form_errors(&error);
            show_for_listing(
                &app,
                &page,
                StatusCode::UNPROCESSABLE_ENTITY,
                &listing,
                &request.form,
                &errors,
                copy,
            )
            .await
        }
        Err(error) => Err(error),
    }
}

pub(crate) async fn show_workspace(
    State(app): State<App>,
    page: Page,
    Id(id): Id<WorkspaceId>,
) -> AppResult<Response> {
    let workspace = workspaces::find(&app, id).await?;
    let form = EditForm::of_workspace(&workspace);
    show_for_workspace(&app, &page, StatusCode::OK, &workspace, &form, &[]).await
}

async fn show_for_workspace(
    app: &App,
    page: &Page,
    status: StatusCode,
    workspace: &Workspace,
    form: &EditForm,
    errors: &[FieldError],
) -> AppResult<Response> {
    let registry = match workspace.registry {
        Some(registry) => registries::find(app, registry).await.ok(),
        None => None,
    };
    show(
        status,
        &EditPage::for_workspace(
            &page.context(app),
            workspace,
            registry.as_ref(),
            form,
            errors,
        ),
    )
}

pub(crate) async fn update_workspace(
    State(app): State<App>,
    page: Page,
    Id(id): Id<WorkspaceId>,
    Form(request): Form<EditRequest>,
) -> AppResult<Response> {
    let workspace = workspaces::find(&app, id).await?;
    let base = installs::base(&app, id).await?;
    let result = match changes(&request.form, &base.json, base.version.as_deref()) {
        Ok(changes) => {
            let changes = changes
                .map_or_else(|| RawValue::from_string("{}".to_owned()), Ok)
                .map_err(AppError::internal)?;
            let expected = request
                .version
                .as_deref()
                .and_then(|version| version.parse().ok());
            installs::update(
                &app,
                id,
                expected,
                UpdateWorkspace {
                    changes: Some(changes),
                },
            )
            .await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(()) => Ok(see(&format!("/workspaces#workspace-{id}"))),
        Err(error) if !error.field_errors().is_empty() => {
            let errors = form_errors(&error);
            show_for_workspace(
                &app,
                &page,
                StatusCode::UNPROCESSABLE_ENTITY,
                &workspace,
                &request.form,
                &errors,
            )
            .await
        }
        Err(error) => Err(error),
    }
}

/// Findings of what is typed, while it is typed.
pub(crate) async fn show_findings(
    State(app): State<App>,
    _: Page,
    Form(request): Form<EditRequest>,
) -> AppResult<Response> {
    let (json, version) = match (
        request.listing.as_deref().map(str::parse),
        request.workspace.as_deref().map(str::parse),
    ) {
        (Some(Ok(listing)), _) => {
            let listing = listings::find(&app, listing).await?;
            (listing.json.get().to_owned(), listing.summary.version)
        }
        (_, Some(Ok(workspace))) => {
            let base = installs::base(&app, workspace).await?;
            (base.json, base.version)
        }
        _ => {
            return Err(AppError::bad_request(
                "The form names neither a listing nor a workspace.",
            ));
        }
    };
    let edited = changes(&request.form, &json, version.as_deref())
        .and_then(|changes| installs::apply_changes(&json, changes.as_deref(), None));
    match edited {
        Ok(edited) => show(
            StatusCode::OK,
            &FindingsFragment::new(&listings::findings(&edited.definition), &[]),
        ),
        Err(error) if !error.field_errors().is_empty() => show(
            StatusCode::OK,
            &FindingsFragment::new(&[], &form_errors(&error)),
        ),
        Err(error) => Err(error),
    }
}

/// What the form changes, as a merge patch.
fn changes(
    form: &EditForm,
    published: &str,
    version: Option<&str>,
) -> AppResult<Option<Box<RawValue>>> {
    let published = definitions::read(published)?.value;
    let patch = form
        .changes(&published, version)
        .map_err(AppError::invalid_fields)?;
    let text =
        patch.map(|patch| String::from_utf8_lossy(&model::json::stringify(&patch)).into_owned());
    text.map(RawValue::from_string)
        .transpose()
        .map_err(AppError::internal)
}

/// The form's fields have no `/changes` around them.
fn form_errors(error: &AppError) -> Vec<FieldError> {
    let own = |error: &FieldError| {
        let pointer = error
            .pointer
            .strip_prefix("/changes")
            .unwrap_or(&error.pointer)
            .to_owned();
        FieldError {
            pointer,
            ..error.clone()
        }
    };
    error.field_errors().iter().map(own).collect()
}
