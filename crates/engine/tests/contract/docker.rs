use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use bollard::Docker;
use bollard::models::ContainerCreateBody;
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, RemoveContainerOptions, TagImageOptionsBuilder,
};
use engine::{Cause, DockerAddress, DockerEngine, Engine, PinnedImage, Removal, host_architecture};
use model::{Digest, ImageReference};
use tokio_util::sync::CancellationToken;

use crate::fixture::{Fixture, brought};
use crate::image::Built;
use crate::{contract, suite, wire};

struct Real {
    engine: DockerEngine,
    socket: String,
    registry: String,
    /// Tests share one engine, so that each has repositories and bytes of its own.
    mark: String,
}

fn required(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: run these tests by ./test, or filter the module `docker` out")
    })
}

fn real() -> Real {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let socket = required("QUAYSIDE_TEST_DOCKER");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Real {
        engine: DockerEngine::new(DockerAddress::Socket(socket.clone())),
        socket,
        registry: required("QUAYSIDE_TEST_IMAGE_REGISTRY"),
        mark: format!(
            "contract-{}-{}-{}",
            std::process::id(),
            now.as_nanos(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        ),
    }
}

impl Real {
    fn reference(&self, repository: &str, tag: &str) -> ImageReference {
        let text = format!("{}/{}/{repository}:{tag}", self.registry, self.mark);
        ImageReference::parse(&text).unwrap()
    }

    fn client(&self) -> Docker {
        Docker::connect_with_unix(&self.socket, 30, bollard::API_DEFAULT_VERSION).unwrap()
    }

    async fn pulled(&self, repository: &str) -> PinnedImage {
        let built = Built::with_index(&[host_architecture()], std::slice::from_ref(&self.mark));
        let image = self.publish(repository, "1.0", &built).await;
        self.engine
            .pull(
                &image,
                &brought(&[&image]),
                &|_| {},
                CancellationToken::new(),
            )
            .await
            .unwrap();
        image
    }
}

#[async_trait]
impl Fixture for Real {
    fn engine(&self) -> &dyn Engine {
        &self.engine
    }

    fn mark(&self) -> &str {
        &self.mark
    }

    async fn publish(&self, repository: &str, tag: &str, image: &Built) -> PinnedImage {
        let path = format!("{}/{repository}", self.mark);
        wire::push(&self.registry, &path, tag, image).await;
        PinnedImage {
            reference: self.reference(repository, tag),
            digest: image.top.digest.clone(),
        }
    }

    fn missing(&self, repository: &str) -> PinnedImage {
        PinnedImage {
            reference: self.reference(repository, "1.0"),
            digest: Digest::from_sha256(&[7; 32]),
        }
    }
}

contract!(real());

#[tokio::test]
async fn one_of_two_tags_goes_alone() {
    suite::one_of_two_tags_goes_alone(&real()).await;
}

#[tokio::test]
async fn a_tag_of_somebody_else_is_left_alone() {
    let fixture = real();
    let theirs = fixture.pulled("theirs").await;
    suite::a_tag_of_somebody_else_is_left_alone(&fixture, &theirs).await;
}

#[tokio::test]
async fn an_image_in_use_is_kept() {
    let fixture = real();
    let image = fixture.pulled("used").await;
    let client = fixture.client();
    let options = CreateContainerOptionsBuilder::new()
        .name(&fixture.mark)
        .build();
    let body = ContainerCreateBody {
        image: Some(image.canonical()),
        ..ContainerCreateBody::default()
    };
    client.create_container(Some(options), body).await.unwrap();

    suite::an_image_in_use_is_kept(&fixture, &image, &fixture.mark).await;

    client
        .remove_container(&fixture.mark, None::<RemoveContainerOptions>)
        .await
        .unwrap();
    let removal = fixture.engine.remove(&image, &[]).await.unwrap();
    assert!(matches!(removal, Removal::Removed { .. }), "{removal:?}");
}

#[tokio::test]
async fn an_image_with_another_name_is_kept() {
    let fixture = real();
    let image = fixture.pulled("named").await;
    let options = TagImageOptionsBuilder::new()
        .repo(&format!("mine/{}", fixture.mark))
        .tag("1")
        .build();
    fixture
        .client()
        .tag_image(&image.canonical(), Some(options))
        .await
        .unwrap();
    let other = format!("mine/{}:1", fixture.mark);
    suite::an_image_with_another_name_is_kept(&fixture, &image, &other).await;
}

#[tokio::test]
async fn an_image_registry_that_is_down_is_told_from_an_engine_that_is() {
    let fixture = real();
    let image = PinnedImage {
        reference: ImageReference::parse("127.0.0.1:1/tool:1.0").unwrap(),
        digest: Digest::from_sha256(&[7; 32]),
    };
    let pull = |engine: DockerEngine, image: PinnedImage| async move {
        engine
            .pull(
                &image,
                &brought(&[&image]),
                &|_| {},
                CancellationToken::new(),
            )
            .await
            .unwrap_err()
            .cause
    };
    let cause = pull(fixture.engine.clone(), image.clone()).await;
    assert_eq!(cause, Cause::TimedOut);
    let down = DockerEngine::new(DockerAddress::Socket(format!("{}.none", fixture.socket)));
    assert_eq!(pull(down, image).await, Cause::EngineUnreachable);
}

#[tokio::test]
async fn the_disk_under_the_images_is_measured() {
    let fixture = real();
    let disk = fixture.engine.info().await.unwrap().disk.unwrap();
    assert!(disk.total_bytes >= disk.free_bytes);
    assert!(disk.total_bytes > 0);
}
