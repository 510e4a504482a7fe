use std::time::Duration;

use api::PlacementState;
use engine::{Call, Cause, EngineError};
use tokio::time::sleep;

use crate::bench::Bench;

const LONG: Duration = Duration::from_mins(30);

#[tokio::test(start_paused = true)]
async fn an_image_that_another_took_the_place_of_goes_once_that_one_is_here() {
    let bench = Bench::started();
    let (old, new) = (
        bench.offer("images.test/tool:1", 1),
        bench.offer("images.test/tool:2", 2),
    );
    let id = bench.server.install("images.test/tool:1", &old.digest);
    bench.server.until_state(id, PlacementState::Ready).await;
    let mut gate = bench.engine.gate(Call::Pull);

    bench.server.edit(id, "images.test/tool:2", &new.digest);
    gate.reached(1).await;
    sleep(LONG).await;
    assert_eq!(
        bench.engine.names(&old.digest).len(),
        2,
        "it may share layers"
    );
    gate.open();
    bench.server.until_state(id, PlacementState::Ready).await;
    bench
        .server
        .until("forgotten", |state| state.brought.len() == 1)
        .await;

    assert!(bench.engine.names(&old.digest).is_empty());
    assert_eq!(bench.engine.names(&new.digest).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_left_over_while_an_image_is_being_resolved() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    bench.server.until_state(id, PlacementState::Ready).await;
    bench.server.resolving(1);
    bench.server.forget(id);
    sleep(LONG).await;
    assert_eq!(bench.engine.names(&image.digest).len(), 2);

    bench.server.resolving(0);
    bench
        .server
        .until("forgotten", |state| state.brought.is_empty())
        .await;
    assert!(bench.engine.names(&image.digest).is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_image_that_was_here_before_is_never_left_over() {
    let bench = Bench::started();
    let (old, new) = (
        bench.offer("images.test/tool:1", 1),
        bench.offer("images.test/tool:2", 2),
    );
    bench.engine.put(&old, 5);
    let id = bench.server.install("images.test/tool:1", &old.digest);
    bench.server.until_state(id, PlacementState::Ready).await;
    bench.server.edit(id, "images.test/tool:2", &new.digest);
    bench.server.until_state(id, PlacementState::Ready).await;
    sleep(LONG).await;
    assert_eq!(bench.engine.names(&old.digest).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_leftover_that_a_container_uses_goes_after_the_container() {
    let bench = Bench::started();
    let (old, new) = (
        bench.offer("images.test/tool:1", 1),
        bench.offer("images.test/tool:2", 2),
    );
    let id = bench.server.install("images.test/tool:1", &old.digest);
    bench.server.until_state(id, PlacementState::Ready).await;
    bench.engine.run_container("web", &old.digest);
    bench.server.edit(id, "images.test/tool:2", &new.digest);
    bench.server.until_state(id, PlacementState::Ready).await;
    sleep(LONG).await;
    assert_eq!(bench.engine.names(&old.digest).len(), 2);
    let removals = bench.engine.calls();
    let removals = removals.iter().filter(|call| **call == Call::Remove);
    assert!(removals.count() <= 4, "it is not asked for all the time");

    bench.engine.remove_container("web");
    bench
        .server
        .until("forgotten", |state| state.brought.len() == 1)
        .await;
    assert!(bench.engine.names(&old.digest).is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_agent_that_was_away_clears_away_what_was_forgotten_with_all_its_tags() {
    let mut bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let one = bench.server.install("images.test/tool:1", &image.digest);
    let two = bench
        .server
        .install("images.test/tool:latest", &image.digest);
    bench.server.until_state(one, PlacementState::Ready).await;
    bench.server.until_state(two, PlacementState::Ready).await;
    assert_eq!(bench.engine.names(&image.digest).len(), 3);
    bench.kill().await;
    bench.server.forget(one);
    bench.server.forget(two);

    bench.start();

    bench
        .server
        .until("forgotten", |state| state.brought.is_empty())
        .await;
    assert!(bench.engine.names(&image.digest).is_empty());
}

#[tokio::test(start_paused = true)]
async fn another_tag_of_the_same_image_leaves_nothing_in_the_end() {
    let mut bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    bench.server.until_state(id, PlacementState::Ready).await;
    bench.server.edit(id, "images.test/tool:1.0", &image.digest);
    bench.server.until_state(id, PlacementState::Ready).await;
    bench.kill().await;
    bench.start();

    bench.server.uninstall(id);
    bench.server.until_gone(id).await;

    assert!(bench.engine.names(&image.digest).is_empty());
    assert!(bench.server.state().kept.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_leftover_that_the_engine_does_not_take_away_is_tried_again() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    bench.server.until_state(id, PlacementState::Ready).await;
    let error = EngineError::new(Cause::Other, "the database is read-only");
    bench.engine.fail_next(Call::Remove, error);
    bench.server.forget(id);
    bench
        .server
        .until("forgotten", |state| state.brought.is_empty())
        .await;
    assert!(bench.engine.names(&image.digest).is_empty());
}
