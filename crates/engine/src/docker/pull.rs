use std::time::Duration;

use bollard::Docker;
use bollard::errors::Error;
use bollard::models::ImageInspect;
use bollard::query_parameters::{CreateImageOptionsBuilder, TagImageOptionsBuilder};
use futures_util::StreamExt;
use model::{Digest, ImageReference};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::connection::{classify, status, within};
use super::layers::Layers;
use super::{QUICK, inspect};
use crate::{Brought, Cause, EngineError, LayerProgress, PinnedImage, Pulled, architecture_of};

/// The longest silence within a pull. An engine says nothing while it writes a large layer.
const SILENCE: Duration = Duration::from_mins(5);

/// How often, and how far apart, the engine is asked for an image that it says it has pulled.
const LOOKS: u32 = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);

/// Pulls by digest unless it is here, waits until the engine shows it, tags it as published.
pub(super) async fn pull(
    docker: &Docker,
    image: &PinnedImage,
    ours: &Brought,
    progress: &(dyn Fn(LayerProgress) + Send + Sync),
    cancel: CancellationToken,
) -> Result<Pulled, EngineError> {
    let found = if let Some(found) = shown(docker, image).await? {
        found
    } else {
        tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(EngineError::cancelled()),
            done = transfer(docker, image, progress) => done?,
        }
        let found = await_shown(docker, image).await?;
        refuse_other_architecture(docker, image, &found).await?;
        found
    };
    tag_as_published(docker, image, ours, &found).await?;
    Ok(Pulled {
        size_bytes: found
            .size
            .and_then(|size| u64::try_from(size).ok())
            .unwrap_or(0),
    })
}

/// Reads the progress stream to its end. Dropping it makes the engine give the pull up.
async fn transfer(
    docker: &Docker,
    image: &PinnedImage,
    progress: &(dyn Fn(LayerProgress) + Send + Sync),
) -> Result<(), EngineError> {
    let options = CreateImageOptionsBuilder::new()
        .from_image(&image.reference.name())
        .tag(image.digest.as_str())
        .build();
    let mut lines = std::pin::pin!(docker.create_image(Some(options), None, None));
    let mut layers = Layers::default();
    loop {
        match timeout(SILENCE, lines.next()).await {
            Ok(Some(Ok(line))) => {
                if let Some(layer) = layers.take(&line) {
                    progress(layer);
                }
            }
            Ok(Some(Err(error))) => return Err(classify(&error)),
            Ok(None) => return Ok(()),
            Err(_) => {
                return Err(EngineError::new(
                    Cause::TimedOut,
                    format!("nothing was received for {} seconds", SILENCE.as_secs()),
                ));
            }
        }
    }
}

/// The image, if the engine has the digest among this repository's.
async fn shown(docker: &Docker, image: &PinnedImage) -> Result<Option<ImageInspect>, EngineError> {
    let found = inspect(docker, &image.canonical()).await?;
    Ok(found.filter(|found| has_digest(found, &image.reference.name(), &image.digest)))
}

async fn await_shown(docker: &Docker, image: &PinnedImage) -> Result<ImageInspect, EngineError> {
    for _ in 0..LOOKS {
        if let Some(found) = shown(docker, image).await? {
            return Ok(found);
        }
        sleep(BETWEEN_LOOKS).await;
    }
    Err(EngineError::new(
        Cause::Other,
        format!(
            "the engine ended the pull of {image} without an error, but does not show the image"
        ),
    ))
}

fn has_digest(found: &ImageInspect, repository: &str, digest: &Digest) -> bool {
    digests(found).any(|(name, known)| name == repository && known == *digest)
}

/// Repository and digest of every name with a digest.
fn digests(found: &ImageInspect) -> impl Iterator<Item = (String, Digest)> + '_ {
    found.repo_digests.iter().flatten().filter_map(|text| {
        let reference = ImageReference::parse(text).ok()?;
        Some((reference.name(), reference.digest()?.clone()))
    })
}

/// An image without an index is pulled by some engines whatever it was built for.
async fn refuse_other_architecture(
    docker: &Docker,
    image: &PinnedImage,
    found: &ImageInspect,
) -> Result<(), EngineError> {
    let info = within(QUICK, docker.info())
        .await
        .map_err(|error| classify(&error))?;
    let (Some(built_for), Some(machine)) = (&found.architecture, &info.architecture) else {
        return Ok(());
    };
    let wanted = architecture_of(machine);
    if built_for.is_empty() || architecture_of(built_for) == wanted {
        return Ok(());
    }
    super::remove::drop_name(docker, &image.canonical()).await?;
    Err(EngineError::new(
        Cause::WrongArchitecture,
        format!("the image is for {built_for}, this host is {wanted}"),
    ))
}

/// Leaves the published tag on the image, unless it names an image that we did not bring.
async fn tag_as_published(
    docker: &Docker,
    image: &PinnedImage,
    ours: &Brought,
    found: &ImageInspect,
) -> Result<(), EngineError> {
    let (Some(tagged), Some(tag)) = (image.tagged(), image.published_tag()) else {
        return Ok(());
    };
    let repository = image.reference.name();
    // Where somebody else brought the image, its names are theirs.
    if !ours.contains(&repository, &image.digest) {
        return Ok(());
    }
    if let Some(named) = inspect(docker, &tagged).await? {
        let is_ours = digests(&named).any(|(name, digest)| ours.contains(&name, &digest));
        if named.id == found.id || !is_ours {
            return Ok(());
        }
    }
    let options = TagImageOptionsBuilder::new()
        .repo(&repository)
        .tag(tag)
        .build();
    match within(QUICK, docker.tag_image(&image.canonical(), Some(options))).await {
        Err(error) if status(&error) == Some(404) => Err(EngineError::new(
            Cause::Other,
            format!("{image} was taken away while it was being tagged"),
        )),
        Err(error) => Err(tag_error(&error)),
        Ok(()) => Ok(()),
    }
}

fn tag_error(error: &Error) -> EngineError {
    let classified = classify(error);
    EngineError::new(
        classified.cause,
        format!("the image could not be tagged: {}", classified.text),
    )
}
