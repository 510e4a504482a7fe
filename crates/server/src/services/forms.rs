//! The definition of a workspace in every form.

use api::{NotExpressed, Remark, WorkspaceDefinition};
use launch::Written;
use model::{ImageReference, WorkspaceId};
use serde_json::value::RawValue;
use store::WorkspaceRow;

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::services::definitions::{self, ReadDefinition};
use crate::services::icons;

/// A definition in its four forms.
#[derive(Debug)]
pub(crate) struct Forms {
    pub(crate) definition: WorkspaceDefinition,
    pub(crate) docker: Written,
    pub(crate) compose: Written,
    pub(crate) kasm: Written,
}

/// Writes all forms: none is costly, and the first tells what the others leave out.
pub(crate) async fn read(app: &App, id: WorkspaceId) -> AppResult<Forms> {
    let row = app
        .store
        .workspaces()
        .find(id)
        .await?
        .ok_or_else(|| AppError::workspace_not_found(id))?;
    let ReadDefinition { value, definition } = definitions::read(&row.effective_json)?;
    let image = ImageReference::parse(&row.image).map_err(|error| {
        AppError::conflict(
            "no-usable-image",
            format!("The image `{}` cannot be used: {error}.", row.image),
            "Correct the image under Edit.",
        )
    })?;
    let workspace = launch::Workspace {
        name: &row.friendly_name,
        image: &image,
        digest: row.digest.as_ref(),
        definition: &value,
    };
    let icon = match &definition.image_src {
        Some(name) => icon_address(app, &row, name).await?,
        None => None,
    };
    let size =
        definitions::default_choice(&definition, row.channel.as_deref()).uncompressed_size_mb;
    let docker = launch::docker_line(&workspace);
    let compose = launch::compose_file(&workspace);
    let kasm = launch::kasm_image(&workspace, icon.as_deref(), size);
    Ok(Forms {
        definition: WorkspaceDefinition {
            workspace: id,
            image: workspace.pinned_image(),
            not_expressed: NotExpressed {
                docker: remarks(&docker),
                compose: remarks(&compose),
                kasm: remarks(&kasm),
            },
            base: raw(row.base_json)?,
            changes: raw(row.changes_json.unwrap_or_else(|| "{}".to_owned()))?,
            definition: raw(row.effective_json)?,
            digest: row.digest,
            version: row.version,
            channel: row.channel,
        },
        docker,
        compose,
        kasm,
    })
}

fn remarks(written: &Written) -> Vec<Remark> {
    let remarks = written.remarks.iter().map(|remark| Remark {
        property: remark.property.clone(),
        reason: remark.reason.clone(),
    });
    remarks.collect()
}

fn raw(json: String) -> AppResult<Box<RawValue>> {
    RawValue::from_string(json).map_err(AppError::internal)
}

/// Where the registry publishes the icon, while the registry is here.
async fn icon_address(app: &App, row: &WorkspaceRow, name: &str) -> AppResult<Option<String>> {
    let Some(id) = row.registry_id else {
        return Ok(None);
    };
    let Some(registry) = app.store.registries().find(id).await? else {
        return Ok(None);
    };
    let base = icons::base(app, &registry)?;
    Ok(base
        .and_then(|base| base.icon_url(name).ok())
        .map(String::from))
}
