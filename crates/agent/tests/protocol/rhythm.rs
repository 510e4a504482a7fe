use std::time::Duration;

use api::PlacementState;
use engine::Call;
use http::StatusCode;
use tokio::time::{Instant, sleep};

use crate::bench::{Bench, unreachable};

fn gaps(times: &[Instant]) -> Vec<Duration> {
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[tokio::test(start_paused = true)]
async fn the_engine_is_observed_at_the_start_and_every_15_seconds() {
    let bench = Bench::started();
    sleep(Duration::from_secs(61)).await;
    let state = bench.server.state();
    let times: Vec<_> = state.observed.iter().map(|(time, _)| *time).collect();
    assert_eq!(times.len(), 5);
    for gap in gaps(&times) {
        assert!(
            gap.abs_diff(Duration::from_secs(15)) < Duration::from_millis(10),
            "{gap:?}"
        );
    }
    let observed = &state.observed[0].1;
    assert_eq!(observed.hostname, "docker-1");
    assert_eq!(observed.architecture, "amd64");
    assert_eq!(observed.version.as_deref(), Some("memory"));
    assert!(observed.disk.is_some());
}

#[tokio::test(start_paused = true)]
async fn the_engine_is_observed_anew_when_an_image_came() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    sleep(Duration::from_secs(1)).await;
    let id = bench.server.install("images.test/tool:1", &image.digest);
    let asked = Instant::now();
    bench.server.until_state(id, PlacementState::Ready).await;
    let has_image = |images: &[api::AgentImage]| {
        images
            .iter()
            .any(|listed| listed.digests.contains(&image.digest))
    };
    bench
        .server
        .until("observed", |state| {
            state
                .observed
                .iter()
                .any(|(_, observed)| has_image(&observed.images))
        })
        .await;
    assert!(asked.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_is_down_is_observed_without_a_version() {
    let bench = Bench::started();
    bench.engine.fail_all(Some(unreachable()));
    bench
        .server
        .until("seen down", |state| {
            state
                .observed
                .iter()
                .any(|(_, observed)| observed.version.is_none())
        })
        .await;
    bench.engine.fail_all(None);
    bench
        .server
        .until("seen up", |state| {
            state
                .observed
                .last()
                .is_some_and(|(_, observed)| observed.version.is_some())
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn the_long_poll_is_held_for_25_seconds() {
    let bench = Bench::started();
    sleep(Duration::from_secs(101)).await;
    let polls = bench.server.state().polls.clone();
    // The first is answered at once.
    assert_eq!(polls.len(), 6);
    assert!(gaps(&polls[1..]).iter().all(|gap| gap.as_secs() == 25));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_down_is_asked_less_and_less_often() {
    let bench = Bench::started();
    sleep(Duration::from_secs(1)).await;
    bench.server.down(Some(StatusCode::BAD_GATEWAY));
    let before = bench.server.requests();
    sleep(Duration::from_mins(30)).await;
    let asked = bench.server.requests() - before;
    // Two loops with delays of half a minute on average.
    assert!((30..300).contains(&asked), "{asked}");

    bench.server.down(None);
    let image = bench.offer("images.test/tool:1", 1);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    let up = Instant::now();
    bench.server.until_state(id, PlacementState::Ready).await;
    assert!(up.elapsed() < Duration::from_mins(1));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_the_token_is_asked_once_a_minute() {
    let bench = Bench::started();
    sleep(Duration::from_secs(1)).await;
    bench.server.refuse_token(true);
    let before = bench.server.requests();
    sleep(Duration::from_mins(30)).await;
    let asked = bench.server.requests() - before;
    // By who follows and by who tells what was observed.
    assert!((50..=70).contains(&asked), "{asked}");

    bench.server.refuse_token(false);
    let image = bench.offer("images.test/tool:1", 1);
    let id = bench.server.install("images.test/tool:1", &image.digest);
    let up = Instant::now();
    bench.server.until_state(id, PlacementState::Ready).await;
    assert!(up.elapsed() <= Duration::from_mins(1));
}

#[tokio::test(start_paused = true)]
async fn progress_is_told_at_most_twice_a_second_and_only_if_it_changed() {
    let bench = Bench::started();
    let reference = model::ImageReference::parse("images.test/tool:1").unwrap();
    let mut offer = engine::Offer::usual(reference, crate::bench::digest(1));
    offer.layers = (0..40)
        .map(|layer| (format!("layer-{layer}"), 100))
        .collect();
    let digest = offer.image.digest.clone();
    bench.engine.offer(offer);
    bench.engine.pause_layers(Some(Duration::from_millis(100)));
    let id = bench.server.install("images.test/tool:1", &digest);
    bench.server.until_state(id, PlacementState::Ready).await;

    let state = bench.server.state();
    let pulling: Vec<_> = state
        .reports
        .iter()
        .filter(|(_, report)| report.state == PlacementState::Pulling)
        .collect();
    let times: Vec<_> = pulling.iter().map(|(time, _)| *time).collect();
    assert!((7..=11).contains(&times.len()), "{}", times.len());
    for gap in gaps(&times) {
        assert!(gap >= Duration::from_millis(490), "{gap:?}");
    }
    for pair in pulling.windows(2) {
        assert_ne!(pair[0].1, pair[1].1);
    }
    assert!(pulling.last().unwrap().1.layers.len() > 20);
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_stands_still_is_not_told_again() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let mut gate = bench.engine.gate(Call::Pull);
    bench.server.install("images.test/tool:1", &image.digest);
    gate.reached(1).await;
    sleep(Duration::from_mins(10)).await;
    assert!(bench.server.state().reports.len() <= 2);
}

#[tokio::test(start_paused = true)]
async fn a_report_that_is_refused_for_good_does_not_hold_up_the_others() {
    let bench = Bench::started();
    let image = bench.offer("images.test/tool:1", 1);
    let other = bench.offer("images.test/other:1", 2);
    let one = bench.server.install("images.test/tool:1", &image.digest);
    bench.server.refuse(one);
    let two = bench.server.install("images.test/other:1", &other.digest);
    bench.server.until_state(two, PlacementState::Ready).await;
    sleep(Duration::from_mins(10)).await;
    // Nobody could say later that we brought it, so it was not pulled.
    assert!(bench.engine.names(&image.digest).is_empty());
    assert!(bench.server.requests() < 200);
}
