use api::{DefinitionFormat, Problem, WorkspaceDefinition};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use model::WorkspaceId;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::auth::{Caller, Scope};
use crate::error::AppError;
use crate::extract::{Id, Query};
use crate::services::forms;

/// Query of `GET /workspaces/{id}/definition`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct DefinitionQueryParams {
    /// The form; `json` unless told.
    #[param(inline)]
    format: DefinitionFormat,
}

/// What is answered as JSON: `json` and `kasm`.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it only describes answers")]
pub(super) enum JsonForm {
    /// Everything.
    Whole(Box<WorkspaceDefinition>),
    /// An image of Kasm Workspaces.
    Kasm(KasmImage),
}

/// An image of Kasm Workspaces, with more properties than are told here.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes answers")]
pub(super) struct KasmImage {
    /// The image with its tag.
    name: String,
    /// Always `Container`.
    image_type: String,
    /// Start options, as docker-py has them.
    #[schema(value_type = Option<Object>)]
    run_config: (),
}

/// Find the effective definition of a workspace: the listing's copy, the edits and the digest, in the form asked for.
///
/// As `json` it says what the other forms cannot express; `docker` and `compose` say so in comments, too.
#[utoipa::path(
    get,
    path = "/api/v1/workspaces/{id}/definition",
    params(("id" = WorkspaceId, Path, description = "Workspace"), DefinitionQueryParams),
    responses(
        (status = 200, description = "The definition in the form asked for", content(
            (JsonForm = "application/json"),
            (String = "text/plain", example = "docker run --detach \\\n  --hostname kasm \\\n  kasmweb/chromium:1.17.0\n"),
            (String = "application/yaml", example = "services:\n  chromium:\n    image: \"kasmweb/chromium:1.17.0\"\n    hostname: \"kasm\"\n"),
        )),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Its image reference is none"),
    )
)]
pub(super) async fn find_definition(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id<WorkspaceId>,
    Query(query): Query<DefinitionQueryParams>,
) -> Result<Response, AppError> {
    caller.require(Scope::Read)?;
    let forms = forms::read(&app, id).await?;
    let (media_type, text) = match query.format {
        DefinitionFormat::Json => return Ok(axum::Json(forms.definition).into_response()),
        DefinitionFormat::Docker => ("text/plain; charset=utf-8", forms.docker.with_comments()),
        DefinitionFormat::Compose => ("application/yaml", forms.compose.with_comments()),
        DefinitionFormat::Kasm => ("application/json", forms.kasm.text),
    };
    Ok(([(header::CONTENT_TYPE, media_type)], text).into_response())
}
