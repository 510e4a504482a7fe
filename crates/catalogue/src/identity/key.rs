use model::ImageReference;
use model::definition::{Definition, WantedChannel, WantedVersion};

use crate::line::squeezed;

/// What a listing is told by across refreshes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ListingKey {
    /// The name, folded.
    pub name_key: String,
    /// Host and repository of its image without tag and digest, such as
    /// `docker.io/kasmweb/chromium`; the text itself where it is no image reference.
    pub image_repository: Option<String>,
    /// Folder hash as published.
    pub sha: Option<String>,
}

impl ListingKey {
    /// The key of a definition.
    ///
    /// The image is the one of the newest entry (schema 1.1) or the only one (schema 1.0), so
    /// that a registry's change from one form to the other changes no key.
    pub fn of(definition: &Definition) -> Self {
        Self {
            name_key: squeezed(&model::fold(&definition.friendly_name)),
            image_repository: newest_image(definition).map(repository),
            sha: definition.sha.clone().filter(|sha| !sha.is_empty()),
        }
    }

    pub(super) fn name_and_image(&self) -> Option<(&str, Option<&str>)> {
        Some((&self.name_key, self.image_repository.as_deref()))
    }

    pub(super) fn name(&self) -> Option<&str> {
        Some(&self.name_key)
    }

    pub(super) fn image(&self) -> Option<&str> {
        self.image_repository.as_deref()
    }

    pub(super) fn sha(&self) -> Option<&str> {
        self.sha.as_deref()
    }
}

fn newest_image(definition: &Definition) -> Option<String> {
    definition
        .choose(&WantedVersion::Any, &WantedChannel::Default, None)
        .ok()?
        .image
}

fn repository(image: String) -> String {
    match ImageReference::parse(&image) {
        Ok(reference) => reference.name(),
        Err(_) => image,
    }
}
