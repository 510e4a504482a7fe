//! One suite for every engine: what an agent relies on must hold for each of them.
//!
//! Tests in the module `docker` need a Docker Engine and an image registry of their own, named by
//! `QUAYSIDE_TEST_DOCKER` (path of a socket) and `QUAYSIDE_TEST_IMAGE_REGISTRY` (`host:port`).

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod docker;
mod fixture;
mod image;
mod memory;
mod negotiation;
mod server;
mod store;
mod suite;
mod wire;

/// Runs every function of the suite as a test of its own.
macro_rules! contract {
    ($fixture:expr) => {
        crate::contract!($fixture;
            a_pull_brings_the_image_and_its_tag,
            a_pull_tells_how_far_it_is,
            a_second_pull_changes_nothing,
            an_image_that_nobody_offers_is_not_found,
            an_index_without_this_architecture_is_refused,
            an_image_of_another_architecture_without_an_index_is_refused,
            a_cancelled_pull_can_be_taken_up_again,
            a_removed_image_is_gone_and_stays_gone,
            removing_one_image_leaves_another_with_the_same_layer,
            an_image_outlives_one_of_its_tags,
            all_tags_of_ours_go_with_their_image,
            a_tag_of_ours_moves_to_the_newer_image,
            a_reference_by_digest_leaves_no_tag,
        );
    };
    ($fixture:expr; $($name:ident),* $(,)?) => {
        $(
            #[tokio::test]
            async fn $name() {
                let fixture = $fixture;
                crate::suite::$name(&fixture).await;
            }
        )*
    };
}
pub(crate) use contract;
