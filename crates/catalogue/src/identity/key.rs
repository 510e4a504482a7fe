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

    /// What has to agree at a step, none where this key has nothing of it.
    pub(super) fn at(&self, step: Step) -> Option<(&str, Option<&str>)> {
        let image = self.image_repository.as_deref();
        match step {
            Step::NameAndImage => Some((&self.name_key, image)),
            Step::Name => Some((&self.name_key, None)),
            Step::Image => image.map(|image| (image, None)),
            Step::Sha => self.sha.as_deref().map(|sha| (sha, None)),
        }
    }
}

/// What keys are compared by, in the order in which it is tried.
#[derive(Clone, Copy)]
pub(super) enum Step {
    NameAndImage,
    Name,
    Image,
    Sha,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::definition;

    fn key_of(json: &str) -> ListingKey {
        ListingKey::of(&definition(json))
    }

    #[test]
    fn a_change_of_form_changes_no_key() {
        let old = key_of(
            r#"{"friendly_name": "Chromium", "name": "kasmweb/chromium:1.16.0",
                "compatibility": ["1.16.x"], "sha": "abc"}"#,
        );
        let new = key_of(
            r#"{"friendly_name": " ＣＨＲＯＭＩＵＭ", "compatibility": [
                {"version": "1.9.x", "image": "other/chromium:1.9.0"},
                {"version": "1.17.x", "image": "docker.io/kasmweb/chromium:1.17.0",
                 "available_tags": ["develop"]}], "sha": "abc"}"#,
        );
        assert_eq!(old, new);
        assert_eq!(
            old.image_repository.as_deref(),
            Some("docker.io/kasmweb/chromium")
        );
    }

    #[test]
    fn what_is_no_image_reference_stands_for_itself() {
        let key = key_of(r#"{"friendly_name": "x", "name": "docker pull x/y:z"}"#);
        assert_eq!(key.image_repository.as_deref(), Some("docker pull x/y:z"));
        let key = key_of(r#"{"friendly_name": "x", "sha": ""}"#);
        assert_eq!((key.image_repository, key.sha), (None, None));
    }
}
