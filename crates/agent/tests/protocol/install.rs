use api::agent::Progress;
use api::{Cause as ApiCause, PlacementState};
use engine::{Call, Cause, EngineError};

use crate::bench::{Bench, digest, unreachable};

fn pulls(bench: &Bench) -> usize {
    let calls = bench.engine.calls();
    calls.iter().filter(|call| **call == Call::Pull).count()
}

fn states(bench: &Bench) -> Vec<PlacementState> {
    let state = bench.server.state();
    let mut states: Vec<_> = state
        .reports
        .iter()
        .map(|(_, report)| report.state)
        .collect();
    states.dedup();
    states
}

#[tokio::test(start_paused = true)]
async fn an_image_is_brought_and_reported_ready() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let id = bench.server.install("images.test/tool:1", &image.digest);

    bench.server.until_state(id, PlacementState::Ready).await;

    assert_eq!(
        states(&bench),
        [PlacementState::Pulling, PlacementState::Ready]
    );
    assert_eq!(bench.server.last(id).size_bytes, Some(1_020_000));
    assert_eq!(
        bench.engine.names(&image.digest),
        [image.tagged().unwrap(), image.canonical()]
    );
    let brought: Vec<_> = bench.server.state().brought.keys().cloned().collect();
    assert_eq!(brought, [("images.test/tool".to_owned(), image.digest)]);
}

#[tokio::test(start_paused = true)]
async fn the_server_knows_that_an_image_is_brought_before_its_pull_begins() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let mut gate = bench.engine.gate(Call::Pull);
    bench.server.install("images.test/tool:1", &image.digest);

    gate.reached(1).await;

    let state = bench.server.state();
    assert_eq!(state.brought.len(), 1);
    let first = &state.reports.first().unwrap().1;
    assert!(first.bringing);
    assert_eq!(first.state, PlacementState::Pulling);
}

#[tokio::test(start_paused = true)]
async fn a_pull_does_not_begin_while_the_server_is_away() {
    let mut bench = Bench::new();
    let image = bench.offer("images.test/tool:1", 1);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    let hold = bench.engine.gate(Call::Holds);
    bench.start();
    let mut hold = hold;
    hold.reached(1).await;
    bench
        .server
        .down(Some(http::StatusCode::SERVICE_UNAVAILABLE));
    hold.open();
    tokio::time::sleep(std::time::Duration::from_mins(5)).await;
    assert_eq!(pulls(&bench), 0);

    bench.server.down(None);

    bench.server.until_state(id, PlacementState::Ready).await;
    assert_eq!(bench.engine.transfers(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_image_that_was_here_is_ready_without_a_pull_and_not_ours() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    bench.engine.put(&image, 5);
    let id = bench.server.install("images.test/tool:1", &image.digest);

    bench.server.until_state(id, PlacementState::Ready).await;

    assert_eq!(states(&bench), [PlacementState::Ready]);
    assert_eq!(pulls(&bench), 0);
    assert!(bench.server.state().brought.is_empty());
}

#[tokio::test(start_paused = true)]
async fn workspaces_with_one_image_share_its_pull() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let mut gate = bench.engine.gate(Call::Pull);
    let one = bench.server.install("images.test/tool:1", &image.digest);
    gate.reached(1).await;
    let two = bench.server.install("images.test/tool:1", &image.digest);
    bench.server.until_state(two, PlacementState::Pulling).await;
    gate.open();

    bench.server.until_state(one, PlacementState::Ready).await;
    bench.server.until_state(two, PlacementState::Ready).await;

    assert_eq!(bench.engine.transfers(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_that_joins_with_another_tag_gets_its_tag() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let mut gate = bench.engine.gate(Call::Pull);
    bench.server.install("images.test/tool:1", &image.digest);
    gate.reached(1).await;
    let two = bench
        .server
        .install("images.test/tool:latest", &image.digest);
    bench.server.until_state(two, PlacementState::Pulling).await;
    gate.open();

    bench.server.until_state(two, PlacementState::Ready).await;

    let names = bench.engine.names(&image.digest);
    assert!(
        names.contains(&"images.test/tool:latest".to_owned()),
        "{names:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn three_pulls_run_at_once_and_the_rest_waits() {
    let bench = Bench::started();
    let mut gate = bench.engine.gate(Call::Pull);
    let ids: Vec<_> = (1..=5)
        .map(|number| {
            let reference = format!("images.test/tool-{number}:1");
            let image = bench.offer(&reference, number);
            bench.server.install(&reference, &image.digest)
        })
        .collect();
    gate.reached(3).await;
    tokio::time::sleep(std::time::Duration::from_mins(1)).await;
    assert_eq!(pulls(&bench), 3);
    let states: Vec<_> = ids
        .iter()
        .map(|id| bench.server.state_of(*id).unwrap())
        .collect();
    let waiting = states
        .iter()
        .filter(|state| **state == PlacementState::Waiting);
    assert_eq!(waiting.count(), 2, "{states:?}");
    gate.open();

    for id in ids {
        bench.server.until_state(id, PlacementState::Ready).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_with_its_cause_and_tried_again_only_on_demand() {
    let bench = Bench::started();
    let id = bench.server.install("images.test/tool:1", &digest(1));

    bench.server.until_state(id, PlacementState::Failed).await;

    let failed = bench.server.last(id);
    assert_eq!(failed.cause, Some(ApiCause::NotFound));
    assert!(failed.detail.unwrap().contains("images.test/tool"));
    tokio::time::sleep(std::time::Duration::from_mins(30)).await;
    assert_eq!(pulls(&bench), 1);

    bench.offer("images.test/tool:1", 1);
    bench.server.retry(id);

    bench.server.until_state(id, PlacementState::Ready).await;
    assert_eq!(bench.server.last(id).attempt, 2);
}

#[tokio::test(start_paused = true)]
async fn a_failed_placement_is_left_alone_by_an_agent_that_starts() {
    let mut bench = Bench::started();
    let id = bench.server.install("images.test/tool:1", &digest(1));
    bench.server.until_state(id, PlacementState::Failed).await;
    bench.stop().await;
    bench.offer("images.test/tool:1", 1);
    bench.start();
    tokio::time::sleep(std::time::Duration::from_mins(5)).await;
    assert_eq!(bench.server.state_of(id), Some(PlacementState::Failed));
}

#[tokio::test(start_paused = true)]
async fn what_may_pass_is_tried_again_and_then_has_failed() {
    for cause in [
        Cause::TimedOut,
        Cause::NameNotResolved,
        Cause::EngineUnreachable,
    ] {
        let bench = Bench::started();
        let image = bench.offer("images.test/tool:1", 1);
        for _ in 0..3 {
            let error = EngineError::new(cause, "not now");
            bench.engine.fail_next(Call::Pull, error);
        }
        let id = bench.server.install("images.test/tool:1", &image.digest);
        bench.server.until_state(id, PlacementState::Ready).await;
        // Three that failed, one that brought the image, one that tagged it.
        assert_eq!(pulls(&bench), 5, "{cause:?}");
        let said = bench.server.state().reports.iter().any(|(_, report)| {
            report.state == PlacementState::Waiting && report.detail.as_deref() == Some("not now")
        });
        assert!(said, "{cause:?}");
    }
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    for _ in 0..20 {
        let error = EngineError::new(Cause::TimedOut, "not now");
        bench.engine.fail_next(Call::Pull, error);
    }
    let id = bench.server.install("images.test/tool:1", &image.digest);
    bench.server.until_state(id, PlacementState::Failed).await;
    assert_eq!(pulls(&bench), 6);
    assert_eq!(bench.server.last(id).cause, Some(ApiCause::TimedOut));
}

#[tokio::test(start_paused = true)]
async fn an_install_waits_for_an_engine_that_is_down_and_goes_on_by_itself() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    bench.engine.fail_all(Some(unreachable()));
    let id = bench.server.install("images.test/tool:1", &image.digest);
    let waits = |report: &Progress| report.cause == Some(ApiCause::EngineUnreachable);
    bench
        .server
        .until("told", |state| {
            state.reports.iter().any(|(_, report)| waits(report))
        })
        .await;
    assert_eq!(bench.server.state_of(id), Some(PlacementState::Waiting));

    bench.server.until_state(id, PlacementState::Failed).await;
    assert!(waits(&bench.server.last(id)));

    bench.engine.fail_all(None);
    bench.server.until_state(id, PlacementState::Ready).await;
    assert_eq!(bench.server.last(id).attempt, 1);
}

#[tokio::test(start_paused = true)]
async fn an_image_that_vanished_is_brought_again() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    bench.server.until_state(id, PlacementState::Ready).await;

    bench.engine.lose(&image.digest);

    let is_ready = |report: &Progress| report.state == PlacementState::Ready;
    bench
        .server
        .until("ready again", |state| {
            let ready = state.reports.iter().filter(|(_, report)| is_ready(report));
            ready.count() == 2
        })
        .await;
    assert_eq!(bench.server.state_of(id), Some(PlacementState::Ready));
    assert!(!bench.engine.names(&image.digest).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_reference_that_cannot_be_read_has_failed() {
    let bench = Bench::started();
    let id = bench
        .server
        .install("docker pull images.test/tool", &digest(1));
    bench.server.until_state(id, PlacementState::Failed).await;
    assert_eq!(bench.server.last(id).cause, Some(ApiCause::Other));
    bench.server.uninstall(id);
    bench.server.until_gone(id).await;
}

#[tokio::test(start_paused = true)]
async fn an_image_for_other_hosts_is_refused() {
    let bench = Bench::started();
    let reference = model::ImageReference::parse("images.test/tool:1").unwrap();
    let mut offer = engine::Offer::usual(reference, digest(1));
    offer.architectures = vec!["arm64".to_owned()];
    bench.engine.offer(offer);
    let id = bench.server.install("images.test/tool:1", &digest(1));
    bench.server.until_state(id, PlacementState::Failed).await;
    assert_eq!(
        bench.server.last(id).cause,
        Some(ApiCause::WrongArchitecture)
    );
}
