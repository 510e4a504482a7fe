//! Pins a workspace's image to the digest that its tag answers with.

use std::time::Duration;

use api::Cause;
use images::ImageCause;
use model::{Digest, ImageReference, WorkspaceId};
use outbound::Reach;
use serde::{Deserialize, Serialize};
use store::{Resolution, ResolveFailure, WorkspaceRow};

use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::jobs::{self, Done, Job};
use crate::services::{definitions, workspaces};

/// How often a resolve is tried before a person is told, where another try may help.
const TRIES: i32 = 3;

/// The longest wait that an image registry may ask for before a person is told instead.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What is known of a resolved image, as stored with the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Platform {
    pub(crate) os: String,
    pub(crate) architecture: String,
    pub(crate) manifest: Digest,
    pub(crate) config: Digest,
    pub(crate) layers: Vec<Layer>,
}

/// A layer as it is transferred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Layer {
    pub(crate) digest: Digest,
    pub(crate) size: u64,
}

/// Bytes to transfer for an architecture, layers and config counted once each.
pub(crate) fn transfer_bytes(platforms: &[Platform], architecture: &str) -> u64 {
    let platform = platforms
        .iter()
        .find(|platform| platform.os == "linux" && platform.architecture == architecture);
    platform.map_or(0, |platform| {
        platform.layers.iter().map(|layer| layer.size).sum()
    })
}

/// Reads what was stored by [`run`].
pub(crate) fn stored_platforms(text: Option<&str>) -> Vec<Platform> {
    text.and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

/// Asks for the digest of a workspace's image.
pub(crate) async fn enqueue(app: &App, workspace: WorkspaceId) -> AppResult<()> {
    jobs::enqueue(app, Job::Resolve(workspace), Duration::ZERO).await
}

/// Takes up what was installed but not resolved when the server ended.
pub(crate) async fn resume(app: &App) -> AppResult<()> {
    for workspace in app.store.workspaces().unresolved().await? {
        enqueue(app, workspace).await?;
    }
    Ok(())
}

/// The job itself.
pub(crate) async fn run(app: &App, id: WorkspaceId, attempt: i32) -> AppResult<Done> {
    let Some(row) = app.store.workspaces().find(id).await? else {
        return Ok(Done::Finished);
    };
    if row.removing || row.digest.is_some() {
        return Ok(Done::Finished);
    }
    let image = row.image.clone();
    let reference = match ImageReference::parse(&image) {
        Ok(reference) => reference,
        Err(error) => return fail(app, id, &image, Cause::Other, &error.to_string()).await,
    };
    match app
        .image_registry
        .with_reach(reach(app, &row).await?)
        .resolve(&reference, None)
        .await
    {
        Ok(resolved) => {
            let platforms: Vec<Platform> = resolved
                .platforms
                .into_iter()
                .map(stored_platform)
                .collect();
            let resolution = Resolution {
                digest: resolved.digest,
                media_type: resolved.media_type,
                platforms: serde_json::to_string(&platforms).map_err(AppError::internal)?,
            };
            app.store
                .workspaces()
                .set_resolution(id, &image, resolution)
                .await?;
            app.jobs.desired_changed();
            workspaces::publish_progress(app, id).await?;
            Ok(Done::Finished)
        }
        Err(error) => {
            let pause = error
                .retry_after()
                .unwrap_or_else(|| Duration::from_secs(2 << attempt.clamp(0, 4)));
            let may_pass = matches!(
                error.cause(),
                ImageCause::TimedOut | ImageCause::RateLimited | ImageCause::NameNotResolved
            );
            if may_pass && attempt < TRIES && pause <= LONGEST_WAIT {
                return Ok(Done::Again(pause));
            }
            fail(app, id, &image, cause(error.cause()), &error.to_string()).await
        }
    }
}

/// Who named the image: the administrator who edited it, else its registry. What a registry that is gone had named is
/// taken as named by a public one.
async fn reach(app: &App, row: &WorkspaceRow) -> AppResult<Reach> {
    let registry = match row.registry_id {
        Some(id) => app.store.registries().find(id).await?,
        None => None,
    };
    let default_channel = registry
        .as_ref()
        .and_then(|registry| registry.default_channel.as_deref());
    let published = definitions::read(&row.base_json)?.definition;
    let published = definitions::default_choice(&published, default_channel).image;
    if published.is_some_and(|image| image != row.image) {
        return Ok(Reach::Typed);
    }
    Ok(Reach::Supplied {
        from_public: registry.is_none_or(|registry| registry.from_public),
    })
}

async fn fail(
    app: &App,
    id: WorkspaceId,
    image: &str,
    cause: Cause,
    detail: &str,
) -> AppResult<Done> {
    let failure = ResolveFailure {
        cause: workspaces::cause_text(cause),
        detail: detail.to_owned(),
    };
    app.store
        .workspaces()
        .set_resolution_failure(id, image, failure)
        .await?;
    workspaces::publish_progress(app, id).await?;
    Ok(Done::Finished)
}

fn stored_platform(platform: images::PlatformImage) -> Platform {
    Platform {
        os: platform.os,
        architecture: platform.architecture,
        manifest: platform.manifest,
        config: platform.config,
        layers: platform
            .layers
            .into_iter()
            .map(|layer| Layer {
                digest: layer.digest,
                size: layer.size,
            })
            .collect(),
    }
}

/// The API's word for an image registry's answer.
fn cause(cause: ImageCause) -> Cause {
    match cause {
        ImageCause::NotFound => Cause::NotFound,
        ImageCause::Denied => Cause::Denied,
        ImageCause::RateLimited => Cause::RateLimited,
        ImageCause::NameNotResolved => Cause::NameNotResolved,
        ImageCause::TimedOut => Cause::TimedOut,
        ImageCause::WrongArchitecture => Cause::WrongArchitecture,
        ImageCause::NoSpace => Cause::NoSpace,
        ImageCause::DigestMismatch => Cause::DigestMismatch,
        ImageCause::RefusedByPolicy => Cause::RefusedByPolicy,
        ImageCause::Other => Cause::Other,
    }
}
