use std::sync::Mutex;

use engine::{
    Brought, Cause, Holder, LayerProgress, PinnedImage, Pulled, Removal, host_architecture,
};
use model::ImageReference;
use tokio_util::sync::CancellationToken;

use crate::fixture::{Fixture, brought};
use crate::image::Built;

/// An architecture that no host of these tests has.
const FOREIGN: &str = "s390x";

fn usual(fixture: &impl Fixture, layers: &[&str]) -> Built {
    Built::with_index(&["amd64", "arm64"], &marked(fixture, layers))
}

fn marked(fixture: &impl Fixture, layers: &[&str]) -> Vec<String> {
    layers
        .iter()
        .map(|layer| format!("{}/{layer}", fixture.mark()))
        .collect()
}

async fn pull(fixture: &impl Fixture, image: &PinnedImage, ours: &Brought) -> Pulled {
    fixture
        .engine()
        .pull(image, ours, &|_| {}, CancellationToken::new())
        .await
        .unwrap()
}

async fn pull_error(fixture: &impl Fixture, image: &PinnedImage) -> Cause {
    let ours = brought(&[image]);
    let error = fixture
        .engine()
        .pull(image, &ours, &|_| {}, CancellationToken::new())
        .await
        .unwrap_err();
    assert!(!error.text.is_empty());
    assert!(!fixture.engine().holds(image).await.unwrap());
    error.cause
}

/// Tags of the repository that name the digest, as the engine lists them.
async fn tags(fixture: &impl Fixture, image: &PinnedImage) -> Vec<String> {
    let images = fixture.engine().images().await.unwrap();
    let mut tags: Vec<String> = images
        .iter()
        .filter(|listed| listed.is(&image.reference.name(), &image.digest))
        .flat_map(|listed| &listed.references)
        .filter_map(|text| ImageReference::parse(text).ok())
        .filter(|reference| reference.digest().is_none())
        .filter(|reference| reference.name() == image.reference.name())
        .map(|reference| reference.tag_or_latest().to_owned())
        .collect();
    tags.sort();
    tags
}

pub(crate) async fn a_pull_brings_the_image_and_its_tag(fixture: &impl Fixture) {
    let built = usual(fixture, &["brings/base", "brings/top"]);
    let image = fixture.publish("brings", "1.0", &built).await;
    assert!(!fixture.engine().holds(&image).await.unwrap());

    let pulled = pull(fixture, &image, &brought(&[&image])).await;

    assert!(pulled.size_bytes >= 400_000, "{}", pulled.size_bytes);
    assert!(fixture.engine().holds(&image).await.unwrap());
    let images = fixture.engine().images().await.unwrap();
    let listed = images
        .iter()
        .find(|listed| listed.is(&image.reference.name(), &image.digest))
        .unwrap();
    assert!(listed.digests.contains(&image.digest));
    assert!(listed.size_bytes >= 400_000);
    assert_eq!(tags(fixture, &image).await, ["1.0"]);
    let info = fixture.engine().info().await.unwrap();
    assert_eq!(info.architecture, host_architecture());
    assert!(!info.version.is_empty());
}

pub(crate) async fn a_pull_tells_how_far_it_is(fixture: &impl Fixture) {
    let built = usual(fixture, &["tells/base", "tells/top"]);
    let image = fixture.publish("tells", "1.0", &built).await;
    let told = Mutex::new(Vec::<LayerProgress>::new());
    fixture
        .engine()
        .pull(
            &image,
            &brought(&[&image]),
            &|layer| told.lock().unwrap().push(layer),
            CancellationToken::new(),
        )
        .await
        .unwrap();

    let told = told.into_inner().unwrap();
    let mut layers: Vec<&str> = told.iter().map(|layer| layer.id.as_str()).collect();
    layers.sort_unstable();
    layers.dedup();
    assert_eq!(layers.len(), 2, "{told:?}");
    for id in layers {
        let last = told.iter().rfind(|layer| layer.id == id).unwrap();
        assert!(last.total >= 200_000, "{told:?}");
        assert_eq!(last.done, last.total, "{told:?}");
    }
}

pub(crate) async fn a_second_pull_changes_nothing(fixture: &impl Fixture) {
    let image = fixture
        .publish("twice", "1.0", &usual(fixture, &["twice/base"]))
        .await;
    let ours = brought(&[&image]);
    let first = pull(fixture, &image, &ours).await;
    let second = pull(fixture, &image, &ours).await;
    assert_eq!(first, second);
    assert_eq!(tags(fixture, &image).await, ["1.0"]);
}

pub(crate) async fn an_image_that_nobody_offers_is_not_found(fixture: &impl Fixture) {
    let image = fixture.missing("missing");
    assert_eq!(pull_error(fixture, &image).await, Cause::NotFound);
    assert_eq!(
        fixture.engine().remove(&image, &[]).await.unwrap(),
        Removal::NotThere
    );
}

pub(crate) async fn an_index_without_this_architecture_is_refused(fixture: &impl Fixture) {
    let built = Built::with_index(&[FOREIGN], &marked(fixture, &["index"]));
    let image = fixture.publish("foreign-index", "1.0", &built).await;
    assert_eq!(pull_error(fixture, &image).await, Cause::WrongArchitecture);
}

pub(crate) async fn an_image_of_another_architecture_without_an_index_is_refused(
    fixture: &impl Fixture,
) {
    let built = Built::without_index(FOREIGN, &marked(fixture, &["manifest"]));
    let image = fixture.publish("foreign-manifest", "1.0", &built).await;
    assert_eq!(pull_error(fixture, &image).await, Cause::WrongArchitecture);
}

pub(crate) async fn a_cancelled_pull_can_be_taken_up_again(fixture: &impl Fixture) {
    let image = fixture
        .publish("cancelled", "1.0", &usual(fixture, &["cancelled/base"]))
        .await;
    let ours = brought(&[&image]);
    let cancel = CancellationToken::new();
    cancel.cancel();
    let cancelled = fixture.engine().pull(&image, &ours, &|_| {}, cancel).await;
    assert!(cancelled.is_err());
    assert!(!fixture.engine().holds(&image).await.unwrap());
    pull(fixture, &image, &ours).await;
    assert!(fixture.engine().holds(&image).await.unwrap());
}

pub(crate) async fn a_removed_image_is_gone_and_stays_gone(fixture: &impl Fixture) {
    let image = fixture
        .publish("removed", "1.0", &usual(fixture, &["removed/base"]))
        .await;
    pull(fixture, &image, &brought(&[&image])).await;

    let removal = fixture.engine().remove(&image, &[]).await.unwrap();

    assert!(
        matches!(removal, Removal::Removed { bytes } if bytes > 0),
        "{removal:?}"
    );
    assert!(!fixture.engine().holds(&image).await.unwrap());
    assert!(tags(fixture, &image).await.is_empty());
    assert_eq!(
        fixture.engine().remove(&image, &[]).await.unwrap(),
        Removal::NotThere
    );
}

pub(crate) async fn removing_one_image_leaves_another_with_the_same_layer(fixture: &impl Fixture) {
    let one = fixture
        .publish(
            "shared-one",
            "1.0",
            &usual(fixture, &["shared/base", "shared/one"]),
        )
        .await;
    let two = fixture
        .publish(
            "shared-two",
            "1.0",
            &usual(fixture, &["shared/base", "shared/two"]),
        )
        .await;
    let ours = brought(&[&one, &two]);
    pull(fixture, &one, &ours).await;
    pull(fixture, &two, &ours).await;

    let removal = fixture.engine().remove(&one, &[]).await.unwrap();

    assert!(matches!(removal, Removal::Removed { .. }), "{removal:?}");
    assert!(fixture.engine().holds(&two).await.unwrap());
    let removal = fixture.engine().remove(&two, &[]).await.unwrap();
    assert!(matches!(removal, Removal::Removed { .. }), "{removal:?}");
}

pub(crate) async fn an_image_outlives_one_of_its_tags(fixture: &impl Fixture) {
    let (one, two) = two_tags(fixture).await;

    fixture.engine().untag(&one).await.unwrap();
    fixture.engine().untag(&one).await.unwrap();

    assert!(tags(fixture, &two).await.contains(&"stable".to_owned()));
    assert!(fixture.engine().holds(&one).await.unwrap());
    let removal = fixture.engine().remove(&two, &[]).await.unwrap();
    assert!(matches!(removal, Removal::Removed { .. }), "{removal:?}");
    assert!(!fixture.engine().holds(&one).await.unwrap());
}

pub(crate) async fn all_tags_of_ours_go_with_their_image(fixture: &impl Fixture) {
    let (one, _) = two_tags(fixture).await;
    let by_digest = PinnedImage {
        reference: one.reference.with_digest(&one.digest),
        digest: one.digest.clone(),
    };
    let tags = ["1.0", "stable", "never-set"].map(str::to_owned);
    let removal = fixture.engine().remove(&by_digest, &tags).await.unwrap();
    assert!(matches!(removal, Removal::Removed { .. }), "{removal:?}");
    assert!(!fixture.engine().holds(&one).await.unwrap());
}

/// For engines whose tags others see.
pub(crate) async fn one_of_two_tags_goes_alone(fixture: &impl Fixture) {
    let (one, two) = two_tags(fixture).await;
    fixture.engine().untag(&one).await.unwrap();
    assert_eq!(tags(fixture, &two).await, ["stable"]);
    // The last tag would take the digest along.
    fixture.engine().untag(&two).await.unwrap();
    assert!(fixture.engine().holds(&two).await.unwrap());
}

async fn two_tags(fixture: &impl Fixture) -> (PinnedImage, PinnedImage) {
    let built = usual(fixture, &["tags/base"]);
    let one = fixture.publish("tags", "1.0", &built).await;
    let two = fixture.publish("tags", "stable", &built).await;
    assert_eq!(one.digest, two.digest);
    let ours = brought(&[&one]);
    pull(fixture, &one, &ours).await;
    pull(fixture, &two, &ours).await;
    assert_eq!(tags(fixture, &one).await, ["1.0", "stable"]);
    (one, two)
}

pub(crate) async fn a_tag_of_ours_moves_to_the_newer_image(fixture: &impl Fixture) {
    let older = fixture
        .publish("moves", "1.0", &usual(fixture, &["moves/older"]))
        .await;
    pull(fixture, &older, &brought(&[&older])).await;
    let newer = fixture
        .publish("moves", "1.0", &usual(fixture, &["moves/newer"]))
        .await;

    pull(fixture, &newer, &brought(&[&older, &newer])).await;

    assert_eq!(tags(fixture, &newer).await, ["1.0"]);
    assert!(tags(fixture, &older).await.is_empty());
    assert!(fixture.engine().holds(&older).await.unwrap());
    let removal = fixture.engine().remove(&older, &[]).await.unwrap();
    assert!(matches!(removal, Removal::Removed { .. }), "{removal:?}");
    assert_eq!(tags(fixture, &newer).await, ["1.0"]);
}

pub(crate) async fn a_reference_by_digest_leaves_no_tag(fixture: &impl Fixture) {
    let mut image = fixture
        .publish("digest", "1.0", &usual(fixture, &["digest/base"]))
        .await;
    image.reference = image.reference.with_digest(&image.digest);
    pull(fixture, &image, &brought(&[&image])).await;
    assert!(tags(fixture, &image).await.is_empty());
    let removal = fixture.engine().remove(&image, &[]).await.unwrap();
    assert!(matches!(removal, Removal::Removed { .. }), "{removal:?}");
}

/// For engines whose images a person may have pulled before.
pub(crate) async fn a_tag_of_somebody_else_is_left_alone(
    fixture: &impl Fixture,
    theirs: &PinnedImage,
) {
    let ours = fixture
        .publish(
            theirs.reference.repository().rsplit('/').next().unwrap(),
            theirs.reference.tag_or_latest(),
            &usual(fixture, &["theirs/newer"]),
        )
        .await;
    pull(fixture, &ours, &brought(&[&ours])).await;

    assert!(tags(fixture, &ours).await.is_empty());
    assert_eq!(tags(fixture, theirs).await, ["1.0"]);
    let removal = fixture.engine().remove(&ours, &[]).await.unwrap();
    assert!(matches!(removal, Removal::Removed { .. }), "{removal:?}");
    assert_eq!(tags(fixture, theirs).await, ["1.0"]);
}

/// For engines that run containers; `image` was pulled and the container made.
pub(crate) async fn an_image_in_use_is_kept(
    fixture: &impl Fixture,
    image: &PinnedImage,
    container: &str,
) {
    let removal = fixture.engine().remove(image, &[]).await.unwrap();
    assert_eq!(
        removal,
        Removal::Kept {
            by: Holder::Container,
            reason: format!("container {container} uses the image")
        }
    );
    assert!(fixture.engine().holds(image).await.unwrap());
    assert_eq!(tags(fixture, image).await, ["1.0"]);
}

/// For engines where a person may give an image another name.
pub(crate) async fn an_image_with_another_name_is_kept(
    fixture: &impl Fixture,
    image: &PinnedImage,
    other: &str,
) {
    let removal = fixture.engine().remove(image, &[]).await.unwrap();
    assert_eq!(
        removal,
        Removal::Kept {
            by: Holder::Image,
            reason: format!("the image is also named {other}")
        }
    );
    assert!(!fixture.engine().holds(image).await.unwrap());
}
