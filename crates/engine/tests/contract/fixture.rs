use async_trait::async_trait;
use engine::{Brought, Engine, PinnedImage};

use crate::image::Built;

/// An engine under test and the image registry that it pulls from.
#[async_trait]
pub(crate) trait Fixture: Sync {
    fn engine(&self) -> &dyn Engine;

    /// Goes into every layer, so that no other test's layers are the same.
    fn mark(&self) -> &str;

    /// Offers an image under a tag of a repository; the repository is this test's alone.
    async fn publish(&self, repository: &str, tag: &str, image: &Built) -> PinnedImage;

    /// An image of that repository that was never offered.
    fn missing(&self, repository: &str) -> PinnedImage;
}

/// The named images, as an agent would have noted them.
pub(crate) fn brought(images: &[&PinnedImage]) -> Brought {
    images
        .iter()
        .map(|image| (image.reference.name(), image.digest.clone()))
        .collect()
}
