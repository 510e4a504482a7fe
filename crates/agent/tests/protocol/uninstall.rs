use std::time::Duration;

use api::{KeptReason, PlacementState};
use engine::{Call, Cause, EngineError};
use tokio::time::sleep;

use crate::bench::{Bench, unreachable};

#[tokio::test(start_paused = true)]
async fn an_image_that_we_brought_goes() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    bench.server.until_state(id, PlacementState::Ready).await;

    bench.server.uninstall(id);
    bench.server.until_gone(id).await;

    assert!(bench.engine.names(&image.digest).is_empty());
    let state = bench.server.state();
    assert!(state.brought.is_empty());
    assert!(state.kept.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_image_that_was_here_before_stays() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    bench.engine.put(&image, 5);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    bench.server.until_state(id, PlacementState::Ready).await;

    bench.server.uninstall(id);
    bench.server.until_gone(id).await;

    assert_eq!(bench.engine.names(&image.digest).len(), 2);
    assert_eq!(
        bench.server.state().kept,
        [(
            KeptReason::NotOurs,
            "the image was on this host before".to_owned()
        )]
    );
    assert!(!bench.engine.calls().contains(&Call::Remove));
}

#[tokio::test(start_paused = true)]
async fn an_image_that_another_workspace_wants_stays_until_that_goes_too() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let one = bench.server.install("images.test/tool:1", &image.digest);
    let two = bench
        .server
        .install("images.test/tool:latest", &image.digest);
    bench.server.until_state(one, PlacementState::Ready).await;
    bench.server.until_state(two, PlacementState::Ready).await;

    bench.server.uninstall(one);
    bench.server.until_gone(one).await;

    assert_eq!(
        bench.server.state().kept,
        [(
            KeptReason::Wanted,
            "another workspace on this host uses the image".to_owned()
        )]
    );
    assert_eq!(bench.server.state_of(two), Some(PlacementState::Ready));
    assert_eq!(
        bench.engine.names(&image.digest),
        ["images.test/tool:latest".to_owned(), image.canonical()]
    );

    bench.server.uninstall(two);
    bench.server.until_gone(two).await;
    assert!(bench.engine.names(&image.digest).is_empty());
}

#[tokio::test(start_paused = true)]
async fn workspaces_that_go_together_take_their_image_along() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let one = bench.server.install("images.test/tool:1", &image.digest);
    let two = bench
        .server
        .install("images.test/tool:latest", &image.digest);
    bench.server.until_state(one, PlacementState::Ready).await;
    bench.server.until_state(two, PlacementState::Ready).await;
    let state_before = bench.server.state().kept.len();

    bench.server.down(Some(http::StatusCode::BAD_GATEWAY));
    bench.server.uninstall(one);
    bench.server.uninstall(two);
    bench.server.down(None);
    bench.server.until_gone(one).await;
    bench.server.until_gone(two).await;

    assert!(bench.engine.names(&image.digest).is_empty());
    assert_eq!(bench.server.state().kept.len(), state_before);
}

#[tokio::test(start_paused = true)]
async fn an_image_in_use_is_kept_and_the_reason_told() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    bench.server.until_state(id, PlacementState::Ready).await;
    bench.engine.run_container("web", &image.digest);

    bench.server.uninstall(id);
    bench.server.until_gone(id).await;

    assert_eq!(
        bench.server.state().kept,
        [(
            KeptReason::Container,
            "container web uses the image".to_owned()
        )]
    );
    assert!(!bench.engine.names(&image.digest).is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_uninstall_ends_the_pull_under_way() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let mut gate = bench.engine.gate(Call::Pull);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    gate.reached(1).await;

    bench.server.uninstall(id);
    bench.server.until_gone(id).await;

    assert!(bench.engine.names(&image.digest).is_empty());
    assert!(bench.server.state().brought.is_empty());
}

#[tokio::test(start_paused = true)]
async fn one_of_two_that_share_a_pull_may_go() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let mut gate = bench.engine.gate(Call::Pull);
    let one = bench.server.install("images.test/tool:1", &image.digest);
    let two = bench.server.install("images.test/tool:1", &image.digest);
    gate.reached(1).await;

    bench.server.uninstall(one);
    bench.server.until_gone(one).await;
    gate.open();
    bench.server.until_state(two, PlacementState::Ready).await;

    assert_eq!(bench.engine.transfers(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_that_goes_in_the_middle_of_a_pull_leaves_no_tag() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let mut gate = bench.engine.gate(Call::Pull);
    let one = bench.server.install("images.test/tool:1", &image.digest);
    gate.reached(1).await;
    let two = bench
        .server
        .install("images.test/tool:latest", &image.digest);
    bench.server.until_state(two, PlacementState::Pulling).await;

    bench.server.uninstall(one);
    bench.server.until_gone(one).await;
    gate.open();
    bench.server.until_state(two, PlacementState::Ready).await;

    assert_eq!(
        bench.engine.names(&image.digest),
        ["images.test/tool:latest".to_owned(), image.canonical()]
    );
}

#[tokio::test(start_paused = true)]
async fn a_placement_that_the_server_forgot_ends_its_pull() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let mut gate = bench.engine.gate(Call::Pull);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    gate.reached(1).await;

    bench.server.forget(id);
    sleep(Duration::from_secs(1)).await;
    gate.open();
    sleep(Duration::from_mins(1)).await;

    assert!(bench.engine.names(&image.digest).is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_install_right_after_an_uninstall_brings_the_image_again() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let one = bench.server.install("images.test/tool:1", &image.digest);
    bench.server.until_state(one, PlacementState::Ready).await;
    let mut gate = bench.engine.gate(Call::Remove);
    bench.server.uninstall(one);
    gate.reached(1).await;

    let two = bench.server.install("images.test/tool:1", &image.digest);
    sleep(Duration::from_secs(1)).await;
    gate.open();

    bench.server.until_gone(one).await;
    bench.server.until_state(two, PlacementState::Ready).await;
    assert_eq!(bench.engine.names(&image.digest).len(), 2);
    assert_eq!(bench.server.state().brought.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_removal_waits_for_an_engine_that_is_down() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    bench.server.until_state(id, PlacementState::Ready).await;
    bench.engine.fail_all(Some(unreachable()));
    bench.server.uninstall(id);
    sleep(Duration::from_mins(20)).await;
    let last = bench.server.last(id);
    assert_eq!(last.state, PlacementState::Removing);
    assert_eq!(last.detail.as_deref(), Some("nobody is at home"));

    bench.engine.fail_all(None);

    bench.server.until_gone(id).await;
    assert!(bench.engine.names(&image.digest).is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_refuses_to_remove_ends_the_removal_with_its_words() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    bench.server.until_state(id, PlacementState::Ready).await;
    for _ in 0..20 {
        let error = EngineError::new(Cause::Other, "the database is read-only");
        bench.engine.fail_next(Call::Remove, error);
    }
    bench.server.uninstall(id);
    bench.server.until_gone(id).await;
    assert_eq!(
        bench.server.state().kept,
        [(
            KeptReason::NotRemoved,
            "the engine did not take it away: the database is read-only".to_owned()
        )]
    );
}
