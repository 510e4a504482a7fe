use async_trait::async_trait;
use engine::{Engine, MemoryEngine, Offer, PinnedImage, host_architecture};
use model::{Digest, ImageReference};

use crate::fixture::Fixture;
use crate::image::Built;
use crate::{contract, suite};

struct Memory(MemoryEngine);

fn memory() -> Memory {
    Memory(MemoryEngine::new(host_architecture()))
}

fn reference(repository: &str, tag: &str) -> ImageReference {
    ImageReference::parse(&format!("images.test/{repository}:{tag}")).unwrap()
}

#[async_trait]
impl Fixture for Memory {
    fn engine(&self) -> &dyn Engine {
        &self.0
    }

    fn mark(&self) -> &'static str {
        "memory"
    }

    async fn publish(&self, repository: &str, tag: &str, image: &Built) -> PinnedImage {
        let pinned = PinnedImage {
            reference: reference(repository, tag),
            digest: image.top.digest.clone(),
        };
        self.0.offer(Offer {
            image: pinned.clone(),
            architectures: image.architectures.clone(),
            layers: image
                .blobs
                .iter()
                .take(image.blobs.len() / image.architectures.len())
                .skip(1)
                .map(|layer| (layer.digest.short().to_owned(), layer.bytes.len() as u64))
                .collect(),
        });
        pinned
    }

    fn missing(&self, repository: &str) -> PinnedImage {
        PinnedImage {
            reference: reference(repository, "1.0"),
            digest: Digest::from_sha256(&[7; 32]),
        }
    }
}

contract!(memory());

#[tokio::test]
async fn one_of_two_tags_goes_alone() {
    suite::one_of_two_tags_goes_alone(&memory()).await;
}

#[tokio::test]
async fn a_tag_of_somebody_else_is_left_alone() {
    let fixture = memory();
    let theirs = fixture.missing("theirs");
    fixture.0.put(&theirs, 1);
    suite::a_tag_of_somebody_else_is_left_alone(&fixture, &theirs).await;
}

#[tokio::test]
async fn an_image_in_use_is_kept() {
    let fixture = memory();
    let image = fixture.missing("used");
    fixture.0.put(&image, 1);
    fixture.0.run_container("web", &image.digest);
    suite::an_image_in_use_is_kept(&fixture, &image, "web").await;
}

#[tokio::test]
async fn an_image_with_another_name_is_kept() {
    let fixture = memory();
    let image = fixture.missing("named");
    fixture.0.put(&image, 1);
    fixture.0.name(&image.digest, "mine:1");
    suite::an_image_with_another_name_is_kept(&fixture, &image, "mine:1").await;
}
