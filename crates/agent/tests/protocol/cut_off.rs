//! The agent killed at every step, and started again.

use std::time::Duration;

use api::PlacementState;
use engine::Call;
use model::PlacementId;
use tokio::time::timeout;

use crate::bench::Bench;

/// Runs until a step, kills the agent there, and lets the next one finish.
async fn killed_at(bench: &mut Bench, step: usize, is_done: impl Fn(&Bench) -> bool) {
    bench.start();
    let reached = async {
        loop {
            let steps = bench.server.requests() + bench.engine.calls().len();
            if steps >= step || is_done(bench) {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    // Whatever sleeps in between wakes up: yielding alone would not let the clock jump.
    let jump = async {
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        () = reached => {}
        () = jump => {}
    }
    bench.kill().await;
    bench.start();
}

fn steps_of(bench: &Bench) -> usize {
    bench.server.requests() + bench.engine.calls().len()
}

fn is(bench: &Bench, id: PlacementId, state: PlacementState) -> bool {
    bench.server.state_of(id) == Some(state)
}

#[tokio::test(start_paused = true)]
async fn an_install_survives_a_kill_at_any_step() {
    let most = {
        let bench = Bench::started();
        let image = bench.offer("images.test/tool:1", 1);
        let id = bench.server.install("images.test/tool:1", &image.digest);
        bench.server.until_state(id, PlacementState::Ready).await;
        steps_of(&bench)
    };
    for step in 0..=most {
        let mut bench = Bench::new();
        let image = bench.offer("images.test/tool:1", 1);
        let id = bench.server.install("images.test/tool:1", &image.digest);

        killed_at(&mut bench, step, |bench| {
            is(bench, id, PlacementState::Ready)
        })
        .await;

        bench.server.until_state(id, PlacementState::Ready).await;
        assert_eq!(bench.engine.names(&image.digest).len(), 2, "step {step}");
        bench.server.uninstall(id);
        bench.server.until_gone(id).await;
        assert!(bench.engine.names(&image.digest).is_empty(), "step {step}");
        assert!(bench.server.state().kept.is_empty(), "step {step}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_uninstall_survives_a_kill_at_any_step() {
    for step in 0..20 {
        let mut bench = Bench::started();
        let image = bench.offer("images.test/tool:1", 1);
        let id = bench.server.install("images.test/tool:1", &image.digest);
        bench.server.until_state(id, PlacementState::Ready).await;
        bench.stop().await;
        bench.server.uninstall(id);
        let step = steps_of(&bench) + step;

        killed_at(&mut bench, step, |bench| {
            bench.server.state_of(id).is_none()
        })
        .await;

        bench.server.until_gone(id).await;
        assert!(bench.engine.names(&image.digest).is_empty());
        assert!(bench.server.state().kept.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_was_cut_off_is_taken_up_by_the_next_run() {
    let mut bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let mut gate = bench.engine.gate(Call::Pull);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    gate.reached(1).await;
    bench.kill().await;
    assert_eq!(bench.server.state_of(id), Some(PlacementState::Pulling));
    gate.open();

    bench.start();

    bench.server.until_state(id, PlacementState::Ready).await;
    assert_eq!(bench.server.state().brought.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_stops_the_pull_under_way_and_reports_no_failure() {
    let mut bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let mut gate = bench.engine.gate(Call::Pull);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    gate.reached(1).await;

    timeout(Duration::from_secs(6), bench.stop()).await.unwrap();

    assert_eq!(bench.server.state_of(id), Some(PlacementState::Pulling));
    gate.open();
    bench.start();
    bench.server.until_state(id, PlacementState::Ready).await;
}
