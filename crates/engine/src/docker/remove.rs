use bollard::Docker;
use bollard::models::{ContainerSummary, ImageInspect};
use bollard::query_parameters::{ListContainersOptionsBuilder, RemoveImageOptionsBuilder};
use model::ImageReference;

use super::connection::{classify, status, within};
use super::{QUICK, SLOW, inspect};
use crate::{EngineError, Holder, PinnedImage, Removal};

/// How many containers or names a reason lists.
const LISTED: usize = 3;

/// Drops our names of an image unless a container uses it.
pub(super) async fn remove(
    docker: &Docker,
    image: &PinnedImage,
    tags: &[String],
) -> Result<Removal, EngineError> {
    let Some(found) = inspect(docker, &image.canonical()).await? else {
        return Ok(Removal::NotThere);
    };
    if let Some(reason) = used_by(docker, &found).await? {
        let by = Holder::Container;
        return Ok(Removal::Kept { by, reason });
    }
    // Tags first: with the last tag of a repository Docker drops the digests of that repository.
    let names = image
        .all_tagged(tags)
        .filter(|tagged| has_tag(&found, tagged));
    for name in names.chain([image.canonical()]) {
        if let Dropped::Conflict(reason) = drop_name(docker, &name).await? {
            let by = holder(&reason);
            return Ok(Removal::Kept { by, reason });
        }
    }
    let id = found.id.as_deref().unwrap_or_default();
    match inspect(docker, id).await? {
        Some(left) if !id.is_empty() => Ok(Removal::Kept {
            by: Holder::Image,
            reason: other_names(&left),
        }),
        _ => Ok(Removal::Removed {
            bytes: found
                .size
                .and_then(|size| u64::try_from(size).ok())
                .unwrap_or(0),
        }),
    }
}

/// Drops the published tag if it names this image.
pub(super) async fn untag(docker: &Docker, image: &PinnedImage) -> Result<(), EngineError> {
    let Some(tagged) = image.tagged() else {
        return Ok(());
    };
    let Some(found) = inspect(docker, &image.canonical()).await? else {
        return Ok(());
    };
    let names = names(&found);
    // Docker drops the digest with the last tag of a repository, and others want the digest.
    let is_last_tag = !names
        .iter()
        .any(|name| name.digest().is_none() && is_sibling(name, image, &tagged));
    if !has_tag(&found, &tagged) || is_last_tag {
        return Ok(());
    }
    drop_name(docker, &tagged).await.map(|_| ())
}

fn is_sibling(name: &ImageReference, image: &PinnedImage, tagged: &str) -> bool {
    name.name() == image.reference.name() && full_tag(name) != tagged
}

/// How dropping a name ended.
pub(super) enum Dropped {
    /// The name is gone, or was not there.
    Gone,
    /// Something uses the image; the engine's words.
    Conflict(String),
}

/// Drops one name, never by force.
pub(super) async fn drop_name(docker: &Docker, name: &str) -> Result<Dropped, EngineError> {
    let options = RemoveImageOptionsBuilder::new()
        .force(false)
        .noprune(false)
        .build();
    match within(SLOW, docker.remove_image(name, Some(options), None)).await {
        Ok(_) => Ok(Dropped::Gone),
        Err(error) => match status(&error) {
            Some(404) => Ok(Dropped::Gone),
            Some(409) => Ok(Dropped::Conflict(classify(&error).text)),
            _ => Err(classify(&error)),
        },
    }
}

/// Whom Docker's words on a conflict mean: a container that came meanwhile, or an image built on it.
fn holder(words: &str) -> Holder {
    if words.contains("container") {
        Holder::Container
    } else {
        Holder::Image
    }
}

/// Names the containers, stopped ones included, that were made from the image.
async fn used_by(docker: &Docker, found: &ImageInspect) -> Result<Option<String>, EngineError> {
    let options = ListContainersOptionsBuilder::new().all(true).build();
    let containers = within(QUICK, docker.list_containers(Some(options)))
        .await
        .map_err(|error| classify(&error))?;
    let users: Vec<String> = containers
        .iter()
        .filter(|container| found.id.is_some() && container.image_id == found.id)
        .map(container_name)
        .collect();
    Ok(match users.as_slice() {
        [] => None,
        [only] => Some(format!("container {only} uses the image")),
        several => Some(format!("containers {} use the image", listed(several))),
    })
}

fn container_name(container: &ContainerSummary) -> String {
    let name = container
        .names
        .iter()
        .flatten()
        .map(|name| name.trim_start_matches('/'))
        .find(|name| !name.is_empty() && !name.contains('/'));
    match (name, &container.id) {
        (Some(name), _) => name.to_owned(),
        (None, Some(id)) => id.chars().take(12).collect(),
        (None, None) => "without a name".to_owned(),
    }
}

fn other_names(left: &ImageInspect) -> String {
    let tags: Vec<String> = left.repo_tags.iter().flatten().cloned().collect();
    let all = if tags.is_empty() {
        left.repo_digests.clone().unwrap_or_default()
    } else {
        tags
    };
    if all.is_empty() {
        "other images were built on it".to_owned()
    } else {
        format!("the image is also named {}", listed(&all))
    }
}

fn listed(texts: &[String]) -> String {
    let shown = texts
        .iter()
        .take(LISTED)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    match texts.len().checked_sub(LISTED) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}

fn has_tag(found: &ImageInspect, tagged: &str) -> bool {
    names(found)
        .iter()
        .any(|name| name.digest().is_none() && full_tag(name) == tagged)
}

fn full_tag(name: &ImageReference) -> String {
    format!("{}:{}", name.name(), name.tag_or_latest())
}

/// Tags and digests of an image, as far as they can be read.
fn names(found: &ImageInspect) -> Vec<ImageReference> {
    let tags = found.repo_tags.iter().flatten();
    let digests = found.repo_digests.iter().flatten();
    tags.chain(digests)
        .filter_map(|text| ImageReference::parse(text).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn long_lists_are_cut() {
        let names = |count: usize| -> Vec<String> {
            (1..=count).map(|number| format!("web-{number}")).collect()
        };
        assert_eq!(listed(&names(1)), "web-1");
        assert_eq!(listed(&names(3)), "web-1, web-2, web-3");
        assert_eq!(listed(&names(5)), "web-1, web-2, web-3 and 2 more");
    }
}
